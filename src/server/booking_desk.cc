#include "server/booking_desk.h"

#include <utility>

namespace conclave::server {
namespace {

using booking::Booking;
using booking::BookingFailure;

// Whom the booking is for: the verified mail address, else the person's key. Never what a client says about itself.
std::string owner(const access::Identity& who) {
  return who.display.email.empty() ? who.subject : who.display.email;
}

BookingOutcome outcome(const access::RoomName& room, const Result<Booking, BookingFailure>& answer, WallTime now) {
  if (!answer) {
    const bool denied = answer.error().kind == BookingFailure::Kind::Denied;
    return {.booked = {.answer = denied ? access::Booking::Denied : access::Booking::Unreachable,
                       .terms = std::nullopt,
                       .text = answer.error().text},
            .code = answer.error().code};
  }
  access::RoomDefinition terms{.name = room};
  terms.password = answer->password.value_or("");
  if (answer->lobby) terms.lobby = *answer->lobby ? access::Lobby::Guests : access::Lobby::Off;
  if (answer->max_occupants && *answer->max_occupants > 0) terms.capacity = *answer->max_occupants;
  terms.expires = answer->ends_at(now);
  return {.booked = {.answer = access::Booking::Granted, .terms = std::move(terms), .text = {}}};
}

}  // namespace

BookingDesk::BookingDesk(UvLoop& first, booking::BookingOptions options)
    : first_(first), http_(first), bookings_(first, http_, std::move(options)) {}

void BookingDesk::ask(Station& home, const access::RoomName& room, const access::Identity& who,
                      UniqueFunction<void(BookingOutcome)> reply) {
  first_.post([this, &home, room, mail_owner = owner(who), reply = std::move(reply)]() mutable {
    bookings_.ask(room.key(), mail_owner,
                  [&home, room, reply = std::move(reply)](Result<Booking, BookingFailure> answer) mutable {
                    home.run([&home, room, reply = std::move(reply), answer = std::move(answer)]() mutable {
                      reply(outcome(room, answer, home.loop().wall_now()));
                    });
                  });
  });
}

void BookingDesk::started(const access::RoomName& room) {
  first_.post([this, name = room.key()] { bookings_.started(name); });
}

void BookingDesk::unused(const access::RoomName& room) {
  first_.post([this, name = room.key()] { bookings_.unused(name); });
}

void BookingDesk::ended(const access::RoomName& room) {
  first_.post([this, name = room.key()] { bookings_.ended(name); });
}

}  // namespace conclave::server
