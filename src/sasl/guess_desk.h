#pragma once
// The one GuessLimiter for logins, asked by messages from all loops. An address from which an account was logged into
// before is counted for itself: who guesses at somebody's account from elsewhere does not keep him out.
#include <optional>
#include <string>
#include <unordered_map>

#include "base/address.h"
#include "loop/pinned.h"
#include "sasl/guess_limiter.h"

namespace conclave::sasl {

inline constexpr std::size_t kMaxKnownPlaces = 20'000;  // then all are forgotten, which costs nobody but the guessed-at
inline constexpr GuessRate kPerAddress{.free = 30, .interval = 2s};
inline constexpr GuessRate kPerAccount{.free = 5, .interval = 12s};  // five a minute
inline constexpr Duration kKnownPlaceLifetime = 24h;

struct Guess {
  std::string address;  // of the person: source_network()
  std::string account;  // prepared name; empty if the name was none
};

// Lives on one loop, outlives those who ask.
class GuessDesk : public Pinned {
 public:
  explicit GuessDesk(Loop& loop) : Pinned(loop) {}

  // From any loop: `reply` runs on `reply_to`, with the time that the guess has to wait before it is looked at, or
  // nothing: too many wait already.
  void ask(Loop& reply_to, Guess guess, UniqueFunction<void(std::optional<Duration>)> reply);
  // From any loop: the password was right.
  void was_right(Guess guess);
  // From any loop: it was not even looked at, or what is wrong is not the password.
  void take_back(Guess guess);

  std::uint64_t slowed() const { return slowed_; }  // on its loop

 private:
  std::vector<GuessKey> keys_of(const Guess& guess) const;

  GuessLimiter limiter_;
  std::unordered_map<std::string, TimePoint> known_places_;  // "account address" → until
  std::uint64_t slowed_ = 0;
};

}  // namespace conclave::sasl
