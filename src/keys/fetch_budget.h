#pragma once
// How often strangers may make us ask a key server: a burst, and then one question per interval. A value.
#include <algorithm>

#include "base/time.h"

namespace conclave::keys {

class FetchBudget {
 public:
  FetchBudget(int burst, Duration interval) : burst_(burst), interval_(interval), left_(burst) {}

  // True: one question is paid for.
  bool take(TimePoint now) {
    if (left_ < burst_) {
      const auto earned = (now - since_) / interval_;
      left_ = static_cast<int>(std::min<long long>(burst_, left_ + earned));
      since_ += earned * interval_;
    }
    if (left_ == burst_) since_ = now;
    if (left_ == 0) return false;
    --left_;
    return true;
  }

 private:
  int burst_;
  Duration interval_;
  int left_;
  TimePoint since_{};
};

}  // namespace conclave::keys
