#include "sfu/bwe/rate_control.h"

#include <algorithm>
#include <cmath>

namespace conclave::bwe {
namespace {

constexpr double kBackOff = 0.85;
constexpr double kGrowth = 1.08;  // a second
constexpr Duration kLongestStep = 1s;
constexpr double kPacketsPerFrame = 1200 * 8;
constexpr double kFramesPerSecond = 30;
constexpr double kLeastSlope = 4'000;  // bit/s each second
constexpr Duration kReaction = 100ms;  // of the detector, on top of the round trip

double seconds(Duration duration) {
  return std::chrono::duration<double>(duration).count();
}

}  // namespace

void RateControl::Limit::learn(std::int64_t bps) {
  const double sample = static_cast<double>(bps) / 1000;
  if (!mean_) {
    mean_ = sample;
    return;
  }
  constexpr double kWeight = 0.05;
  const double error = sample - *mean_;
  mean_ = *mean_ + kWeight * error;
  deviation_ = std::clamp((1 - kWeight) * deviation_ + kWeight * error * error / std::max(*mean_, 1.0), 0.4, 2.5);
}

double RateControl::Limit::spread() const {
  return 3 * std::sqrt(deviation_ * *mean_);
}

bool RateControl::Limit::is_exceeded_by(std::int64_t bps) const {
  return known() && static_cast<double>(bps) / 1000 > *mean_ + spread();
}

bool RateControl::Limit::is_far_above(std::int64_t bps) const {
  return known() && static_cast<double>(bps) / 1000 < *mean_ - spread();
}

void RateControl::update(TimePoint now, Usage usage, std::optional<std::int64_t> acknowledged, Duration round_trip) {
  switch (usage) {
    case Usage::Over:
      state_ = State::Decrease;
      break;
    case Usage::Under:
      state_ = State::Hold;  // let the queue run empty
      break;
    case Usage::Normal:
      if (state_ == State::Hold) changed_ = now;
      state_ = State::Increase;
      break;
  }
  if (state_ == State::Increase) {
    increase(now, acknowledged, round_trip);
  } else if (state_ == State::Decrease) {
    // Once for each time that the answer to the last one could have come back.
    const Duration pause = std::clamp<Duration>(round_trip, 10ms, 200ms);
    const bool much_less = acknowledged && *acknowledged < bps_ / 2;
    if (!decreased_ || now - *decreased_ >= pause || much_less) decrease(now, acknowledged);
    state_ = State::Hold;
  }
}

void RateControl::increase(TimePoint now, std::optional<std::int64_t> acknowledged, Duration round_trip) {
  const Duration step = changed_ ? std::min(now - *changed_, kLongestStep) : Duration::zero();
  changed_ = now;
  if (acknowledged && limit_.is_exceeded_by(*acknowledged)) limit_.forget();
  // Who sends little learns little: the rate does not run away from what was tried.
  const std::int64_t ceiling = acknowledged ? *acknowledged + *acknowledged / 2 + 10'000 : kHighestRate;
  if (bps_ >= ceiling) return;
  double next = static_cast<double>(bps_);
  if (limit_.known()) {
    const double frame = std::max(next / kFramesPerSecond / kPacketsPerFrame, 1.0);
    const double packet = next / kFramesPerSecond / std::ceil(frame);
    next += std::max(packet / seconds(round_trip + kReaction), kLeastSlope) * seconds(step);
  } else {
    next += std::max(next * (std::pow(kGrowth, seconds(step)) - 1), 1'000 * seconds(step));
  }
  bps_ = std::clamp(std::min(static_cast<std::int64_t>(next), ceiling), kLowestRate, kHighestRate);
}

void RateControl::decrease(TimePoint now, std::optional<std::int64_t> acknowledged) {
  const std::int64_t arrives = acknowledged.value_or(bps_);
  std::int64_t next = static_cast<std::int64_t>(kBackOff * static_cast<double>(arrives));
  if (next > bps_ && limit_.known()) next = static_cast<std::int64_t>(kBackOff * limit_.mean() * 1000);
  bps_ = std::clamp(std::min(next, bps_), kLowestRate, kHighestRate);
  if (limit_.is_far_above(arrives)) limit_.forget();
  limit_.learn(arrives);
  changed_ = now;
  decreased_ = now;
}

void RateControl::at_least(TimePoint now, std::int64_t bps) {
  if (bps <= bps_) return;
  bps_ = std::min(bps, kHighestRate);
  changed_ = now;
}

void RateControl::at_most(TimePoint now, std::int64_t bps) {
  if (bps >= bps_) return;
  bps_ = std::max(bps, kLowestRate);
  changed_ = now;
}

}  // namespace conclave::bwe
