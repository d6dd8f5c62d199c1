#include "ops/booking_settings.h"

#include <fstream>
#include <string>

#include "net/http_url.h"

namespace conclave::ops {
namespace {

constexpr std::uint64_t kMostTries = 10;

// The variable that says where the booking server is. PROSODY_RESERVATION_ENABLED alone switches docker's name of
// today; its predecessor was switched by being there.
std::optional<std::string> name_in_force(const SettingReader& read) {
  if (read.has("CONCLAVE_BOOKING_URL")) return "CONCLAVE_BOOKING_URL";
  const auto enabled = read.boolean("PROSODY_RESERVATION_ENABLED");
  if (enabled.value_or(false)) {
    if (read.has("PROSODY_RESERVATION_REST_BASE_URL")) return "PROSODY_RESERVATION_REST_BASE_URL";
    if (!read.has("JICOFO_RESERVATION_REST_BASE_URL")) {
      throw ConfigError("PROSODY_RESERVATION_REST_BASE_URL", "",
                        "Rooms are to be booked: say where the booking server is, as https://booking.example.org");
    }
  }
  if (enabled.value_or(true) && read.has("JICOFO_RESERVATION_REST_BASE_URL")) return "JICOFO_RESERVATION_REST_BASE_URL";
  return std::nullopt;
}

}  // namespace

std::optional<booking::BookingOptions> read_booking(const SettingReader& read) {
  const auto name = name_in_force(read);
  if (!name) return std::nullopt;
  booking::BookingOptions options;
  options.base_url = *read.text(*name);
  const auto url = parse_http_url(options.base_url);
  if (!url || url->has_query || url->has_fragment)
    read.wrong(*name, "Give the address before /conference, as https://booking.example.org/api");
  while (options.base_url.ends_with('/')) options.base_url.pop_back();
  if (const auto file = read.text("CONCLAVE_BOOKING_CA_FILE")) {
    if (!std::ifstream(*file).is_open()) read.wrong("CONCLAVE_BOOKING_CA_FILE", "The file cannot be read.");
    options.ca_file = *file;
  }
  if (const auto timeout = read.duration("CONCLAVE_BOOKING_TIMEOUT")) options.timeout = *timeout;
  if (const auto tries = read.number("CONCLAVE_BOOKING_TRIES", 1, kMostTries))
    options.tries = static_cast<unsigned>(*tries);
  return options;
}

}  // namespace conclave::ops
