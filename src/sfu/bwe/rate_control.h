#pragma once
// From the verdict on the queue to a rate: multiplicative down, multiplicative and then additive up
// (draft-ietf-rmcat-gcc-02 §5.5). Pure.
#include <cstdint>
#include <optional>

#include "base/time.h"
#include "sfu/bwe/delay_trend.h"

namespace conclave::bwe {

inline constexpr std::int64_t kLowestRate = 30'000;       // bits per second
inline constexpr std::int64_t kHighestRate = 20'000'000;  // media.md 13
inline constexpr std::int64_t kFirstRate = 2'500'000;

class RateControl {
 public:
  // `acknowledged`: what arrives; `round_trip` as RTCP measured it.
  void update(TimePoint now, Usage usage, std::optional<std::int64_t> acknowledged, Duration round_trip);
  // A probe has shown that so much gets through.
  void at_least(TimePoint now, std::int64_t bps);

  // A queue that stands has shown that no more than so much gets through.
  void at_most(TimePoint now, std::int64_t bps);

  std::int64_t bps() const { return bps_; }

 private:
  // Where the network gave in before: a moving average of what arrived then, and how far it strays, relative to it.
  class Limit {
   public:
    void learn(std::int64_t bps);
    bool known() const { return mean_.has_value(); }
    bool is_exceeded_by(std::int64_t bps) const;
    bool is_far_above(std::int64_t bps) const;
    double mean() const { return *mean_; }
    void forget() { mean_.reset(); }

   private:
    double spread() const;
    std::optional<double> mean_;  // kbit/s
    double deviation_ = 0.4;
  };
  enum class State { Hold, Increase, Decrease };

  void increase(TimePoint now, std::optional<std::int64_t> acknowledged, Duration round_trip);
  void decrease(TimePoint now, std::optional<std::int64_t> acknowledged);

  State state_ = State::Increase;
  std::int64_t bps_ = kFirstRate;
  Limit limit_;
  std::optional<TimePoint> changed_;
  std::optional<TimePoint> decreased_;
};

}  // namespace conclave::bwe
