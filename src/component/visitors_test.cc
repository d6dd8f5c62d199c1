#include "component/visitors.h"

#include "component/component_fixture.h"

namespace conclave::component {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class VisitorsTest : public ComponentTest {
 protected:
  VisitorsTest() {
    listeners.add(visitors);
    join(ada, "board");
    join(kay, "board");
    join(vi, "board", "<nick xmlns='http://jabber.org/protocol/nick'>Vi</nick>");
    forget_sent();
  }
  static std::string hand(std::string_view text) {
    return "<nick xmlns='http://jabber.org/protocol/nick'>Vi</nick><jitsi_participant_raisedHand>" + std::string(text) +
           "</jitsi_participant_raisedHand>";
  }
  void raise(const room::Client& who, std::string_view text = "1790000000000") {
    send(who, "<presence to='" + address("board", who.nick) + "'>" + hand(text) + "</presence>");
  }
  void say_to_all(const room::Client& who, const Json& json) {
    send(who, "<message type='groupchat' to='" + address("board") + "'>" + json_message(json) + "</message>");
  }
  static Json response(bool approved, const std::string& id) {
    return {{"type", "visitors"}, {"action", "promotion-response"}, {"approved", approved}, {"id", id}};
  }
  static Json request(bool on) {
    return {{"type", "visitors"},
            {"room", "board@conference.example"},
            {"action", "promotion-request"},
            {"nick", "Vi"},
            {"from", "vi@example/r"},
            {"on", on}};
  }

  Visitors visitors{"visitors.example", outbox};
  room::Client ada = host("ada");
  room::Client kay = participant("kay");
  room::Client vi = token("vi", access::ClaimedRole::Visitor);
};

TEST_F(VisitorsTest, ARaisedHandAsksModeratorsAndNobodyElse) {
  raise(vi);
  EXPECT_THAT(told(ada), ElementsAre(request(true)));
  EXPECT_THAT(told(kay), IsEmpty());
  raise(vi);
  EXPECT_THAT(told(ada), IsEmpty()) << "once";
  raise(vi, "");
  EXPECT_THAT(told(ada), ElementsAre(request(false)));
}

TEST_F(VisitorsTest, AParticipantsHandAsksForNothing) {
  raise(kay);
  EXPECT_THAT(told(ada), IsEmpty());
}

TEST_F(VisitorsTest, WhoBecomesModeratorLaterIsToldWhoAsks) {
  raise(vi);
  forget_sent();
  room::Client late = host("late");
  join(late, "board");
  EXPECT_THAT(told(late), ElementsAre(request(true)));
  admin(ada, "board", "<item nick='kay' affiliation='owner'/>");
  EXPECT_THAT(told(kay), ElementsAre(request(true)));
}

TEST_F(VisitorsTest, WhoIsAskedInTakesPart) {
  raise(vi);
  forget_sent();
  say_to_all(ada, response(true, "vi@example/r"));
  EXPECT_EQ(role("board", vi), access::Role::Participant);
  EXPECT_THAT(told(ada), ElementsAre(request(false)));
  // For the meeting's length.
  leave(vi, "board");
  join(vi, "board");
  EXPECT_EQ(role("board", vi), access::Role::Participant);
}

TEST_F(VisitorsTest, TheAnswerIsNobodyElsesToHear) {
  raise(vi);
  forget_sent();
  say_to_all(ada, response(true, "vi@example/r"));
  for (const xmpp::Element& stanza : take_stanzas(kay)) EXPECT_NE(stanza.name(), "message");
}

TEST_F(VisitorsTest, SeveralAreAnsweredAtOnce) {
  room::Client second = token("second", access::ClaimedRole::Visitor);
  join(second, "board");
  raise(vi);
  raise(second);
  say_to_all(ada, {{"type", "visitors"},
                   {"action", "promotion-response"},
                   {"approved", true},
                   {"ids", {"vi@example/r", "second@example/r", 7}}});
  EXPECT_EQ(role("board", vi), access::Role::Participant);
  EXPECT_EQ(role("board", second), access::Role::Participant);
}

TEST_F(VisitorsTest, WhoIsRefusedIsTold) {
  raise(vi);
  forget_sent();
  say_to_all(ada, response(false, "vi@example/r"));
  EXPECT_EQ(role("board", vi), access::Role::Visitor);
  EXPECT_THAT(take(vi), Contains(HasSubstr("allow=\"false\"")));
}

TEST_F(VisitorsTest, NobodyButAModeratorAnswers_A38) {
  raise(vi);
  for (const room::Client& who : {kay, vi}) {
    say_to_all(who, response(true, "vi@example/r"));
    EXPECT_EQ(role("board", vi), access::Role::Visitor);
  }
  EXPECT_THAT(take(ada), Not(Contains(HasSubstr("promotion-response"))));
}

TEST_F(VisitorsTest, NobodyIsAskedInWhoHasNotAsked_A38) {
  say_to_all(ada, response(true, "vi@example/r"));
  EXPECT_EQ(role("board", vi), access::Role::Visitor);
  raise(vi);
  say_to_all(ada, response(true, "somebody@example/r"));
  EXPECT_EQ(role("board", vi), access::Role::Visitor);
}

TEST_F(VisitorsTest, WhoWasAskedInIsSentBackToWatching) {
  raise(vi);
  say_to_all(ada, response(true, "vi@example/r"));
  say_to_all(kay, {{"type", "visitors"}, {"action", "demote-request"}, {"id", "vi"}});
  EXPECT_EQ(role("board", vi), access::Role::Participant) << "not by a participant";
  say_to_all(ada, {{"type", "visitors"}, {"action", "demote-request"}, {"id", "vi"}});
  EXPECT_EQ(role("board", vi), access::Role::Visitor);
  say_to_all(ada, {{"type", "visitors"}, {"action", "demote-request"}, {"id", "kay"}});
  EXPECT_EQ(role("board", kay), access::Role::Participant) << "who is no visitor by himself stays what he is";
}

TEST_F(VisitorsTest, AKickEndsWhatAPromotionGave) {
  policy.kicked = access::Kicked::Return;
  raise(vi);
  say_to_all(ada, response(true, "vi@example/r"));
  admin(ada, "board", "<item nick='vi' role='none'/>");
  join(vi, "board");
  EXPECT_EQ(role("board", vi), access::Role::Visitor);
}

TEST_F(VisitorsTest, OtherMessagesPass) {
  say_to_all(kay, {{"type", "visitors"}, {"action", "other"}});
  EXPECT_THAT(take(ada), SizeIs(1));
}

TEST_F(VisitorsTest, WhoLeavesAsksNoMore) {
  raise(vi);
  forget_sent();
  leave(vi, "board");
  EXPECT_THAT(told(ada), ElementsAre(request(false)));
}

}  // namespace
}  // namespace conclave::component
