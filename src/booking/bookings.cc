#include "booking/bookings.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace conclave::booking {
namespace {

BookingFailure too_many() {
  return {BookingFailure::Kind::Unreachable, 500,
          "Too many people are asking for rooms at the moment. Try again later."};
}

}  // namespace

Bookings::Bookings(Loop& loop, HttpFetcher& fetcher, BookingOptions options)
    : Pinned(loop), client_(loop, fetcher, std::move(options)) {}

void Bookings::ask(const std::string& name, const std::string& mail_owner, BookingClient::Reply reply) {
  assert_here();
  if (!rooms_.contains(name) && rooms_.size() >= kMaxBookings) return reply(failure(too_many()));
  Room& room = rooms_[name];
  if (room.booked) {
    ++room.undecided;
    return reply(*room.booked);
  }
  if (const auto refused = room.refused.find(mail_owner); refused != room.refused.end())
    return reply(failure(BookingFailure(refused->second.failure)));
  if (room.waiting.size() >= kMaxWaiting) return reply(failure(too_many()));
  room.waiting.push_back({mail_owner, std::move(reply)});
  if (room.waiting.size() == 1) ask_for_first(name);
}

void Bookings::ask_for_first(const std::string& name) {
  const std::string& owner = rooms_.at(name).waiting.front().owner;
  client_.book(name, owner, [this, name, owner](Answer answer) { answered(name, owner, std::move(answer)); });
}

void Bookings::answered(const std::string& name, const std::string& owner, Answer answer) {
  if (answer) return grant(rooms_.at(name), *answer);
  refuse(name, owner, answer.error());
}

void Bookings::grant(Room& room, const Booking& booking) {
  room.booked = booking;
  room.refused.clear();
  auto waiting = std::exchange(room.waiting, {});
  room.undecided = waiting.size();
  // A reply may call back in.
  for (Waiting& one : waiting) one.reply(booking);
}

void Bookings::refuse(const std::string& name, const std::string& owner, const BookingFailure& failed) {
  Room& room = rooms_.at(name);
  // A server that is down is down for all who wait: nobody sits through the tries of one after the other. But only he
  // is remembered who was asked for.
  const bool all = failed.kind == BookingFailure::Kind::Unreachable;
  const auto others = std::stable_partition(room.waiting.begin(), room.waiting.end(),
                                            [&](const Waiting& one) { return all || one.owner == owner; });
  std::vector<Waiting> told(std::make_move_iterator(room.waiting.begin()), std::make_move_iterator(others));
  room.waiting.erase(room.waiting.begin(), others);
  if (room.refused.size() < kMaxRefused) {
    room.refused[owner] = {failed, loop().after(kRememberFailure, [this, name, owner] { forget(name, owner); })};
  }
  if (!room.waiting.empty()) ask_for_first(name);
  forget_if_idle(name);
  for (Waiting& one : told) one.reply(failure(BookingFailure(failed)));
}

void Bookings::started(const std::string& name) {
  assert_here();
  const auto at = rooms_.find(name);
  if (at == rooms_.end()) return;
  at->second.running = true;
  decided(at->second);
}

void Bookings::unused(const std::string& name) {
  assert_here();
  const auto at = rooms_.find(name);
  if (at == rooms_.end()) return;
  decided(at->second);
  give_back_if_free(name);
}

void Bookings::ended(const std::string& name) {
  assert_here();
  const auto at = rooms_.find(name);
  if (at == rooms_.end()) return;
  at->second.running = false;
  give_back_if_free(name);
}

void Bookings::decided(Room& room) {
  if (room.undecided > 0) --room.undecided;
}

// Somebody who was granted the booking a moment ago may be about to start the room that has just ended.
void Bookings::give_back_if_free(const std::string& name) {
  Room& room = rooms_.at(name);
  if (!room.booked || room.running || room.undecided > 0) return;
  const std::string id = room.booked->id;
  rooms_.erase(name);
  client_.release(id);
}

// By value: the timer that calls this goes with what it held.
void Bookings::forget(std::string name, std::string owner) {
  rooms_.at(name).refused.erase(owner);
  forget_if_idle(name);
}

void Bookings::forget_if_idle(const std::string& name) {
  const auto at = rooms_.find(name);
  if (at != rooms_.end() && at->second.is_idle()) rooms_.erase(at);
}

}  // namespace conclave::booking
