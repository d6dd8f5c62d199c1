#pragma once
// Which rooms are booked: one question per room at a time, however many people ask, and for each of them in his own
// name. A booking is the room's; a refusal is his who was refused. Lives on the loop of its HttpFetcher (loop 0).
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "booking/booking_client.h"

namespace conclave::booking {

class Bookings : public Pinned {
 public:
  static constexpr std::size_t kMaxBookings = 20'000;  // rooms asked for, booked or refused; beyond: Unreachable
  static constexpr std::size_t kMaxWaiting = 500;      // people who wait for one room; beyond: Unreachable
  static constexpr std::size_t kMaxRefused = 50;       // owners whose refusal a room remembers; beyond: asked each time
  static constexpr Duration kRememberFailure = 30s;

  Bookings(Loop& loop, HttpFetcher& fetcher, BookingOptions options);

  // May this room be started? `name` is its canonical key; `mail_owner` who asks. A room that is booked already is
  // answered from memory. The reply comes in this turn or a later one, and is not called if the Bookings are gone by
  // then. Whoever is granted a booking says what became of it: started() or unused().
  void ask(const std::string& name, const std::string& mail_owner, BookingClient::Reply reply);
  // One of those who were granted it has started the room, or found it started.
  void started(const std::string& name);
  // One of them did not.
  void unused(const std::string& name);
  // The meeting is over. Once none is on and nobody is left who might begin one, the booking server is told, and asked
  // again next time.
  void ended(const std::string& name);

  std::size_t size() const { return rooms_.size(); }

 private:
  using Answer = Result<Booking, BookingFailure>;
  struct Waiting {
    std::string owner;
    BookingClient::Reply reply;
  };
  struct Refusal {
    BookingFailure failure;
    Timer forget;
  };
  struct Room {
    std::optional<Booking> booked{};
    std::size_t undecided = 0;                 // how many were granted it and have not said what became of that
    bool running = false;                      // a meeting is on
    std::vector<Waiting> waiting{};            // the first of them is asked for just now
    std::map<std::string, Refusal> refused{};  // by owner

    bool is_idle() const { return !booked && waiting.empty() && refused.empty(); }
  };
  void ask_for_first(const std::string& name);
  void answered(const std::string& name, const std::string& owner, Answer answer);
  void grant(Room& room, const Booking& booking);
  void refuse(const std::string& name, const std::string& owner, const BookingFailure& failed);
  void decided(Room& room);
  void give_back_if_free(const std::string& name);
  void forget(std::string name, std::string owner);
  void forget_if_idle(const std::string& name);

  BookingClient client_;
  std::unordered_map<std::string, Room> rooms_;
};

}  // namespace conclave::booking
