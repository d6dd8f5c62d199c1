#pragma once
// How busy the thread of a loop is.
#include <algorithm>
#include <ctime>

#include "base/time.h"

namespace conclave::server {

// Used on the loop that it is about, once that runs.
class LoopLoad {
 public:
  explicit LoopLoad(TimePoint began) : asked_(began) {}

  // The share of the time that the thread has computed, 0 to 1, since it was asked last and at least a second ago;
  // whoever asks more often is told the same again.
  double share(TimePoint now) {
    if (now - asked_ < std::chrono::seconds(1)) return share_;
    timespec used{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
    const double seconds = static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) / 1e9;
    share_ = std::clamp((seconds - seconds_) / std::chrono::duration<double>(now - asked_).count(), 0.0, 1.0);
    asked_ = now;
    seconds_ = seconds;
    return share_;
  }

 private:
  TimePoint asked_;
  double seconds_ = 0;
  double share_ = 0;
};

}  // namespace conclave::server
