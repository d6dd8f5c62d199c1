#pragma once
// How much goes one way: totals that cost an addition a packet, and rates from looking at them now and then. Pure; owned by whoever
// counts, on its loop.
#include <cstddef>
#include <cstdint>

#include "base/time.h"

namespace conclave::sfu {

// Of totals that somebody else keeps.
class Rate {
 public:
  struct Totals {
    std::uint64_t packets = 0;
    std::uint64_t bytes = 0;
  };
  // May be called as often as is convenient: one in kInterval counts.
  void sample(TimePoint now, Totals totals) {
    if (at_ != TimePoint{} && now - at_ < kInterval) return;
    if (at_ != TimePoint{}) {
      const double seconds = std::chrono::duration<double>(now - at_).count();
      bps_ = static_cast<double>(totals.bytes - totals_.bytes) * 8 / seconds;
      packets_per_second_ = static_cast<double>(totals.packets - totals_.packets) / seconds;
    }
    at_ = now;
    totals_ = totals;
  }
  // Over the last whole interval, or a longer one if nobody looked; 0 before the first has passed.
  double bps() const { return bps_; }
  double packets_per_second() const { return packets_per_second_; }

 private:
  static constexpr Duration kInterval = 1s;

  TimePoint at_{};
  Totals totals_;
  double bps_ = 0;
  double packets_per_second_ = 0;
};

class Traffic {
 public:
  void add(std::size_t bytes) {
    ++totals_.packets;
    totals_.bytes += bytes;
  }
  void sample(TimePoint now) { rate_.sample(now, totals_); }
  const Rate::Totals& totals() const { return totals_; }
  const Rate& rate() const { return rate_; }

 private:
  Rate::Totals totals_;
  Rate rate_;
};

}  // namespace conclave::sfu
