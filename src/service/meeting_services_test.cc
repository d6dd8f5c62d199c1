// Recording and Dialing in a room, with desks that write down what they were asked.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "room/room_fixture.h"
#include "service/dialing.h"
#include "service/recording.h"

namespace conclave::service {
namespace {

using room::Client;
using room::room_name;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

struct Desk final : RecorderDesk, GatewayDesk {
  void start(const access::RoomName&, RecorderOrder order) override { orders.push_back(std::move(order)); }
  void stop(const std::string& session_id) override { stopped.push_back(session_id); }
  void dial(const access::RoomName&, const std::string& call, bool transcribes, xmpp::Element order) override {
    calls.push_back(call);
    dials.push_back((transcribes ? "transcribe " : "") + order.str());
  }
  void hang_up(const std::string& resource) override { ended.push_back(resource); }

  std::vector<RecorderOrder> orders;
  std::vector<std::string> stopped, calls, dials, ended;
};

class MeetingServicesTest : public room::RoomsTest {
 protected:
  MeetingServicesTest() {
    listeners = {};
    listeners.add(recording);
    listeners.add(dialing);
  }
  Client service(const std::string& nick, const std::string& subject) {
    access::Identity identity;
    identity.kind = access::IdentityKind::Service;
    identity.subject = subject;
    return client(nick, std::move(identity));
  }
  void to_focus(const Client& who, std::string_view payload) {
    send(who, "<iq type='set' id='q' to='" + address("board", "focus") + "'>" + std::string(payload) + "</iq>");
  }
  void record(const Client& who, std::string_view action, std::string_view more = "recording_mode='file'") {
    to_focus(who, "<jibri xmlns='http://jitsi.org/protocol/jibri' action='" + std::string(action) + "' " +
                      std::string(more) + "/>");
  }
  void dial(const Client& who, std::string_view to, std::string_view headers) {
    to_focus(who, "<dial xmlns='urn:xmpp:rayo:1' from='fromnumber' to='" + std::string(to) + "'>" +
                      std::string(headers) + "</dial>");
  }
  static constexpr std::string_view kThisRoom = "<header name='JvbRoomName' value='board@conference.example'/>";

  room::Room* board() { return rooms.find(room_name("board")); }
  void started(Recorders::Outcome outcome = Recorders::Outcome::Taken) {
    recording.started(board(), desk.orders.back().session_id, outcome);
  }
  void reported(RecordingStatus::State state, std::string failure = {}) {
    recording.reported(board(), {.room = room_name("board"),
                                 .session_id = desk.orders.back().session_id,
                                 .state = state,
                                 .failure = std::move(failure)});
  }
  void dialled(Gateways::Outcome outcome, std::string resource = {}) {
    dialing.dialled(
        board(),
        {.room = room_name("board"), .call = desk.calls.back(), .outcome = outcome, .resource = std::move(resource)});
  }
  std::string all(const Client& who) {
    std::string text;
    for (const std::string& one : take(who)) text += one + '\n';
    return text;
  }

