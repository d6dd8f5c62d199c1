#include "focus/conference_http.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace conclave::focus {
namespace {

using testing::HasSubstr;
using Json = nlohmann::json;
using Kind = ConferenceAnswer::Kind;

const room::MucDomain kMuc("conference.d");

std::string wrong(std::string_view body) {
  const auto request = read_conference_request(body, kMuc);
  return request ? std::string() : request.error();
}

TEST(ConferenceHttp, SeesThatABreakoutRoomIsMeant) {
  EXPECT_EQ(breakout_asked_for(R"({"room":"0c6e2a4e@breakout.d"})", "breakout.d"), "0c6e2a4e@breakout.d");
  for (const char* other : {R"({"room":"a@conference.d"})", R"({"room":"@breakout.d"})", R"({"room":7})", "[]", "{"}) {
    EXPECT_EQ(breakout_asked_for(other, "breakout.d"), std::nullopt) << other;
  }
}

TEST(ConferenceHttp, ReadsWhatStockClientsSend) {
  const auto request = read_conference_request(
      R"({"room":"stand-up@conference.acme.d","machineUid":"5d0c","sessionId":"3b1c",
          "properties":{"rtcstatsEnabled":false,"visitors-version":1}})",
      kMuc);
  ASSERT_TRUE(request);
  EXPECT_EQ(request->room.key(), "[acme]stand-up");
  EXPECT_EQ(request->room_address, "stand-up@conference.acme.d");
  EXPECT_EQ(request->machine_uid, "5d0c");
  EXPECT_EQ(request->session_id, "3b1c");
}

TEST(ConferenceHttp, SaysWhatIsWrong) {
  EXPECT_THAT(wrong(""), HasSubstr("JSON"));
  EXPECT_THAT(wrong("[]"), HasSubstr("JSON"));
  EXPECT_THAT(wrong("{"), HasSubstr("JSON"));
  EXPECT_THAT(wrong(std::string(5'000, '[')), HasSubstr("JSON"));
  EXPECT_THAT(wrong("{}"), HasSubstr("'room'"));
  EXPECT_THAT(wrong(R"({"room":7})"), HasSubstr("'room'"));
  EXPECT_THAT(wrong(R"({"room":"a@elsewhere"})"), HasSubstr("not the address"));
  EXPECT_FALSE(wrong(R"({"room":"focus@conference.d"})").empty());
  EXPECT_EQ(wrong(R"({"room":"a@conference.d","machineUid":7,"sessionId":[]})"), "");
}

TEST(ConferenceHttp, ALongNameOfAMachineIsCut) {
  const auto request =
      read_conference_request(R"({"room":"a@conference.d","machineUid":")" + std::string(2'000, 'm') + "\"}", kMuc);
  ASSERT_TRUE(request);
  EXPECT_EQ(request->machine_uid.size(), kMaxMachineUidBytes);
}

TEST(ConferenceHttp, AnswersWithTexts) {
  const HttpConferenceAnswer answer = as_http({.room_address = "a@conference.d",
                                               .focus_jid = "focus@auth.d",
                                               .identity = "ada@example.com",
                                               .password_login = true});
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(Json::parse(answer.body), Json::parse(R"({"ready":true,"room":"a@conference.d","focusJid":"focus@auth.d",
    "identity":"ada@example.com","properties":{"authentication":"true","externalAuth":"false",
    "sipGatewayEnabled":"false","visitors-supported":"false"}})"));
}

TEST(ConferenceHttp, RefusalsHaveTheStatusThatClientsKnow) {
  EXPECT_EQ(as_http({.kind = Kind::NotAuthorized, .sentence = "Wait."}).status, 403);
  EXPECT_EQ(as_http({.kind = Kind::BookingRefused, .sentence = "Taken.", .booking_code = 409}).status, 409);
  EXPECT_EQ(as_http({.kind = Kind::BookingRefused, .sentence = "Odd.", .booking_code = 42}).status, 500);
  const HttpConferenceAnswer stale = as_http({.kind = Kind::SessionInvalid});
  EXPECT_EQ(stale.status, 400);
  // As the client looks for it: at an index greater than 0.
  EXPECT_GT(stale.body.find("400 invalid-session"), 0U);
  EXPECT_NE(stale.body.find("400 invalid-session"), std::string::npos);
}

}  // namespace
}  // namespace conclave::focus
