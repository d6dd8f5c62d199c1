#pragma once
// How often key frames are asked for (media.md 11.4). Pure values.
#include <array>
#include <cstdint>

#include "base/time.h"

namespace conclave::sfu {

inline constexpr Duration kMinKeyFrameGap = 200ms;      // of one source, whoever asks
inline constexpr Duration kReceiverGap = 200ms;         // of one receiver's PLI and FIR
inline constexpr Duration kReceiverPeriod = 10s;        // in which one receiver is heard
inline constexpr std::size_t kReceiverRequests = 3;     // so many times
inline constexpr Duration kSwitchGap = 500ms;           // of our own requests while a switch waits for its key frame

class ReceiverKeyFrameLimit {
 public:
  bool allow(TimePoint now) {
    const TimePoint newest = asked_[(next_ + kReceiverRequests - 1) % kReceiverRequests];
    if (count_ > 0 && now - newest < kReceiverGap) return false;
    if (count_ == kReceiverRequests && now - asked_[next_] < kReceiverPeriod) return false;
    asked_[next_] = now;
    next_ = (next_ + 1) % kReceiverRequests;
    if (count_ < kReceiverRequests) ++count_;
    return true;
  }

 private:
  std::array<TimePoint, kReceiverRequests> asked_{};
  std::size_t next_ = 0;
  std::size_t count_ = 0;
};

class KeyFrameGap {
 public:
  explicit KeyFrameGap(Duration gap) : gap_(gap) {}
  bool allow(TimePoint now) {
    if (asked_once_ && now - asked_ < gap_) return false;
    asked_once_ = true;
    asked_ = now;
    return true;
  }

 private:
  Duration gap_;
  TimePoint asked_{};
  bool asked_once_ = false;
};

}  // namespace conclave::sfu
