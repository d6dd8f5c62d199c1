#include "sfu/bwe/sent_packets.h"

#include <algorithm>
#include <chrono>
#include <limits>

namespace conclave::bwe {
namespace {

constexpr Duration kFeedbackUnit = std::chrono::microseconds(250);
constexpr rtp::FeedbackTime kReferenceWrap = rtp::FeedbackTime{1} << 24;

std::uint32_t microseconds(TimePoint at) {
  return static_cast<std::uint32_t>(
      std::chrono::duration_cast<std::chrono::microseconds>(at.time_since_epoch()).count());
}

}  // namespace

void SentPackets::sent(TimePoint now, std::uint16_t sequence, std::size_t bytes, bool probe) {
  const bool first = !numbers_.started();
  const std::int64_t before = numbers_.highest();
  const std::int64_t number = numbers_.unwrap(sequence);
  if (!first && number <= before) return;
  // Numbers that were drawn and did not go out leave holes.
  constexpr auto kWindow = static_cast<std::int64_t>(kSentWindow);
  if (!first) {
    for (std::int64_t n = std::max(before + 1, number - kWindow); n < number; ++n) slot_of(n).state = State::Unused;
  }
  Slot& slot = slot_of(number);
  slot = {.sent_us = microseconds(now),
          .bytes = static_cast<std::uint16_t>(std::min<std::size_t>(bytes, std::numeric_limits<std::uint16_t>::max())),
          .state = State::OnItsWay,
          .probe = probe};
}

void SentPackets::told(TimePoint now, const rtp::TransportFeedback& feedback, std::vector<PacketFate>& fates) {
  fates.clear();
  if (!numbers_.started() || feedback.status_count > kSentWindow) return;  // nobody keeps so many from us
  // The reference is 24 bits of 64 ms; it is unwrapped to the nearest.
  const rtp::FeedbackTime reference = feedback.reference / rtp::kReferenceUnits;
  if (last_reference_) {
    const rtp::FeedbackTime step = reference - *last_reference_;
    if (step < -kReferenceWrap / 2) reference_wraps_ += kReferenceWrap;
    if (step > kReferenceWrap / 2) reference_wraps_ -= kReferenceWrap;
  }
  last_reference_ = reference;
  const Duration shift = kFeedbackUnit * (reference_wraps_ * rtp::kReferenceUnits);
  const std::uint32_t now_us = microseconds(now);
  const std::int64_t oldest = numbers_.highest() - static_cast<std::int64_t>(kSentWindow);
  rtp::for_each_status(feedback, [&](std::uint16_t sequence, std::optional<rtp::FeedbackTime> time) {
    const std::int64_t number = numbers_.peek(sequence);
    if (number > numbers_.highest() || number <= oldest) return;
    Slot& slot = slot_of(number);
    if (slot.state == State::Arrived || slot.state == State::Unused || (!time && slot.state == State::Lost)) return;
    slot.state = time ? State::Arrived : State::Lost;
    fates.push_back({.sent = now - std::chrono::microseconds(now_us - slot.sent_us),
                     .arrived = time ? std::optional(kFeedbackUnit * *time + shift) : std::nullopt,
                     .bytes = slot.bytes,
                     .probe = slot.probe});
  });
}

}  // namespace conclave::bwe
