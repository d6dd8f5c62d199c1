#include "sasl/guess_desk.h"

#include <algorithm>
#include <utility>

namespace conclave::sasl {
namespace {

// Prepared names have no space.
std::string place(const Guess& guess) {
  return guess.account + " " + guess.address;
}

}  // namespace

std::vector<GuessKey> GuessDesk::keys_of(const Guess& guess) const {
  const auto known = known_places_.find(place(guess));
  if (known != known_places_.end() && loop().now() < known->second) {
    return {{"place:" + known->first, kPerAccount}};
  }
  std::vector<GuessKey> keys{{"address:" + guess.address, kPerAddress}};
  if (!guess.account.empty()) keys.push_back({"account:" + guess.account, kPerAccount});
  return keys;
}

void GuessDesk::ask(Loop& reply_to, Guess guess, UniqueFunction<void(std::optional<Duration>)> reply) {
  loop().post([this, &reply_to, guess = std::move(guess), reply = std::move(reply)]() mutable {
    const auto wait = limiter_.take(loop().now(), keys_of(guess));
    if (wait != Duration::zero()) ++slowed_;
    reply_to.post([wait, reply = std::move(reply)]() mutable { reply(wait); });
  });
}

void GuessDesk::was_right(Guess guess) {
  loop().post([this, guess = std::move(guess)] {
    limiter_.give_back(loop().now(), keys_of(guess));
    if (known_places_.size() >= kMaxKnownPlaces) known_places_.clear();
    known_places_.insert_or_assign(place(guess), loop().now() + kKnownPlaceLifetime);
  });
}

void GuessDesk::take_back(Guess guess) {
  loop().post([this, guess = std::move(guess)] { limiter_.give_back(loop().now(), keys_of(guess)); });
}

}  // namespace conclave::sasl
