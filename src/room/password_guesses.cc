#include "room/password_guesses.h"

#include <algorithm>

namespace conclave::room {
namespace {

std::string of_address(const std::string& address) {
  return "address " + address;
}
std::string of_both(const std::string& room, const std::string& address) {
  return "both " + room + ' ' + address;
}
std::string of_room(const std::string& room) {
  return "room " + room;
}
std::string of_newcomers(const std::string& room) {
  return "new " + room;
}

}  // namespace

bool PasswordGuesses::has_paid(TimePoint now, const std::string& key, Rate rate) const {
  const auto found = paid_until_.find(key);
  return found == paid_until_.end() || found->second - now <= rate.interval * (rate.free - 1);
}

bool PasswordGuesses::may_try(TimePoint now, const std::string& room, const std::string& address) const {
  if (address.empty()) return has_paid(now, of_room(room), kOfRoom);
  if (!has_paid(now, of_address(address), kOfAddress) || !has_paid(now, of_both(room, address), kOfAddressInRoom)) {
    return false;
  }
  // Who has not guessed wrong here is not held up by those who do, but all newcomers together have a rate of their own:
  // addresses cost little.
  const bool is_new = !paid_until_.contains(of_both(room, address));
  return has_paid(now, is_new ? of_newcomers(room) : of_room(room), kOfRoom);
}

void PasswordGuesses::was_wrong(TimePoint now, const std::string& room, const std::string& address) {
  charge(now, of_room(room), kOfRoom);
  if (address.empty()) return;
  if (!paid_until_.contains(of_both(room, address))) charge(now, of_newcomers(room), kOfRoom);
  charge(now, of_address(address), kOfAddress);
  charge(now, of_both(room, address), kOfAddressInRoom);
}

void PasswordGuesses::charge(TimePoint now, const std::string& key, Rate rate) {
  while (!soonest_.empty() && (soonest_.begin()->first <= now || soonest_.size() >= kMaxGuessKeys)) {
    paid_until_.erase(soonest_.begin()->second);
    soonest_.erase(soonest_.begin());
  }
  const auto found = paid_until_.find(key);
  TimePoint until = now;
  if (found != paid_until_.end()) {
    soonest_.erase({found->second, key});
    until = std::max(now, found->second);
  }
  until += rate.interval;
  paid_until_[key] = until;
  soonest_.emplace(until, key);
}

}  // namespace conclave::room
