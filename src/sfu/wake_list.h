#pragma once
// When each endpoint wants to be looked at: the times side by side, so that a tick over thousands of endpoints reads a few cache lines.
// Lives on the SFU's loop.
#include <cstddef>
#include <vector>

#include "base/time.h"

namespace conclave::sfu {

class Endpoint;

class WakeList {
 public:
  std::size_t add(Endpoint& endpoint, TimePoint at) {
    times_.push_back(at);
    endpoints_.push_back(&endpoint);
    return times_.size() - 1;
  }
  // The endpoint that has moved to `place`, if any: it is to be told.
  Endpoint* remove(std::size_t place) {
    times_[place] = times_.back();
    endpoints_[place] = endpoints_.back();
    times_.pop_back();
    endpoints_.pop_back();
    return place < endpoints_.size() ? endpoints_[place] : nullptr;
  }
  void set(std::size_t place, TimePoint at) { times_[place] = at; }
  void not_later_than(std::size_t place, TimePoint at) {
    if (at < times_[place]) times_[place] = at;
  }
  std::size_t size() const { return times_.size(); }

  // Calls wake(endpoint) for each that is due; wake() sets the next time. Endpoints are neither added nor removed meanwhile.
  template <class Wake>
  void run(TimePoint now, Wake wake) {
    for (std::size_t i = 0; i < times_.size(); ++i) {
      if (times_[i] <= now) wake(*endpoints_[i]);
    }
  }

 private:
  std::vector<TimePoint> times_;
  std::vector<Endpoint*> endpoints_;
};

}  // namespace conclave::sfu
