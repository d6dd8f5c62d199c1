#pragma once
// How guessing at accounts is slowed: one desk for all loops, asked by messages. An address from which an account was
// logged into before is counted for itself: who guesses at somebody's account from elsewhere does not keep him out.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/rate_limiter.h"
#include "base/unique_function.h"
#include "loop/pinned.h"

namespace conclave::sasl {

inline constexpr std::size_t kMaxGuessKeys = 50'000;    // then the one that would be forgotten soonest goes
inline constexpr Duration kMaxGuessWait = 15s;          // who would wait longer is refused without being looked at
inline constexpr std::size_t kMaxKnownPlaces = 20'000;  // then all are forgotten, which costs nobody but the guessed-at
inline constexpr Rate kPerAddress{.free = 30, .interval = 2s};
inline constexpr Rate kPerAccount{.free = 5, .interval = 12s};  // five a minute
inline constexpr Duration kKnownPlaceLifetime = 24h;

struct Guess {
  std::string address;  // network_of() the person's address
  std::string account;  // prepared name; empty if the name was none
};

// A guess that the desk has taken, and what was paid for it: given back as it was paid, whatever the desk has learnt
// meanwhile.
struct PaidGuess {
  Guess guess;
  Duration wait{};  // before it may be looked at
  std::vector<RateKey> keys;
};

// Lives on one loop, outlives those who ask.
class GuessDesk : public Pinned {
 public:
  explicit GuessDesk(Loop& loop) : Pinned(loop) {}

  // From any loop: `reply` runs on `reply_to`. Nothing: too many wait already.
  void ask(Loop& reply_to, Guess guess, UniqueFunction<void(std::optional<PaidGuess>)> reply);
  // From any loop: the password was right.
  void was_right(PaidGuess paid);
  // From any loop: it was not even looked at, or what is wrong is not the password.
  void take_back(PaidGuess paid);

 private:
  std::vector<RateKey> keys_of(const Guess& guess) const;

  RateLimiter limiter_{{.max_keys = kMaxGuessKeys, .max_wait = kMaxGuessWait}};
  std::unordered_map<std::string, TimePoint> known_places_;  // "account address" → until
};

}  // namespace conclave::sasl