  Desk desk;
  Options options{.brewery_domain = "internal.example", .recorder = "rec", .jigasi = "sip", .transcriber = "ears"};
  Recording recording{loop, random, options, desk};
  Dialing dialing{loop, random, options, desk};
};

TEST_F(MeetingServicesTest, TellsEverybodyHowARecordingGoes) {
  const Client ada = host("ada"), bo = guest("bo");
  join(ada, "board");
  join(bo, "board");
  forget_sent();
  record(ada, "start");
  ASSERT_EQ(desk.orders.size(), 1u);
  EXPECT_EQ(desk.orders.back().room, "board@conference.example");
  started();
  EXPECT_THAT(all(ada), AllOf(HasSubstr("type=\"result\""), HasSubstr("status=\"pending\"")));
  reported(RecordingStatus::State::On);
  EXPECT_THAT(all(bo), HasSubstr("status=\"on\""));
  record(ada, "start");
  EXPECT_THAT(all(ada), HasSubstr("unexpected-request"));
  record(ada, "stop");
  EXPECT_THAT(desk.stopped, ElementsAre(desk.orders.back().session_id));
  EXPECT_THAT(all(bo), AllOf(HasSubstr("status=\"off\""), HasSubstr("initiator=\"board@conference.example/ada\"")));
  record(ada, "stop");
  EXPECT_THAT(all(ada), HasSubstr("item-not-found"));
}

TEST_F(MeetingServicesTest, SaysWhyThereIsNoRecorder) {
  const Client ada = host("ada");
  join(ada, "board");
  for (const auto& [outcome, condition] : {std::pair(Recorders::Outcome::AllBusy, "resource-constraint"),
                                           std::pair(Recorders::Outcome::NoneThere, "service-unavailable")}) {
    forget_sent();
    record(ada, "start");
    started(outcome);
    EXPECT_THAT(all(ada), HasSubstr(condition));
    EXPECT_FALSE(board()->calls_for("rec", {}));
  }
}

TEST_F(MeetingServicesTest, KeepsRecordingToThoseWhoMay) {
  const Client ada = host("ada"), bo = guest("bo");
  Client cy = host("cy");
  cy.visitor.identity.features = access::FeatureSet{"livestreaming"};
  for (const Client& one : {ada, bo, cy}) join(one, "board");
  forget_sent();
  record(bo, "start");
  EXPECT_THAT(all(bo), HasSubstr("forbidden"));
  record(cy, "start");
  EXPECT_THAT(all(cy), HasSubstr("forbidden"));
  EXPECT_THAT(desk.orders, IsEmpty());
  record(cy, "start", "recording_mode='stream' streamid='k'");
  EXPECT_EQ(desk.orders.size(), 1u);
}

TEST_F(MeetingServicesTest, WritesItselfWhoStartedIt) {
  Client ada = host("ada");
  ada.visitor.identity.display.user_id = "u1";
  join(ada, "board");
  record(
      ada, "start",
      "recording_mode='file' app_data='{\"file_recording_metadata\":{\"share\":true,\"initiator\":{\"id\":\"x\"}}}'");
  const auto data = nlohmann::json::parse(desk.orders.back().wish.app_data)["file_recording_metadata"];
  EXPECT_EQ(data["initiator"]["id"], "u1");
  EXPECT_EQ(data["share"], true);
  EXPECT_EQ(data["conference_details"]["session_id"], board()->meeting_id());
}

TEST_F(MeetingServicesTest, StartsNoMoreThanThreeAMinute) {
  const Client ada = host("ada");
  join(ada, "board");
  for (int i = 0; i < 3; ++i) {
    record(ada, "start");
    started(Recorders::Outcome::NoneThere);
  }
  forget_sent();
  record(ada, "start");
  EXPECT_THAT(all(ada), HasSubstr("policy-violation"));
  loop.advance(1min);
  record(ada, "start");
  EXPECT_EQ(desk.orders.size(), 4u);
}

TEST_F(MeetingServicesTest, LetsInOneRecorderForEachRecording) {
  const Client ada = host("ada");
  join(ada, "board");
  const Client early = service("early", "rec");
  join(early, "board");
  EXPECT_FALSE(inside("board", early));
  record(ada, "start");
  started();
  const Client one = service("one", "rec"), two = service("two", "rec"), other = service("other", "sip");
  for (const Client& each : {one, two, other}) join(each, "board");
  EXPECT_TRUE(inside("board", one));
  EXPECT_FALSE(inside("board", two));
  EXPECT_FALSE(inside("board", other));
  leave(one, "board");
  reported(RecordingStatus::State::Off, "error");
  join(one, "board");
  EXPECT_FALSE(inside("board", one));
}

TEST_F(MeetingServicesTest, StopsWhatIsLeftWhenTheMeetingIsOver) {
  const Client ada = host("ada");
  join(ada, "board");
  record(ada, "start");
  leave(ada, "board");
  EXPECT_EQ(board(), nullptr);
  EXPECT_EQ(desk.stopped.size(), 1u);
  recording.started(board(), desk.orders.back().session_id, Recorders::Outcome::Taken);
  EXPECT_EQ(desk.stopped.size(), 2u) << "whatever became of it";
}

TEST_F(MeetingServicesTest, DialsForThoseWhoMay) {
  Client ada = host("ada");
  ada.visitor.identity.display.user_id = "u1";
  const Client bo = guest("bo");
  join(ada, "board");
  join(bo, "board");
  forget_sent();
  dial(bo, "+1", kThisRoom);
  EXPECT_THAT(all(bo), HasSubstr("forbidden"));
  dial(ada, "+1", "<header name='JvbRoomName' value='other@conference.example'/>");
  EXPECT_THAT(all(ada), HasSubstr("forbidden"));
  dial(ada, "+1",
       std::string(kThisRoom) +
           "<header name='JvbRoomPassword' value='s3cret'/>"
           "<header name='X-outbound-call-initiator-user' value='forged'/>"
           "<header name='X-other' value='kept'/>");
  ASSERT_EQ(desk.dials.size(), 1u);
  EXPECT_THAT(desk.dials.back(), AllOf(HasSubstr("value=\"board@conference.example\""), HasSubstr("value=\"u1\""),
                                       HasSubstr("kept"), Not(HasSubstr("s3cret")), Not(HasSubstr("forged"))));
  dialled(Gateways::Outcome::Called, "c1@gateway");
  EXPECT_THAT(all(ada), HasSubstr("uri=\"xmpp:c1@gateway\""));
}

TEST_F(MeetingServicesTest, LetsInTheLegOfACallWhileItLasts) {
  const Client ada = host("ada"), leg = service("leg", "sip");
  join(ada, "board");
  join(leg, "board");
  EXPECT_FALSE(inside("board", leg));
  dial(ada, "+1", kThisRoom);
  dialled(Gateways::Outcome::Called, "c1@gateway");
  join(leg, "board");
  EXPECT_TRUE(inside("board", leg));
  loop.advance(2 * kCallComes);
  EXPECT_TRUE(inside("board", leg));
  leave(leg, "board");
  join(leg, "board");
  EXPECT_FALSE(inside("board", leg)) << "the call is over";
}

TEST_F(MeetingServicesTest, DoesNotWaitForALegForever) {
  const Client ada = host("ada"), leg = service("leg", "sip");
  join(ada, "board");
  dial(ada, "+1", kThisRoom);
  dialled(Gateways::Outcome::Called, "c1@gateway");
  loop.advance(kCallComes);
  join(leg, "board");
  EXPECT_FALSE(inside("board", leg));
}

TEST_F(MeetingServicesTest, SaysWhatBecameOfADial) {
  const Client ada = host("ada");
  join(ada, "board");
  for (const auto& [outcome, condition] : {std::pair(Gateways::Outcome::NoneThere, "service-unavailable"),
                                           std::pair(Gateways::Outcome::TimedOut, "remote-server-timeout"),
                                           std::pair(Gateways::Outcome::Failed, "undefined-condition")}) {
    forget_sent();
    dial(ada, "+1", kThisRoom);
    dialled(outcome);
    EXPECT_THAT(all(ada), HasSubstr(condition));
    EXPECT_FALSE(board()->calls_for("sip", {}));
  }
}

TEST_F(MeetingServicesTest, HangsUpForThoseWhoMay) {
  const Client ada = host("ada"), bo = guest("bo");
  join(ada, "board");
  join(bo, "board");
  dial(ada, "+1", kThisRoom);
  dialled(Gateways::Outcome::Called, "c1@gateway");
  forget_sent();
  const auto iq = xmpp::parse("<iq type='set' id='h' to='c1@gateway'><hangup xmlns='urn:xmpp:rayo:1'/></iq>");
  const auto occupant = [&](const Client& who) -> const room::Occupant& {
    return *std::as_const(*board()).find(who.visitor.sender.session);
  };
  EXPECT_TRUE(dialing.hang_up(*board(), occupant(bo), "c1@gateway", *iq, outbox));
  EXPECT_THAT(all(bo), HasSubstr("forbidden"));
  EXPECT_THAT(desk.ended, IsEmpty());
  EXPECT_FALSE(dialing.hang_up(*board(), occupant(ada), "c2@gateway", *iq, outbox));
  EXPECT_TRUE(dialing.hang_up(*board(), occupant(ada), "c1@gateway", *iq, outbox));
  EXPECT_THAT(desk.ended, ElementsAre("c1@gateway"));
  EXPECT_FALSE(board()->calls_for("sip", {}));
}

TEST_F(MeetingServicesTest, CallsOneTranscriberAndSendsItAway) {
  const Client ada = host("ada"), ears = service("ears", "ears");
  join(ada, "board");
  dialing.transcribe(*board(), true);
  dialing.transcribe(*board(), true);
  ASSERT_EQ(desk.dials.size(), 1u);
  EXPECT_THAT(desk.dials.back(), AllOf(HasSubstr("transcribe "), HasSubstr("jitsi_meet_transcribe")));
  dialled(Gateways::Outcome::Called, "t@gateway");
  join(ears, "board");
  EXPECT_TRUE(inside("board", ears));
  dialing.transcribe(*board(), false);
  EXPECT_THAT(desk.ended, ElementsAre("t@gateway"));
}

}  // namespace
}  // namespace conclave::service
