#pragma once
// From variables to booking::BookingOptions (environment.md 2, "Booking protocol"). Throws ConfigError.
#include <optional>

#include "booking/booking_client.h"
#include "ops/setting_reader.h"

namespace conclave::ops {

// CONCLAVE_BOOKING_URL, else docker's names of today and of 2020; absent: rooms are not booked.
std::optional<booking::BookingOptions> read_booking(const SettingReader& read);

}  // namespace conclave::ops
