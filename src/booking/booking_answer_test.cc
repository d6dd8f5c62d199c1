#include "booking/booking_answer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace conclave::booking {
namespace {

WallTime at(std::int64_t seconds) {
  return WallTime(std::chrono::seconds(seconds));
}

TEST(ReadBooking, TakesWhatTheProtocolSays) {
  const auto booking = read_booking(R"({"id": 364758328, "name": "conference1234", "mail_owner": "user@server.com",
      "start_time": "2048-04-20T17:55:12.000Z", "duration": 900000, "max_occupants": 5, "lobby": true, "password": "foo", "other": [1]})");
  ASSERT_TRUE(booking.has_value());
  EXPECT_EQ(booking->id, "364758328");
  EXPECT_EQ(booking->name, "conference1234");
  EXPECT_EQ(booking->mail_owner, "user@server.com");
  EXPECT_EQ(booking->start, at(2471018112));
  EXPECT_EQ(booking->ends_at(at(0)), at(2471018112 + 900000));
  EXPECT_EQ(booking->max_occupants, 5u);
  EXPECT_EQ(booking->lobby, true);
  EXPECT_EQ(booking->password, "foo");
}

TEST(ReadBooking, CountsFromTheBeginningWhenNoStartIsSaidAndNeedsNoEnd) {
  EXPECT_EQ(read_booking(R"({"id":"a","duration":60})")->ends_at(at(100)), at(160));
  EXPECT_EQ(read_booking(R"({"id":"a"})")->ends_at(at(100)), std::nullopt);
}

TEST(ReadBooking, RefusesNonsense) {
  for (const auto* body :
       {"", "[]", "null", "{", "{}", R"({"id":null})", R"({"id":""})", R"({"id":{}})", R"({"id":"a","duration":"1"})",
        R"({"id":"a","duration":-1})", R"({"id":"a","duration":99999999999})", R"({"id":"a","start_time":"soon"})",
        R"({"id":"a","start_time":5})", R"({"id":"a","lobby":1})", R"({"id":"a","password":7})",
        R"({"id":"a","max_occupants":1.5})"}) {
    EXPECT_FALSE(read_booking(body).has_value()) << body;
  }
  EXPECT_FALSE(read_booking(R"({"id":")" + std::string(kMaxTextBytes + 1, 'a') + "\"}").has_value());
}

TEST(ReadMessage, IsOneBoundedLine) {
  EXPECT_EQ(read_message(R"({"message":"Not\u0000 today\n<b>"})"), "Not  today <b>");
  EXPECT_EQ(read_message(R"({"message":5})"), "");
  EXPECT_EQ(read_message("<html>"), "");
  EXPECT_EQ(read_message(R"({"message":")" + std::string(kMaxTextBytes - 1, 'a') + "é\"}"),
            std::string(kMaxTextBytes - 1, 'a'));
}

TEST(ReadConflict, TakesNumbersAndTexts) {
  EXPECT_EQ(read_conflict(R"({"conflict_id":364758328})"), "364758328");
  EXPECT_EQ(read_conflict(R"({"conflict_id":"a/b"})"), "a/b");
  EXPECT_EQ(read_conflict(R"({"id":1})"), std::nullopt);
}

TEST(Times, AreWrittenAsReadAndReadInEveryZone) {
  EXPECT_EQ(write_time(at(2471018112)), "2048-04-20T17:55:12.000+0000");
  for (const auto* text : {"2048-04-20T17:55:12.000+0000", "2048-04-20T17:55:12Z", "2048-04-20T19:55:12.5+02:00",
                           "2048-04-20T16:25:12-0130"}) {
    EXPECT_EQ(read_time(text), at(2471018112)) << text;
  }
  for (const auto* text :
       {"", "2048", "2048-04-31T00:00:00Z", "2048-04-20T24:00:00Z", "2048-04-20T17:55:12", "2048-04-20 17:55:12Z",
        "2048-04-20T17:55:12Zx", "2048-04-20T17:55:12+99:00", "-048-04-20T17:55:12Z"}) {
    EXPECT_EQ(read_time(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace conclave::booking
