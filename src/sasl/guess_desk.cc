#include "sasl/guess_desk.h"

#include <utility>

namespace conclave::sasl {
namespace {

// Prepared names have no space.
std::string place(const Guess& guess) {
  return guess.account + " " + guess.address;
}

}  // namespace

std::vector<RateKey> GuessDesk::keys_of(const Guess& guess) const {
  const auto known = known_places_.find(place(guess));
  if (known != known_places_.end() && loop().now() < known->second) {
    return {{"place:" + known->first, kPerAccount}};
  }
  std::vector<RateKey> keys{{"address:" + guess.address, kPerAddress}};
  if (!guess.account.empty()) keys.push_back({"account:" + guess.account, kPerAccount});
  return keys;
}

void GuessDesk::ask(Loop& reply_to, Guess guess, UniqueFunction<void(std::optional<PaidGuess>)> reply) {
  loop().post([this, &reply_to, guess = std::move(guess), reply = std::move(reply)]() mutable {
    std::vector<RateKey> keys = keys_of(guess);
    const auto wait = limiter_.take(loop().now(), keys);
    std::optional<PaidGuess> paid;
    if (wait) paid = PaidGuess{.guess = std::move(guess), .wait = *wait, .keys = std::move(keys)};
    reply_to.post([paid = std::move(paid), reply = std::move(reply)]() mutable { reply(std::move(paid)); });
  });
}

void GuessDesk::was_right(PaidGuess paid) {
  loop().post([this, paid = std::move(paid)] {
    limiter_.give_back(loop().now(), paid.keys);
    if (known_places_.size() >= kMaxKnownPlaces) known_places_.clear();
    known_places_.insert_or_assign(place(paid.guess), loop().now() + kKnownPlaceLifetime);
  });
}

void GuessDesk::take_back(PaidGuess paid) {
  loop().post([this, paid = std::move(paid)] { limiter_.give_back(loop().now(), paid.keys); });
}

}  // namespace conclave::sasl
