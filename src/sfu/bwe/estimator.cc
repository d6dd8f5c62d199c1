#include "sfu/bwe/estimator.h"

#include <algorithm>
#include <utility>

namespace conclave::bwe {
namespace {

constexpr Duration kProbeGap = 50ms;    // between two probes of one run, at most
constexpr Duration kProbeOver = 100ms;  // since the last was sent: then all are back that will come
constexpr int kLeastProbes = 5;
constexpr Duration kLeastProbeTime = 15ms;
constexpr Duration kToleratedQueue = 60ms;
constexpr Duration kProvenQueue = 200ms;
constexpr double kFilled = 0.72;  // of the estimate
constexpr std::chrono::duration<double> kQueueToHalve = 120ms;
constexpr std::int64_t kFarAbove = 4;
constexpr double kLeastShare = 0.25;
constexpr Duration kAftermath = 700ms;
constexpr double kTrusted = 0.95;  // of what a probe has shown

}  // namespace

void Estimator::feedback(TimePoint now, const rtp::TransportFeedback& feedback, Duration round_trip,
                         std::vector<PacketFate>& fates) {
  packets_.told(now, feedback, fates);
  if (fates.empty()) return;
  heard_ = true;
  acknowledged_.update(now, fates);
  take_probes(now, fates);
  const Usage usage = trend_.update(now, fates);
  queue_.update(now, fates);
  auto arrives = acknowledged_.bps();
  if (queue_.delay() > kProvenQueue) proven_ = now;
  if (proven_ && now - *proven_ < kAftermath) {
    loss_.excuse();
  } else {
    loss_.update(now, fates, {.rate = estimate(), .acknowledged = arrives, .queued = queue_.delay() > kToleratedQueue});
  }
  // What the network loses by itself has passed the bottleneck all the same.
  if (arrives) arrives = static_cast<std::int64_t>(static_cast<double>(*arrives) / (1 - loss_.inherent()));
  if (queue_.delay() > kToleratedQueue) held_back_ = now;
  // Less arrives while less is sent: that is our doing.
  if (held_back_ && now - *held_back_ < kAftermath) arrives = std::max(arrives, acknowledged_.peak(now));
  rate_.update(now, judged(usage, arrives), arrives, round_trip);
  if (queue_.delay() > kProvenQueue && arrives) believe_queue(now, *arrives);
}

// What fills a part of the estimate only and yet makes a short queue has come in a burst: a probe, a key frame. That says
// nothing against the estimate; should the network carry less by now, the queue will not stay short.
Usage Estimator::judged(Usage usage, std::optional<std::int64_t> arrives) const {
  const bool fills = !arrives || static_cast<double>(*arrives) > kFilled * static_cast<double>(rate_.bps());
  return usage == Usage::Over && !fills && queue_.delay() <= kToleratedQueue ? Usage::Normal : usage;
}

// While it stands the bottleneck is busy, so what arrives is what it lets through. The trend sees only that the queue
// grows; one that was built in a moment, or that its limit keeps as it is, it does not see.
void Estimator::believe_queue(TimePoint now, std::int64_t arrives) {
  const auto carried = static_cast<std::int64_t>(kTrusted * static_cast<double>(arrives));
  if (carried >= estimate()) return;
  rate_.at_most(now, carried);
}

std::int64_t Estimator::estimate() const {
  return std::max(std::min(rate_.bps(), loss_.bps().value_or(kHighestRate)), kLowestRate);
}

bool Estimator::congested() const {
  return queue_.delay() > kToleratedQueue || trend_.usage() == Usage::Over ||
         loss_.bps().value_or(kHighestRate) < rate_.bps();
}

std::int64_t Estimator::bps() const {
  const Duration excess = queue_.delay() - kToleratedQueue;
  if (excess <= Duration::zero()) return estimate();
  // While it stands, what arrives is what the bottleneck lets through: an estimate that is far above it is worth
  // nothing.
  const std::int64_t arrives = acknowledged_.bps().value_or(kHighestRate);
  const std::int64_t carried = arrives < estimate() / kFarAbove ? arrives : estimate();
  const double share = 1 - std::chrono::duration<double>(excess) / kQueueToHalve / 2;
  return std::max(static_cast<std::int64_t>(std::max(share, kLeastShare) * static_cast<double>(carried)), kLowestRate);
}

void Estimator::take_probes(TimePoint now, const std::vector<PacketFate>& fates) {
  for (const PacketFate& fate : fates) {
    if (!fate.arrived) continue;
    if (!fate.probe) {
      if (probe_) probe_->between += fate.bytes;
      continue;
    }
    if (probe_ && fate.sent - probe_->last_sent > kProbeGap) conclude_probe(now);
    if (!probe_) {
      probe_ = Probe{.last = *fate.arrived, .first_sent = fate.sent, .last_sent = fate.sent, .begin = *fate.arrived};
      continue;
    }
    probe_->last = std::max(probe_->last, *fate.arrived);
    probe_->last_sent = fate.sent;
    ++probe_->packets;
    if (fate.sent == probe_->first_sent) {
      probe_->begin = probe_->last;
      probe_->between = 0;
      continue;
    }
    probe_->bytes += fate.bytes + std::exchange(probe_->between, 0);
  }
  if (probe_ && now - probe_->last_sent > kProbeOver) conclude_probe(now);
}

// The slower of sending and arriving: a burst that a queue has let out at once proves nothing.
void Estimator::conclude_probe(TimePoint now) {
  const Probe probe = *probe_;
  probe_.reset();
  const Duration took = std::max(probe.last - probe.begin, probe.last_sent - probe.first_sent);
  if (probe.packets < kLeastProbes || took < kLeastProbeTime || trend_.usage() == Usage::Over) return;
  const double shown = static_cast<double>(probe.bytes) * 8 / std::chrono::duration<double>(took).count();
  const auto trusted = static_cast<std::int64_t>(kTrusted * shown);
  if (trusted <= estimate()) return;
  rate_.at_least(now, trusted);
  if (loss_.bps() && *loss_.bps() < trusted && loss_.loss() < 0.02) loss_.lift();
}

}  // namespace conclave::bwe
