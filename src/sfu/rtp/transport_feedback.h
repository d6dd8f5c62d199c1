#pragma once
// Transport-wide feedback (draft-holmer-rmcat-transport-wide-cc-extensions-01 §3.1): which packets arrived, and when.
//
//   |V=2|P|  FMT=15 |    PT=205     |           length              |
//   |                     SSRC of packet sender                     |
//   |                      SSRC of media source                     |
//   |      base sequence number     |      packet status count      |
//   |                 reference time (64 ms)        | fb pkt. count |
//   |          packet chunk         |         packet chunk  …       |
//   |   recv delta  |  recv delta (0.25 ms, one or two bytes)  …    |
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "base/byte_reader.h"

namespace conclave::rtp {

// Counted in units of 250 µs from a zero of the reporter's choice.
using FeedbackTime = std::int64_t;
inline constexpr FeedbackTime kReferenceUnits = 256;   // 64 ms
inline constexpr std::size_t kMaxFeedbackStatuses = 400;  // of one packet that we write: at worst 8 + 12 + 116 + 800 bytes
inline constexpr std::size_t kMaxParsedStatuses = 0xffff;

struct FeedbackHeader {
  std::uint32_t sender = 0;
  std::uint32_t media = 0;
  std::uint16_t base_sequence = 0;
  std::uint8_t count = 0;  // of feedback packets, wraps
};

// Statuses of consecutive sequence numbers from base_sequence on; an empty one says "not received". Returns how many of them the packet
// covers: fewer than given when the limit is reached or a delta does not fit, and none if no packet of theirs was received.
std::size_t write_transport_feedback(ByteWriter& writer, const FeedbackHeader& header,
                                     std::span<const std::optional<FeedbackTime>> statuses);

struct TransportFeedback {
  std::uint16_t base_sequence = 0;
  std::uint16_t status_count = 0;
  FeedbackTime reference = 0;  // of 24 bits of 64 ms: wraps after 12 days
  std::uint8_t count = 0;
  Bytes chunks_and_deltas;
};
// `control` is what follows the two SSRCs (Feedback::control).
std::optional<TransportFeedback> parse_transport_feedback(Bytes control);

// Calls visit(sequence, optional<FeedbackTime>) for each status. False if chunks or deltas end early: what was visited still counts.
template <class Visit>
bool for_each_status(const TransportFeedback& feedback, Visit visit);

namespace detail {
struct StatusCursor {
  explicit StatusCursor(const TransportFeedback& feedback);
  // Symbol 0 not received, 1 small delta, 2 large or negative delta; 3 is reserved.
  std::uint8_t next_symbol();
  std::optional<FeedbackTime> next_time(std::uint8_t symbol);
  bool ok = true;

 private:
  ByteReader chunks_;
  ByteReader deltas_;
  FeedbackTime time_;
  std::uint16_t chunk_ = 0;
  int left_in_chunk_ = 0;
};
}  // namespace detail

template <class Visit>
bool for_each_status(const TransportFeedback& feedback, Visit visit) {
  detail::StatusCursor cursor(feedback);
  for (std::uint32_t i = 0; i < feedback.status_count; ++i) {
    const std::uint8_t symbol = cursor.next_symbol();
    const std::optional<FeedbackTime> time = cursor.next_time(symbol);
    if (!cursor.ok) return false;
    visit(static_cast<std::uint16_t>(feedback.base_sequence + i), time);
  }
  return true;
}

}  // namespace conclave::rtp
