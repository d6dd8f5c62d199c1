#include "sfu/nack.h"

#include <algorithm>

namespace conclave::sfu {

bool NackTracker::received(TimePoint now, std::int64_t sequence) {
  if (!highest_) {
    highest_ = sequence;
    return false;
  }
  if (sequence <= *highest_) {
    const auto begin = missing_.begin();
    const auto end = begin + static_cast<std::ptrdiff_t>(count_);
    const auto found = std::find_if(begin, end, [&](const Missing& m) { return m.sequence == sequence; });
    if (found != end) erase(static_cast<std::size_t>(found - begin));
    return false;
  }
  const std::int64_t gap = sequence - *highest_ - 1;
  if (gap >= static_cast<std::int64_t>(kMaxNackGap)) {
    count_ = 0;
    highest_ = sequence;
    return false;
  }
  for (std::int64_t s = *highest_ + 1; s < sequence; ++s) {
    if (count_ == missing_.size()) erase(0);
    missing_[count_++] = {.sequence = s, .next = now, .tries = 0};
  }
  highest_ = sequence;
  return gap > 0;
}

std::size_t NackTracker::due(TimePoint now, std::span<std::uint16_t> out) {
  std::size_t written = 0;
  std::size_t kept = 0;
  for (std::size_t i = 0; i < count_; ++i) {
    Missing& m = missing_[i];
    if (m.next <= now && written < out.size()) {
      out[written++] = static_cast<std::uint16_t>(m.sequence);
      m.next = now + kNackInterval;
      if (++m.tries >= kMaxNackTries) continue;
    }
    missing_[kept++] = m;
  }
  count_ = kept;
  return written;
}

std::optional<TimePoint> NackTracker::deadline() const {
  std::optional<TimePoint> result;
  for (std::size_t i = 0; i < count_; ++i) {
    if (!result || missing_[i].next < *result) result = missing_[i].next;
  }
  return result;
}

void NackTracker::erase(std::size_t index) {
  std::move(missing_.begin() + static_cast<std::ptrdiff_t>(index) + 1, missing_.begin() + static_cast<std::ptrdiff_t>(count_),
            missing_.begin() + static_cast<std::ptrdiff_t>(index));
  --count_;
}

}  // namespace conclave::sfu
