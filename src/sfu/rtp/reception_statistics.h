#pragma once
// What a receiver report says of one SSRC (RFC 3550 §6.4.1, §A.3, §A.8). A value; owned by whoever receives the stream.
#include <cstdint>

#include "base/time.h"
#include "sfu/rtp/rtcp.h"
#include "sfu/rtp/sequence.h"

namespace conclave::rtp {

class ReceptionStatistics {
 public:
  void received(TimePoint now, std::uint16_t sequence, std::uint32_t timestamp, std::uint32_t clock_rate);
  void sender_report(TimePoint now, std::uint64_t ntp);
  bool any() const { return sequence_.started(); }
  std::uint64_t packets() const { return packets_; }
  // For the interval since the last call.
  ReportBlock report(TimePoint now, std::uint32_t ssrc);
  // Of the interval that was reported last: how many numbers it spans, and how many of them did not come.
  struct Interval {
    std::uint32_t expected = 0;
    std::uint32_t lost = 0;
  };
  Interval interval() const { return interval_; }
  Duration jitter(std::uint32_t clock_rate) const { return std::chrono::microseconds(std::int64_t{jitter_ >> 4} * 1'000'000 / clock_rate); }

 private:
  SequenceUnwrapper sequence_;
  std::int64_t base_ = 0;
  std::uint64_t packets_ = 0;
  std::int64_t expected_prior_ = 0;
  std::uint64_t packets_prior_ = 0;
  Interval interval_;
  std::uint32_t jitter_ = 0;  // scaled by 16, §A.8
  std::uint32_t last_transit_ = 0;
  std::uint32_t last_sr_ = 0;
  TimePoint last_sr_at_{};
};

}  // namespace conclave::rtp
