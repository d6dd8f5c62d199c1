#pragma once
// Bits per second over the last two seconds, of whatever is added. Pure; no allocation.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "base/time.h"

namespace conclave::sfu {

class SlidingRate {
 public:
  void add(TimePoint now, std::size_t bytes) {
    const std::int64_t part = part_of(now);
    if (newest_ < 0 || part - newest_ >= kParts) {
      parts_ = {};
      first_ = part;
    } else {
      for (std::int64_t i = newest_ + 1; i <= part; ++i) at(i) = 0;
    }
    newest_ = std::max(newest_, part);
    at(part) += static_cast<std::uint32_t>(bytes);
  }
  // What has only begun counts for half a second at least.
  std::int64_t bps(TimePoint now) const {
    const std::int64_t part = part_of(now);
    if (newest_ < 0 || part - newest_ >= kParts) return 0;
    const std::int64_t oldest = std::max(part - kParts + 1, first_);
    std::int64_t bytes = 0;
    for (std::int64_t i = std::max(oldest, newest_ - kParts + 1); i <= newest_; ++i)
      bytes += parts_[static_cast<std::size_t>(i % kParts)];
    return bytes * 8 * kPartsOfASecond / std::max(part - oldest + 1, kLeastParts);
  }

 private:
  static constexpr std::int64_t kParts = 20;
  static constexpr std::int64_t kPartsOfASecond = 10;
  static constexpr std::int64_t kLeastParts = 5;
  static std::int64_t part_of(TimePoint now) { return now.time_since_epoch() / 100ms; }
  std::uint32_t& at(std::int64_t part) { return parts_[static_cast<std::size_t>(part % kParts)]; }

  std::array<std::uint32_t, kParts> parts_{};
  std::int64_t newest_ = -1;
  std::int64_t first_ = 0;
};

}  // namespace conclave::sfu
