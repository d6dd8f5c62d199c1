#include "sfu/bwe/acknowledged_rate.h"

#include <algorithm>

namespace conclave::bwe {
namespace {

constexpr Duration kWindow = 500ms;
constexpr Duration kLeast = 150ms;
constexpr Duration kBatch = 5ms;
constexpr Duration kPeriod = 100ms;

std::int64_t period_of(TimePoint now) {
  return now.time_since_epoch() / kPeriod;
}

}  // namespace

void AcknowledgedRate::drop_oldest() {
  bytes_ -= batches_[begin_].bytes;
  begin_ = (begin_ + 1) % kBatches;
  --count_;
}

void AcknowledgedRate::add(Duration arrived, std::uint32_t bytes) {
  if (count_ > 0 && arrived < newest().last - kWindow) {
    while (count_ > 0) drop_oldest();  // the receiver's clock began anew
  }
  const Duration at = count_ == 0 ? arrived : std::max(arrived, newest().last);
  while (count_ > 0 && (batches_[begin_].first < at - kWindow || count_ == kBatches)) drop_oldest();
  if (count_ == 0 || at - newest().first >= kBatch) {
    ++count_;
    newest() = {.first = at, .last = at, .bytes = bytes, .first_bytes = bytes};
  } else {
    newest().last = at;
    newest().bytes += bytes;
  }
  bytes_ += bytes;
}

void AcknowledgedRate::update(TimePoint now, const std::vector<PacketFate>& fates) {
  for (const PacketFate& fate : fates) {
    if (fate.arrived) add(*fate.arrived, fate.bytes);
  }
  bps_ = measure();
  if (!bps_) return;
  const std::int64_t period = period_of(now);
  Peak& peak = peaks_[static_cast<std::size_t>(period) % kPeaks];
  if (peak.period != period) peak = {.period = period, .bps = 0};
  peak.bps = std::max(peak.bps, *bps_);
}

std::optional<std::int64_t> AcknowledgedRate::peak(TimePoint now) const {
  std::optional<std::int64_t> most;
  for (const Peak& peak : peaks_) {
    if (peak.period < 0 || period_of(now) - peak.period >= static_cast<std::int64_t>(kPeaks)) continue;
    most = std::max(most.value_or(0), peak.bps);
  }
  return most;
}

std::optional<std::int64_t> AcknowledgedRate::measure() const {
  if (count_ == 0) return std::nullopt;
  const Batch& oldest = batches_[begin_];
  const Duration span = batches_[(begin_ + count_ - 1) % kBatches].last - oldest.first;
  if (span < kLeast) return std::nullopt;
  // The first packet opens the span: what it carried came before it.
  const double seconds = std::chrono::duration<double>(span).count();
  return static_cast<std::int64_t>(static_cast<double>(bytes_ - oldest.first_bytes) * 8 / seconds);
}

}  // namespace conclave::bwe
