#pragma once
// Where rooms are booked before they start (access.md gate 6): the way from a room's loop to the booking server's
// client on the first loop, and back.
#include "access/identity.h"
#include "access/room_name.h"
#include "base/unique_function.h"
#include "booking/bookings.h"
#include "net/http_client.h"
#include "room/definitions.h"
#include "server/station.h"

namespace conclave::server {

struct BookingOutcome {
  room::Booked booked;
  int code = 500;  // of the failure, for <reservation-error error-code=…/>
};

// Made before the loops run, on the first one; goes after they have stopped.
class BookingDesk {
 public:
  BookingDesk(UvLoop& first, booking::BookingOptions options);

  // From any loop. One question per room at a time, however many ask. `reply` runs on `home`, in this turn or a later
  // one; never if the server stops before. Whoever is granted a booking says what became of it: started() or
  // unused().
  void ask(Station& home, const access::RoomName& room, const access::Identity& who,
           UniqueFunction<void(BookingOutcome)> reply);
  void started(const access::RoomName& room);
  void unused(const access::RoomName& room);
  // The meeting is over. For a room that is not booked it does nothing.
  void ended(const access::RoomName& room);

 private:
  UvLoop& first_;
  HttpClient http_;
  booking::Bookings bookings_;
};

}  // namespace conclave::server
