#include "sfu/downlink.h"

#include <algorithm>

#include "sfu/bwe/rate_control.h"
#include "sfu/limits.h"

namespace conclave::sfu {
namespace {

constexpr double kChange = 0.15;  // media.md 14
constexpr Duration kDrainedQueue = 150ms;
constexpr Duration kRembLife = 5s;
constexpr Duration kProbeCheck = 100ms;
// Receiver reports, as draft-ietf-rmcat-gcc-02 §6 has it.
constexpr double kMuchLost = 0.10;
constexpr double kLittleLost = 0.02;
constexpr double kGrowth = 1.08;

}  // namespace

void Downlink::begin(bool numbered) {
  begun_ = true;
  if (numbered && !estimator_) estimator_ = std::make_unique<bwe::Estimator>();
}

void Downlink::feedback(TimePoint now, const rtp::TransportFeedback& feedback, Duration round_trip,
                        std::vector<bwe::PacketFate>& scratch) {
  if (estimator_) estimator_->feedback(now, feedback, round_trip, scratch);
}

void Downlink::remb(TimePoint now, std::uint64_t bps) {
  if (estimator_ || !begun_) return;
  remb_ = std::clamp<std::int64_t>(static_cast<std::int64_t>(std::min<std::uint64_t>(bps, bwe::kHighestRate)),
                                   bwe::kLowestRate, bwe::kHighestRate);
  remb_at_ = now;
}

void Downlink::lost(double share) {
  if (estimator_ || !begun_) return;
  const std::int64_t from = loss_limit_.value_or(sums_.sent_bps);
  if (share > kMuchLost) {
    loss_limit_ = std::max(static_cast<std::int64_t>(static_cast<double>(from) * (1 - share / 2)), bwe::kLowestRate);
  } else if (share < kLittleLost && loss_limit_) {
    loss_limit_ = static_cast<std::int64_t>(static_cast<double>(from) * kGrowth) + 1'000;
    if (*loss_limit_ > bwe::kHighestRate || *loss_limit_ > 2 * sums_.ideal_bps) loss_limit_.reset();
  }
}

std::optional<std::int64_t> Downlink::estimate(TimePoint now) const {
  if (estimator_) return estimator_->known() ? std::optional(estimator_->estimate()) : std::nullopt;
  std::optional<std::int64_t> result = loss_limit_;
  if (remb_ && now - remb_at_ < kRembLife) {
    const std::int64_t beside_audio = std::max(*remb_ - audio_.bps(now), std::int64_t{0});
    result = std::min(result.value_or(beside_audio), beside_audio);
  }
  return result;
}

bool Downlink::draining() const {
  return estimator_ && estimator_->known() && estimator_->queue() > kDrainedQueue;
}

Bandwidth Downlink::bandwidth(TimePoint now) const {
  if (draining()) return {.bps = estimator_->bps(), .may_exceed = false};
  return {.bps = estimate(now), .may_exceed = !estimator_ || !estimator_->congested()};
}

void Downlink::allocated(TimePoint now, const Bandwidth& bandwidth, const AllocationSums& sums) {
  used_ = bandwidth.bps;
  drained_ = draining();
  sums_ = sums;
  allocated_ = now;
}

bool Downlink::should_allocate(TimePoint now) const {
  if (!begun_) return false;
  if (now - allocated_ >= kAllocationInterval) return true;
  const std::optional<std::int64_t> bps = bandwidth(now).bps;
  if (bps.has_value() != used_.has_value() || draining() != drained_) return true;
  return bps && std::abs(static_cast<double>(*bps - *used_)) > kChange * static_cast<double>(*used_);
}

bool Downlink::wants_more(TimePoint now) const {
  const auto bps = estimate(now);
  return estimator_ && bps && sums_.ideal_bps > *bps;
}

std::optional<TimePoint> Downlink::deadline() const {
  if (!begun_) return std::nullopt;
  if (prober_.running()) return checked_ + bwe::kProbeTick;
  const TimePoint allocation = allocated_ + kAllocationInterval;
  return wants_more(checked_) ? std::min(allocation, checked_ + kProbeCheck) : allocation;
}

std::size_t Downlink::padding_due(TimePoint now, Duration round_trip) {
  checked_ = now;
  if (!estimator_ || !estimator_->known() || (!prober_.running() && !wants_more(now))) return 0;
  return prober_.due(now, {.estimate = estimator_->estimate(),
                           .wanted = sums_.ideal_bps,
                           .arrives = estimator_->acknowledged().value_or(0),
                           .congested = estimator_->congested(),
                           .sent_bytes = estimator_->sent_bytes(),
                           .round_trip = round_trip});
}

}  // namespace conclave::sfu
