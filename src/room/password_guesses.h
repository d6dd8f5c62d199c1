#pragma once
// Slows guessing at room passwords down (access.md A44): wrong ones are counted for where they come from, for that
// address in that room, and for the room. Some are free, then one each interval. Right ones do not count, so a hundred
// people behind one address come in at once. Who has not guessed wrong in a room is not held up by those who do.
// Owned by Rooms, on its loop; the time is passed in.
#include <cstddef>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>

#include "base/time.h"

namespace conclave::room {

inline constexpr std::size_t kMaxGuessKeys = 20'000;  // then the one that would be forgotten soonest goes

class PasswordGuesses {
 public:
  // False: the guess is not to be looked at, whatever it is. `address` may be empty: then only the room counts.
  bool may_try(TimePoint now, const std::string& room, const std::string& address) const;
  void was_wrong(TimePoint now, const std::string& room, const std::string& address);

  std::size_t keys() const { return paid_until_.size(); }

 private:
  struct Rate {
    int free;
    Duration interval;
  };
  static constexpr Rate kOfAddress{30, std::chrono::seconds(2)};
  static constexpr Rate kOfAddressInRoom{20, std::chrono::seconds(5)};
  static constexpr Rate kOfRoom{200, std::chrono::seconds(1)};

  bool has_paid(TimePoint now, const std::string& key, Rate rate) const;
  void charge(TimePoint now, const std::string& key, Rate rate);

  // Each wrong guess moves its key's moment one interval on; a moment that is past says nothing any more.
  std::unordered_map<std::string, TimePoint> paid_until_;
  std::set<std::pair<TimePoint, std::string>> soonest_;
};

}  // namespace conclave::room
