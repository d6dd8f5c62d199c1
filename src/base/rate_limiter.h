#pragma once
// Slows down what somebody does too often: guesses, requests, lines of a log. Each time counts for every key that it is
// filed under (where it came from, what it aims at): some are free, then one each interval. What should not have
// counted is given back. Pure; time is passed in. One loop, or a lock of the owner's.
#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/time.h"

namespace conclave {

struct Rate {
  unsigned free;      // cost no time
  Duration interval;  // then one in so long
};
struct RateKey {
  std::string name;  // "account:alice", "address:192.0.2.1", "room:board"
  Rate rate;
};

class RateLimiter {
 public:
  struct Options {
    std::size_t max_keys = 20'000;         // then the one that would be forgotten soonest goes
    Duration max_wait = Duration::zero();  // who would wait longer is turned away
  };
  RateLimiter() : RateLimiter(Options{}) {}
  explicit RateLimiter(Options options) : options_(options) {}

  // How long this one has to wait; nothing: too long, and it did not count.
  std::optional<Duration> take(TimePoint now, const std::vector<RateKey>& keys);
  // Whether take() would say "at once".
  bool is_free(TimePoint now, const RateKey& key) const { return wait_of(now, key) == Duration::zero(); }
  // Counts without asking.
  void charge(TimePoint now, const RateKey& key);
  // As if it had not been.
  void give_back(TimePoint now, const std::vector<RateKey>& keys);

  bool knows(const std::string& name) const { return paid_until_.contains(name); }
  std::size_t keys() const { return paid_until_.size(); }

 private:
  Duration wait_of(TimePoint now, const RateKey& key) const;
  void put(TimePoint now, const std::string& name, TimePoint paid_until);

  Options options_;
  // Each time moves its key's moment one interval on (the "theoretical arrival time" of a leaky bucket). A moment that
  // is past says nothing any more.
  std::unordered_map<std::string, TimePoint> paid_until_;
  std::set<std::pair<TimePoint, std::string>> soonest_;
};

}  // namespace conclave
