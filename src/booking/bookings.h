#pragma once
// Which rooms are booked: one question per room, however many people ask at the same time. Lives on the loop of its
// HttpFetcher (loop 0).
#include <cstddef>
#include <string>
#include <unordered_map>
#include <vector>

#include "booking/booking_client.h"

namespace conclave::booking {

class Bookings : public Pinned {
 public:
  static constexpr std::size_t kMaxBookings = 20'000;  // rooms asked for, booked or denied; beyond: Unreachable
  static constexpr std::size_t kMaxWaiting = 500;      // people who wait for one answer; beyond: Unreachable
  static constexpr Duration kRememberFailure = 30s;

  Bookings(Loop& loop, HttpFetcher& fetcher, BookingOptions options);

  // May this room be started? `name` is its canonical key; `mail_owner` who asks. A room that is booked already is
  // answered from memory. The reply comes in this turn or a later one, and is not called if the Bookings are gone by
  // then.
  void ask(const std::string& name, const std::string& mail_owner, BookingClient::Reply reply);
  // The room is gone, or was not started after all: the booking server is told, and asked again next time.
  void ended(const std::string& name);

  std::size_t size() const { return rooms_.size(); }

 private:
  struct Room {
    std::vector<BookingClient::Reply> waiting{};
    std::optional<Result<Booking, BookingFailure>> answer{};
    Timer forget{};     // of a failure
    bool over = false;  // ended while the question was under way
  };
  void answered(const std::string& name, Result<Booking, BookingFailure> answer);

  BookingClient client_;
  std::unordered_map<std::string, Room> rooms_;
};

}  // namespace conclave::booking
