#pragma once
// Tells a sender when its packets arrived (draft-holmer-rmcat-transport-wide-cc-extensions-01). Pure; owned by the endpoint that sends,
// on its loop. No allocation after the first packet.
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include "base/byte_reader.h"
#include "base/time.h"
#include "sfu/rtp/sequence.h"
#include "sfu/rtp/transport_feedback.h"

namespace conclave::bwe {

inline constexpr Duration kFeedbackInterval = 100ms;     // at the latest
inline constexpr Duration kFrameFeedbackInterval = 20ms;  // at the end of a frame (marker bit)
inline constexpr std::size_t kFeedbackWindow = 1024;      // sequence numbers remembered; what fell out is never reported

class FeedbackGenerator {
 public:
  // `sequence` is the transport-wide one.
  void received(TimePoint now, std::uint16_t sequence, bool marker);
  std::optional<TimePoint> deadline() const { return due_; }

  // Writes the next packet if feedback is due; call until it returns false.
  bool write(TimePoint now, ByteWriter& writer, std::uint32_t sender, std::uint32_t media);

 private:
  struct Slot {
    std::int64_t sequence = -1;
    rtp::FeedbackTime time = 0;
  };
  Slot& slot_of(std::int64_t sequence) { return (*slots_)[static_cast<std::size_t>(sequence) % kFeedbackWindow]; }

  // Made with the first packet: most who are in a large meeting never send one.
  std::unique_ptr<std::array<Slot, kFeedbackWindow>> slots_;
  rtp::SequenceUnwrapper unwrapper_;
  std::int64_t next_ = 0;  // first one not reported
  bool reporting_ = false;
  TimePoint last_sent_{};
  std::optional<TimePoint> due_;
  std::uint8_t count_ = 0;
};

}  // namespace conclave::bwe
