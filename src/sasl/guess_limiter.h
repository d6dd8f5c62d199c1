#pragma once
// Slows guessing at secrets down: of accounts, and of rooms. Each guess counts for every key that it is filed under
// (where it came from, what it aims at): some are free, then one each interval. A right guess is given back, so that a
// hundred people behind one address log in at once. Pure; time is passed in. One loop, or a lock of the owner's.
#include <chrono>
#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/time.h"

namespace conclave::sasl {

inline constexpr std::size_t kMaxGuessKeys = 50'000;  // then the one that would be forgotten soonest goes
inline constexpr Duration kMaxGuessWait = 15s;        // who would wait longer is refused without being looked at

struct GuessRate {
  unsigned free;      // wrong ones that cost no time
  Duration interval;  // then one in so long
};
struct GuessKey {
  std::string name;  // "account:alice", "address:192.0.2.1", "room:board"
  GuessRate rate;
};

class GuessLimiter {
 public:
  struct Options {
    std::size_t max_keys = kMaxGuessKeys;
    Duration max_wait = kMaxGuessWait;
  };
  GuessLimiter() : GuessLimiter(Options{}) {}
  explicit GuessLimiter(Options options) : options_(options) {}

  // How long this guess has to wait before it may be looked at; nothing: not at all, and it did not count.
  std::optional<Duration> take(TimePoint now, const std::vector<GuessKey>& keys);
  // It was right: as if it had not been made.
  void give_back(TimePoint now, const std::vector<GuessKey>& keys);

  std::size_t keys() const { return paid_until_.size(); }

 private:
  Duration wait_of(TimePoint now, const GuessKey& key) const;
  void put(TimePoint now, const std::string& name, TimePoint paid_until);

  Options options_;
  // Each guess of a key moves its moment one interval on (the "theoretical arrival time" of a leaky bucket). A moment
  // that is past says nothing any more.
  std::unordered_map<std::string, TimePoint> paid_until_;
  std::set<std::pair<TimePoint, std::string>> soonest_;
};

}  // namespace conclave::sasl
