#include "booking/bookings.h"

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
  auto at = rooms_.find(name);
  if (at == rooms_.end()) {
    if (rooms_.size() >= kMaxBookings) return reply(failure(too_many()));
    at = rooms_.emplace(name, Room{}).first;
    at->second.waiting.push_back(std::move(reply));
    return client_.book(name, mail_owner,
                        [this, name](Result<Booking, BookingFailure> answer) { answered(name, std::move(answer)); });
  }
  Room& room = at->second;
  if (room.answer) return reply(*room.answer);
  if (room.waiting.size() >= kMaxWaiting) return reply(failure(too_many()));
  room.over = false;
  room.waiting.push_back(std::move(reply));
}

void Bookings::answered(const std::string& name, Result<Booking, BookingFailure> answer) {
  Room& room = rooms_[name];
  auto waiting = std::exchange(room.waiting, {});
  if (room.over) {
    if (answer) client_.release(answer->id);
    rooms_.erase(name);
  } else {
    room.answer = answer;
    if (!answer) room.forget = loop().after(kRememberFailure, [this, name] { rooms_.erase(name); });
  }
  for (auto& reply : waiting) reply(answer);
}

void Bookings::ended(const std::string& name) {
  assert_here();
  const auto at = rooms_.find(name);
  if (at == rooms_.end()) return;
  Room& room = at->second;
  if (!room.answer) {
    room.over = true;
    return;
  }
  if (!*room.answer) return;  // remembered until its time is over
  const std::string id = (*room.answer)->id;
  rooms_.erase(at);
  client_.release(id);
}

}  // namespace conclave::booking
