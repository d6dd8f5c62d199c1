#include "sfu/bwe/loss_limit.h"

#include <algorithm>
#include <cmath>

#include "sfu/bwe/rate_control.h"

namespace conclave::bwe {
namespace {

constexpr double kLittle = 0.02;
constexpr double kMuch = 0.10;
constexpr double kGrowth = 1.05;  // a window
// At this share of the rate that loss began at, as much loss is nobody's fault.
constexpr double kTried = 0.80;
constexpr double kAsMuch = 0.70;
constexpr double kWeight = 0.2;  // of a window in the mean of the inherent loss
constexpr double kMostInherent = 0.5;  // a network that loses more by itself carries no meeting

}  // namespace

void LossLimit::update(TimePoint now, const std::vector<PacketFate>& fates, const Circumstances& circumstances) {
  for (const PacketFate& fate : fates) {
    ++expected_;
    if (!fate.arrived) ++lost_;
  }
  if (!begun_) begun_ = now;
  const Duration age = now - *begun_;
  if ((expected_ < kLeastPackets || age < kWindow) && (expected_ < kFewPackets || age < kLongWindow)) return;
  const double packets = expected_;
  loss_ = lost_ / packets;
  expected_ = lost_ = 0;
  begun_ = now;
  // A window is a sample: this far it strays from the mean by chance.
  judge(circumstances, 2 * std::sqrt(inherent_ * (1 - inherent_) / packets));
}

void LossLimit::excuse() {
  begun_.reset();
  expected_ = lost_ = 0;
  loss_ = inherent_;
  limit_.reset();
  episode_.reset();
}

void LossLimit::judge(const Circumstances& circumstances, double noise) {
  const double ours = loss_ - inherent_;
  if (inherent_ > 0 && !circumstances.queued && ours <= kMuch + noise) inherent_ += kWeight * ours;
  if (ours > kMuch + noise) {
    if (is_found_innocent(circumstances)) return;
    const double rate = static_cast<double>(std::min(circumstances.rate, limit_.value_or(circumstances.rate)));
    // What arrives is what the network takes: there is no reason to go far below.
    const double floor = kTried * static_cast<double>(circumstances.acknowledged.value_or(0));
    limit_ = std::max(static_cast<std::int64_t>(std::max(rate * (1 - 0.5 * ours), floor)), kLowestRate);
    return;
  }
  if (ours > kLittle + noise) return;  // hold
  episode_.reset();
  if (!limit_) return;
  limit_ = static_cast<std::int64_t>(static_cast<double>(*limit_) * kGrowth) + 1'000;
  if (*limit_ >= kHighestRate) limit_.reset();
}

// Loss that stays when the rate has fallen, with no queue on the way, is the network's own.
bool LossLimit::is_found_innocent(const Circumstances& circumstances) {
  if (circumstances.queued) {
    episode_.reset();
    return false;
  }
  if (!episode_) episode_ = Episode{loss_, circumstances.rate};
  const bool slowed_down = static_cast<double>(circumstances.rate) <= kTried * static_cast<double>(episode_->rate);
  if (!slowed_down || loss_ < kAsMuch * episode_->loss) return false;
  inherent_ = std::min((loss_ + episode_->loss) / 2, kMostInherent);
  limit_ = episode_->rate;  // it was slowed down for nothing
  episode_.reset();
  return true;
}

}  // namespace conclave::bwe
