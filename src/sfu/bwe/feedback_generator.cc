#include "sfu/bwe/feedback_generator.h"

#include <algorithm>
#include <span>

namespace conclave::bwe {

void FeedbackGenerator::received(TimePoint now, std::uint16_t sequence, bool marker) {
  const bool first = !unwrapper_.started();
  const std::int64_t unwrapped = unwrapper_.unwrap(sequence);
  if (unwrapped < 0) return;
  if (first) {
    next_ = unwrapped;
    last_sent_ = now;
  }
  if (unwrapper_.highest() - unwrapped >= static_cast<std::int64_t>(kFeedbackWindow)) return;
  const auto time = std::chrono::duration_cast<std::chrono::microseconds>(now.time_since_epoch()).count() / 250;
  if (!slots_) slots_ = std::make_unique<std::array<Slot, kFeedbackWindow>>();
  slot_of(unwrapped) = {.sequence = unwrapped, .time = time};
  // One that comes late is reported once more with all that follow it: a sender ignores what it knows.
  next_ = std::min(next_, unwrapped);
  TimePoint due = last_sent_ + kFeedbackInterval;
  if (marker) due = std::min(due, std::max(now, last_sent_ + kFrameFeedbackInterval));
  due_ = due_ ? std::min(*due_, due) : due;
}

bool FeedbackGenerator::write(TimePoint now, ByteWriter& writer, std::uint32_t sender, std::uint32_t media) {
  if (!reporting_) {
    if (!due_ || now < *due_) return false;
    reporting_ = true;
  }
  const std::int64_t end = unwrapper_.highest() + 1;
  next_ = std::max(next_, end - static_cast<std::int64_t>(kFeedbackWindow));
  std::array<std::optional<rtp::FeedbackTime>, rtp::kMaxFeedbackStatuses> statuses;
  while (next_ < end) {
    const auto size = static_cast<std::size_t>(std::min<std::int64_t>(end - next_, rtp::kMaxFeedbackStatuses));
    for (std::size_t i = 0; i < size; ++i) {
      const std::int64_t sequence = next_ + static_cast<std::int64_t>(i);
      const Slot& slot = slot_of(sequence);
      statuses[i] = slot.sequence == sequence ? std::optional(slot.time) : std::nullopt;
    }
    const rtp::FeedbackHeader header{
        .sender = sender, .media = media, .base_sequence = static_cast<std::uint16_t>(next_), .count = count_};
    const std::size_t covered = write_transport_feedback(writer, header, std::span(statuses).first(size));
    next_ += static_cast<std::int64_t>(covered == 0 ? size : covered);
    if (covered == 0) continue;  // a stretch of which nothing arrived
    ++count_;
    if (next_ < end) return true;
    break;
  }
  const bool wrote = writer.position() > 0;
  reporting_ = false;
  due_.reset();
  last_sent_ = now;
  return wrote;
}

}  // namespace conclave::bwe
