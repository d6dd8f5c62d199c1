#include "sfu/bwe/delay_trend.h"

#include <algorithm>
#include <cmath>

namespace conclave::bwe {
namespace {

constexpr Duration kGroupLength = 5ms;
constexpr Duration kBurstGap = 5ms;        // packets that come closer together than this were held up together …
constexpr Duration kLongestBurst = 100ms;  // … unless it goes on for ever
constexpr Duration kClockJump = 3s;
constexpr double kSmoothing = 0.9;
constexpr double kGain = 4.0;
constexpr std::size_t kFullWeight = 60;  // deltas until the trend counts in full
constexpr double kOveruseMs = 10;
constexpr double kUp = 0.0087;   // K_u of §5.4
constexpr double kDown = 0.039;  // K_d
constexpr double kOutlierMs = 15;
constexpr double kLowest = 6;
constexpr double kHighest = 600;

double ms(Duration duration) {
  return std::chrono::duration<double, std::milli>(duration).count();
}

}  // namespace

Usage DelayTrend::update(TimePoint now, const std::vector<PacketFate>& fates) {
  for (const PacketFate& fate : fates) {
    if (!fate.arrived) continue;
    const Duration arrived = *fate.arrived;
    if (!current_) {
      current_ = Group{fate.sent, fate.sent, arrived, arrived};
      continue;
    }
    if (fate.sent < current_->first_sent) continue;  // came late: its group is over
    if (belongs(fate, arrived)) {
      current_->last_sent = std::max(current_->last_sent, fate.sent);
      current_->last_arrived = std::max(current_->last_arrived, arrived);
      continue;
    }
    if (previous_) group_ended(now, *previous_, *current_);
    previous_ = current_;
    current_ = Group{fate.sent, fate.sent, arrived, arrived};
  }
  return usage_;
}

bool DelayTrend::belongs(const PacketFate& fate, Duration arrived) const {
  if (fate.sent - current_->first_sent <= kGroupLength) return true;
  const Duration gap = arrived - current_->last_arrived;
  const Duration stretched = gap - (fate.sent - current_->last_sent);
  return stretched < Duration::zero() && gap <= kBurstGap && arrived - current_->first_arrived < kLongestBurst;
}

void DelayTrend::group_ended(TimePoint now, const Group& before, const Group& after) {
  const Duration between_arrivals = after.last_arrived - before.last_arrived;
  if (between_arrivals < -kClockJump || between_arrivals > kClockJump) return forget();
  if (between_arrivals < Duration::zero()) return;  // overtaken on the way
  const double step_ms = ms(after.last_sent - before.last_sent);
  if (!first_arrival_) first_arrival_ = after.last_arrived;
  accumulated_ms_ += ms(between_arrivals) - step_ms;
  smoothed_ms_ = kSmoothing * smoothed_ms_ + (1 - kSmoothing) * accumulated_ms_;
  deltas_ = std::min(deltas_ + 1, kFullWeight);
  samples_[next_] = {ms(after.last_arrived - *first_arrival_), smoothed_ms_};
  next_ = (next_ + 1) % kWindow;
  filled_ = std::min(filled_ + 1, kWindow);
  const double trend = slope().value_or(0) * static_cast<double>(deltas_) * kGain;
  judge(now, trend, step_ms);
}

// Least squares over the window; nothing until it is full.
std::optional<double> DelayTrend::slope() const {
  if (filled_ < kWindow) return std::nullopt;
  double mean_at = 0;
  double mean_delay = 0;
  for (const Sample& sample : samples_) {
    mean_at += sample.at_ms / kWindow;
    mean_delay += sample.delay_ms / kWindow;
  }
  double covariance = 0;
  double variance = 0;
  for (const Sample& sample : samples_) {
    covariance += (sample.at_ms - mean_at) * (sample.delay_ms - mean_delay);
    variance += (sample.at_ms - mean_at) * (sample.at_ms - mean_at);
  }
  if (variance == 0) return std::nullopt;
  return covariance / variance;
}

void DelayTrend::judge(TimePoint now, double trend, double step_ms) {
  if (trend > threshold_) {
    over_for_ms_ = over_for_ms_ ? *over_for_ms_ + step_ms : step_ms / 2;
    ++over_count_;
    // A queue that shrinks again is none of ours any more.
    if (*over_for_ms_ > kOveruseMs && over_count_ > 1 && trend >= last_trend_) {
      over_for_ms_ = 0;
      over_count_ = 0;
      usage_ = Usage::Over;
    }
  } else {
    over_for_ms_.reset();
    over_count_ = 0;
    usage_ = trend < -threshold_ ? Usage::Under : Usage::Normal;
  }
  last_trend_ = trend;
  adapt_threshold(now, trend);
}

void DelayTrend::adapt_threshold(TimePoint now, double trend) {
  const double size = std::fabs(trend);
  const Duration since = threshold_at_ ? std::min<Duration>(now - *threshold_at_, 100ms) : Duration::zero();
  threshold_at_ = now;
  if (size > threshold_ + kOutlierMs) return;  // a step of the delay, not a trend
  const double k = size < threshold_ ? kDown : kUp;
  threshold_ = std::clamp(threshold_ + k * (size - threshold_) * ms(since), kLowest, kHighest);
}

void DelayTrend::forget() {
  current_.reset();
  previous_.reset();
  filled_ = next_ = deltas_ = 0;
  accumulated_ms_ = smoothed_ms_ = 0;
  first_arrival_.reset();
  over_for_ms_.reset();
  over_count_ = 0;
  usage_ = Usage::Normal;
}

}  // namespace conclave::bwe
