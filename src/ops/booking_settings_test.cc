#include "ops/booking_settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace conclave::ops {
namespace {

using testing::HasSubstr;

std::optional<booking::BookingOptions> read(const Environment& environment) {
  const CommandLine command_line;
  const std::optional<EnvFile> file;
  return read_booking(SettingReader(command_line, environment, file));
}
std::string error_of(const Environment& environment) {
  try {
    (void)read(environment);
    return "none";
  } catch (const ConfigError& error) {
    return error.what();
  }
}

TEST(BookingSettings, KnowDockersNamesOfTodayAndOf2020) {
  EXPECT_FALSE(read({}).has_value());
  EXPECT_EQ(read({{"JICOFO_RESERVATION_REST_BASE_URL", "http://old.example/"}})->base_url, "http://old.example");
  EXPECT_FALSE(read({{"PROSODY_RESERVATION_REST_BASE_URL", "http://new.example"}}).has_value());
  const Environment both{{"PROSODY_RESERVATION_ENABLED", "1"},
                         {"PROSODY_RESERVATION_REST_BASE_URL", "http://new.example"},
                         {"JICOFO_RESERVATION_REST_BASE_URL", "http://old.example"}};
  EXPECT_EQ(read(both)->base_url, "http://new.example");
  EXPECT_FALSE(
      read({{"PROSODY_RESERVATION_ENABLED", "0"}, {"JICOFO_RESERVATION_REST_BASE_URL", "http://old.example"}}));
  EXPECT_THAT(error_of({{"PROSODY_RESERVATION_ENABLED", "1"}}), HasSubstr("PROSODY_RESERVATION_REST_BASE_URL"));
}

TEST(BookingSettings, TakeOurOwnNamesFirst) {
  const auto options = read({{"CONCLAVE_BOOKING_URL", "https://b.example/api"},
                             {"CONCLAVE_BOOKING_TIMEOUT", "5"},
                             {"CONCLAVE_BOOKING_TRIES", "1"},
                             {"JICOFO_RESERVATION_REST_BASE_URL", "http://old.example"}});
  EXPECT_EQ(options->base_url, "https://b.example/api");
  EXPECT_EQ(options->timeout, std::chrono::seconds(5));
  EXPECT_EQ(options->tries, 1u);
}

TEST(BookingSettings, SayWhatIsWrong) {
  EXPECT_THAT(error_of({{"CONCLAVE_BOOKING_URL", "b.example"}}), HasSubstr("/conference"));
  EXPECT_THAT(error_of({{"CONCLAVE_BOOKING_URL", "https://b.example/?a=b"}}), HasSubstr("CONCLAVE_BOOKING_URL"));
  EXPECT_THAT(error_of({{"CONCLAVE_BOOKING_URL", "https://b.example"}, {"CONCLAVE_BOOKING_CA_FILE", "/nowhere"}}),
              HasSubstr("CONCLAVE_BOOKING_CA_FILE"));
}

}  // namespace
}  // namespace conclave::ops
