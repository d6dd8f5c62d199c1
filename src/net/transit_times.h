#pragma once
// How long datagrams were inside: from the read that brought one to the write that took its consequences out. A histogram with bounds
// that double. Written by one loop, read by any; no allocation, no lock.
#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "base/counter.h"
#include "base/time.h"

namespace conclave {

class TransitTimes {
 public:
  // Bucket i counts times of at most 2^(kFirst + i) microseconds that no earlier one counts; the last has no bound.
  static constexpr std::size_t kFirst = 4;
  static constexpr std::size_t kBounds = 17;  // 16 us to 1.05 s

  void add(Duration time, std::uint64_t datagrams) {
    const std::uint64_t nanoseconds = time > Duration::zero() ? static_cast<std::uint64_t>(std::chrono::nanoseconds(time).count()) : 0;
    buckets_[bucket_of(nanoseconds)].add(datagrams);
    nanoseconds_.add(nanoseconds * datagrams);
  }

  static double bound_seconds(std::size_t bucket) { return static_cast<double>(std::uint64_t{1} << (kFirst + bucket)) / 1e6; }
  std::uint64_t count(std::size_t bucket) const { return buckets_[bucket].value(); }  // bucket <= kBounds
  double seconds() const { return static_cast<double>(nanoseconds_.value()) / 1e9; }  // all added up

 private:
  static std::size_t bucket_of(std::uint64_t nanoseconds) {
    const std::uint64_t microseconds = (nanoseconds + 999) / 1000;
    if (microseconds <= (std::uint64_t{1} << kFirst)) return 0;
    return std::min<std::size_t>(static_cast<std::size_t>(std::bit_width(microseconds - 1)) - kFirst, kBounds);
  }

  std::array<Counter, kBounds + 1> buckets_;
  Counter nanoseconds_;
};

}  // namespace conclave
