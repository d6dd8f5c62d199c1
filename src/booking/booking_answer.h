#pragma once
// What a booking server says (signalling.md 4.6), read from the body of its answer. Pure; any thread.
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace conclave::booking {

inline constexpr std::size_t kMaxTextBytes = 1024;

struct Booking {
  std::string id{};  // the booking server's, for GET and DELETE
  std::string name{};
  std::string mail_owner{};
  std::optional<WallTime> start{};
  std::optional<std::chrono::seconds> duration{};  // from the start
  std::optional<std::uint32_t> max_occupants{};
  std::optional<bool> lobby{};
  std::optional<std::string> password{};

  // When the room is to be closed; `begun` counts where the server named no start. Absent: no end was set.
  std::optional<WallTime> ends_at(WallTime begun) const;
};

// Nothing unless it is a JSON object with an id. Members of a wrong type are errors too, unknown ones are not.
std::optional<Booking> read_booking(std::string_view body);
// The id in the body of a 409.
std::optional<std::string> read_conflict(std::string_view body);
// The sentence for the person who was denied; "" if there is none. Cut at kMaxTextBytes; no control characters.
std::string read_message(std::string_view body);

// "2026-01-31T12:00:00.000+0000", with Z or +00:00 too, with or without a fraction; nothing for any other text.
std::optional<WallTime> read_time(std::string_view text);
std::string write_time(WallTime time);  // in UTC, as the protocol wants it

}  // namespace conclave::booking
