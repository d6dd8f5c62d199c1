#include "sfu/rtp/reception_statistics.h"

#include <algorithm>

namespace conclave::rtp {
namespace {
constexpr int kMaxJump = 3000;  // MAX_DROPOUT of RFC 3550 §A.1: beyond it the sender has started over
}

void ReceptionStatistics::received(TimePoint now, std::uint16_t sequence, std::uint32_t timestamp, std::uint32_t clock_rate) {
  const auto arrival = static_cast<std::uint32_t>(
      std::chrono::duration_cast<std::chrono::microseconds>(now.time_since_epoch()).count() * clock_rate / 1'000'000);
  const std::uint32_t transit = arrival - timestamp;
  if (sequence_.started() && std::abs(sequence_.peek(sequence) - sequence_.highest()) > kMaxJump) {
    sequence_ = SequenceUnwrapper();
    packets_ = 0;
    packets_prior_ = 0;
    expected_prior_ = 0;
  }
  if (!sequence_.started()) {
    base_ = sequence_.unwrap(sequence);
    last_transit_ = transit;
  } else {
    sequence_.unwrap(sequence);
  }
  ++packets_;
  const auto change = static_cast<std::uint32_t>(std::abs(static_cast<std::int64_t>(ahead(transit, last_transit_))));
  last_transit_ = transit;
  // A jump of the timestamps is no jitter: a second of it or more is not counted.
  if (change < clock_rate) jitter_ = jitter_ + change - ((jitter_ + 8) >> 4);
}

void ReceptionStatistics::sender_report(TimePoint now, std::uint64_t ntp) {
  last_sr_ = static_cast<std::uint32_t>(ntp >> 16);
  last_sr_at_ = now;
}

ReportBlock ReceptionStatistics::report(TimePoint now, std::uint32_t ssrc) {
  ReportBlock block;
  block.ssrc = ssrc;
  const std::int64_t expected = sequence_.highest() - base_ + 1;
  block.cumulative_lost = static_cast<std::int32_t>(std::clamp<std::int64_t>(expected - static_cast<std::int64_t>(packets_), -0x800000, 0x7fffff));
  block.highest_sequence = static_cast<std::uint32_t>(sequence_.highest() - 0x10000);
  const std::int64_t expected_now = expected - expected_prior_;
  const std::int64_t lost_now = expected_now - static_cast<std::int64_t>(packets_ - packets_prior_);
  if (expected_now > 0 && lost_now > 0) block.fraction_lost = static_cast<std::uint8_t>(std::min<std::int64_t>(255, (lost_now << 8) / expected_now));
  interval_.expected = static_cast<std::uint32_t>(std::max<std::int64_t>(expected_now, 0));
  interval_.lost = static_cast<std::uint32_t>(std::clamp<std::int64_t>(lost_now, 0, interval_.expected));
  expected_prior_ = expected;
  packets_prior_ = packets_;
  block.jitter = jitter_ >> 4;
  block.last_sr = last_sr_;
  if (last_sr_ != 0) {
    block.delay_since_last_sr = static_cast<std::uint32_t>(
        std::chrono::duration_cast<std::chrono::microseconds>(now - last_sr_at_).count() * 65536 / 1'000'000);
  }
  return block;
}

}  // namespace conclave::rtp
