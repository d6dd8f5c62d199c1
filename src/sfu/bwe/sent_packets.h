#pragma once
// What was sent under which transport-wide number, until feedback says what became of it
// (draft-holmer-rmcat-transport-wide-cc-extensions-01 §3). Pure; no allocation after construction.
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/time.h"
#include "sfu/rtp/sequence.h"
#include "sfu/rtp/transport_feedback.h"

namespace conclave::bwe {

inline constexpr std::size_t kSentWindow = 2048;  // a second at 20 Mbit/s; what fell out is never told about

// One packet and its fate. Arrival is on the receiver's clock, whose zero is arbitrary: only differences mean anything.
struct PacketFate {
  TimePoint sent{};
  std::optional<Duration> arrived;
  std::uint32_t bytes = 0;
  bool probe = false;
};

class SentPackets {
 public:
  // Numbers only grow; one that was sent before is not noted again. Constant time.
  void sent(TimePoint now, std::uint16_t sequence, std::size_t bytes, bool probe = false);

  // The fates that this feedback tells, in the order of sending: each packet once, as lost or as arrived; one that was
  // lost and is reported after all, late, is told again as arrived. What was not ours, or too long ago, is left out.
  // `fates` is emptied first.
  void told(TimePoint now, const rtp::TransportFeedback& feedback, std::vector<PacketFate>& fates);


 private:
  enum class State : std::uint8_t { Unused, OnItsWay, Lost, Arrived };
  // Whose number it is follows from its place: within the window no number is left out.
  struct Slot {
    std::uint32_t sent_us = 0;  // wraps after an hour
    std::uint16_t bytes = 0;
    State state = State::Unused;
    bool probe = false;
  };
  static_assert(sizeof(Slot) == 8);
  Slot& slot_of(std::int64_t number) { return slots_[static_cast<std::size_t>(number) % kSentWindow]; }

  std::array<Slot, kSentWindow> slots_{};
  rtp::SequenceUnwrapper numbers_;
  std::optional<rtp::FeedbackTime> last_reference_;
  rtp::FeedbackTime reference_wraps_ = 0;
};

}  // namespace conclave::bwe
