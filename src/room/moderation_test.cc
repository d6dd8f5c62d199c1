#include "room/moderation.h"

#include "room/room_fixture.h"

namespace conclave::room {
namespace {

using access::Outcome;
using access::Role;
using access::RoomState;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr std::string_view kForbidden =
    R"(<error type="auth"><forbidden xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/>)";
constexpr std::string_view kResult = R"(<iq type="result" id="a1" from="board@conference.example"/>)";

class Moderation : public RoomsTest {
 protected:
  Moderation() {
    for (const Client& who : {ada, pat, bo}) join(who, "board");
    forget_sent();
  }
  const Client ada = host("ada"), pat = participant("pat"), bo = guest("bo");
};

TEST_F(Moderation, KickTellsEverybodyWhoAndWhy) {
  admin(ada, "board", "<item nick='bo' role='none'><reason>noise</reason></item>");
  constexpr std::string_view kHead =
      R"(<presence type="unavailable" from="board@conference.example/bo"><x xmlns="http://jabber.org/protocol/muc#user"><item xmlns="http://jabber.org/protocol/muc#user" affiliation="none" role="none" jid="bo@example/r"><actor xmlns="http://jabber.org/protocol/muc#user" nick="ada"/><reason xmlns="http://jabber.org/protocol/muc#user">noise</reason></item><status xmlns="http://jabber.org/protocol/muc#user" code="307"/>)";
  EXPECT_EQ(only(bo),
            std::string(kHead) + R"(<status xmlns="http://jabber.org/protocol/muc#user" code="110"/></x></presence>)");
  EXPECT_EQ(only(pat), std::string(kHead) + "</x></presence>");
  EXPECT_THAT(take(ada), ElementsAre(std::string(kHead) + "</x></presence>", kResult));
  EXPECT_THAT(listener.take(), ElementsAre("left bo"));
}

TEST_F(Moderation, NobodyButAModeratorMayAndNobodySeesThatHeTried_S11_A32) {
  const std::string_view tries[] = {"<item nick='pat' role='none'/>",
                                    "<item nick='ada' role='none'/>",
                                    "<item jid='pat@example' affiliation='outcast'/>",
                                    "<item jid='bo@example' affiliation='owner'/>",
                                    "<item jid='ada@example' affiliation='none'/>",
                                    "<item nick='bo' role='moderator'/>",
                                    "<item nick='nobody' role='none'/>",
                                    "<item nick='focus' role='none'/>"};
  for (const std::string_view items : tries) {
    for (const Client& who : {bo, pat}) {
      admin(who, "board", items);
      EXPECT_THAT(only(who), HasSubstr(kForbidden)) << items;
    }
  }
  EXPECT_THAT(take(ada), IsEmpty());
  EXPECT_THAT(listener.take(), IsEmpty());
  EXPECT_EQ(role("board", bo), Role::Guest);
  EXPECT_EQ(rooms.occupant_count(), 3u);
}

TEST_F(Moderation, FromOutsideIsForbidden) {
  const Client eve = host("eve", "other");
  admin(eve, "board", "<item nick='bo' role='none'/>");
  EXPECT_THAT(only(eve), HasSubstr(kForbidden));
  EXPECT_TRUE(inside("board", bo));
}

TEST_F(Moderation, AHostIsNotKickedBarredOrDemotedByAModerator_A36) {
  admin(ada, "board", "<item jid='bo@example' affiliation='owner'/>");
  forget_sent();
  for (const std::string_view items :
       {"<item nick='ada' role='none'/>", "<item jid='ada@example' affiliation='outcast'/>",
        "<item jid='ada@example' affiliation='none'/>"}) {
    admin(bo, "board", items);
    EXPECT_THAT(only(bo), HasSubstr(R"(<error type="cancel"><not-allowed )")) << items;
  }
  EXPECT_EQ(role("board", ada), Role::Host);
  EXPECT_THAT(take(ada), IsEmpty());
}

TEST_F(Moderation, GrantAndRevokeAreSeenByAll) {
  admin(ada, "board", "<item jid='bo@example' affiliation='owner'/>");
  EXPECT_EQ(role("board", bo), Role::Moderator);
  EXPECT_THAT(
      only(pat),
      HasSubstr(
          R"(<item xmlns="http://jabber.org/protocol/muc#user" affiliation="owner" role="moderator" jid="bo@example/r"/>)"));
  EXPECT_THAT(only(bo), HasSubstr("<permissions "));
  EXPECT_THAT(take(ada), SizeIs(2));
  admin(ada, "board", "<item jid='bo@example' affiliation='none'/>");
  EXPECT_EQ(role("board", bo), Role::Guest);
  EXPECT_THAT(
      only(pat),
      HasSubstr(
          R"(<item xmlns="http://jabber.org/protocol/muc#user" affiliation="none" role="participant" jid="bo@example/r"/>)"));
  EXPECT_THAT(listener.take(), ElementsAre("role bo moderator", "role bo guest"));
}

TEST_F(Moderation, AGrantOutlivesAReloadAndEndsWithTheMeeting_S10) {
  admin(ada, "board", "<item jid='pat@example' affiliation='owner'/>");
  leave(pat, "board");
  join(pat, "board");
  EXPECT_EQ(role("board", pat), Role::Moderator);
  rooms.end_meeting(room_name("board"));
  join(ada, "board");
  join(pat, "board");
  EXPECT_EQ(role("board", pat), Role::Participant);
}

TEST_F(Moderation, OfSeveralItemsAllAreDoneInOrderAndAnsweredOnce) {
  admin(ada, "board", "<item jid='pat@example' affiliation='owner'/><item nick='bo' role='none'/>");
  EXPECT_EQ(role("board", pat), Role::Moderator);
  EXPECT_FALSE(inside("board", bo));
  EXPECT_THAT(take(ada), ElementsAre(HasSubstr("board@conference.example/pat"), HasSubstr("307"), kResult));
}

TEST_F(Moderation, IfOneItemIsRefusedNothingIsDone_A32) {
  admin(ada, "board", "<item jid='bo@example' affiliation='owner'/>");
  forget_sent();
  admin(bo, "board", "<item nick='pat' role='none'/><item nick='ada' role='none'/>");
  EXPECT_THAT(only(bo), HasSubstr("<not-allowed "));
  EXPECT_TRUE(inside("board", pat));
  admin(ada, "board", "<item nick='pat' role='none'/><item nick='nobody' role='none'/>");
  EXPECT_THAT(only(ada), HasSubstr("<item-not-found "));
  EXPECT_TRUE(inside("board", pat));
}

TEST_F(Moderation, OfWhatIsNoActIsABadRequest) {
  for (const std::string& items :
       {std::string("<item nick='bo'/>"), std::string("<item nick='bo' role='king'/>"), std::string(),
        "<item nick='bo' role='none'><reason>" + std::string(kMaxReasonBytes + 1, 'x') + "</reason></item>"}) {
    admin(ada, "board", items);
    EXPECT_THAT(only(ada), HasSubstr("<bad-request ")) << items;
  }
  std::string many;
  for (std::size_t i = 0; i <= kMaxAdminItems; ++i) many += "<item nick='bo' role='participant'/>";
  admin(ada, "board", many);
  EXPECT_THAT(only(ada), HasSubstr("<resource-constraint "));
}

TEST_F(Moderation, TheKickedAreTreatedAsThePolicySays_S11) {
  admin(ada, "board", "<item nick='bo' role='none'/>");
  EXPECT_EQ(ask(bo, "board").outcome, Outcome::Knock);
  policy.kicked = access::Kicked::Barred;
  EXPECT_EQ(ask(bo, "board").outcome, Outcome::Refuse);
  take(bo);
  join(bo, "board");
  EXPECT_THAT(only(bo), HasSubstr(R"(<barred xmlns="http://jitsi.org/jitmeet"/></error>)"));
  policy.kicked = access::Kicked::Return;
  EXPECT_TRUE(ask(bo, "board").admitted());
}

TEST_F(Moderation, ABarTakesEveryDeviceAndHoldsWhateverThePolicySaysOfKicks_S23) {
  policy.kicked = access::Kicked::Return;
  Client second = client("pat2", pat.visitor.identity);
  join(second, "board");
  forget_sent();
  admin(ada, "board", "<item nick='pat' affiliation='outcast'/>");
  EXPECT_FALSE(inside("board", pat));
  EXPECT_FALSE(inside("board", second));
  EXPECT_THAT(
      take(bo),
      ElementsAre(HasSubstr(R"(<item xmlns="http://jabber.org/protocol/muc#user" affiliation="outcast" role="none")"),
                  HasSubstr(R"(code="301")")));
  EXPECT_EQ(ask(second, "board").outcome, Outcome::Refuse);
  EXPECT_TRUE(ask(bo, "board").admitted());
}

TEST_F(Moderation, ABarOrAKickIsAllowedAgainstEachDeviceOrNotAtAll_S23_A36) {
  Client phone = participant("phone");
  phone.visitor.identity.subject = ada.visitor.identity.subject;
  join(phone, "board");
  admin(ada, "board", "<item nick='pat' affiliation='owner'/>");
  for (const std::string_view act : {"affiliation='outcast'", "role='none'"}) {
    forget_sent();
    admin(pat, "board", "<item nick='phone' " + std::string(act) + "/>");
    EXPECT_THAT(only(pat), HasSubstr("<not-allowed "));
  }
  EXPECT_TRUE(inside("board", ada));
  EXPECT_TRUE(inside("board", phone));
}

TEST_F(Moderation, AKickTouchesOneDevice_S23) {
  const Client second = client("pat2", pat.visitor.identity);
  join(second, "board");
  admin(ada, "board", "<item nick='pat' role='none'/>");
  EXPECT_TRUE(inside("board", second));
}

TEST_F(Moderation, AKickedModeratorLosesHisGrant) {
  policy.kicked = access::Kicked::Return;
  admin(ada, "board", "<item jid='bo@example' affiliation='owner'/>");
  admin(ada, "board", "<item nick='bo' role='none'/>");
  join(bo, "board");
  EXPECT_EQ(role("board", bo), Role::Guest);
}

TEST_F(Moderation, RightsOfAModeratorAreNoWiderThanHisMakers_A37) {
  Client eve = host("eve");
  eve.visitor.identity.features = access::FeatureSet{"transcription"};
  join(eve, "board");
  forget_sent();
  admin(eve, "board", "<item jid='bo@example' affiliation='owner'/>");
  const std::string seen = only(bo);
  EXPECT_THAT(seen, HasSubstr(R"(name="transcription")"));
  EXPECT_THAT(seen, Not(HasSubstr(R"(name="recording")")));
}

TEST_F(Moderation, NobodyGivesOnMoreThanHeHasByDemotingHimselfFirst_A37) {
  Client eve = host("eve");
  const Client cy = guest("cy"), dee = guest("dee");
  eve.visitor.identity.features = access::FeatureSet{"send-groupchat"};
  join(eve, "board");
  join(cy, "board");
  join(dee, "board");
  admin(eve, "board", "<item affiliation='owner' nick='cy'/>");
  ASSERT_EQ(role("board", cy), Role::Moderator);
  admin(cy, "board", "<item affiliation='none' nick='cy'/><item affiliation='owner' nick='dee'/>");
  EXPECT_NE(role("board", dee), Role::Moderator) << "who gave himself up has nothing to give";
}

TEST_F(Moderation, TheLastModeratorMayStepDownAndIsNotElectedAgain) {
  policy.auto_promote = access::AutoPromote::Anyone;
  admin(ada, "board", "<item jid='ada@example' affiliation='none'/>");
  EXPECT_EQ(role("board", ada), Role::Participant);
  EXPECT_EQ(role("board", pat), Role::Moderator) << "the next by order of arrival";
}

TEST_F(Moderation, FocusIsNobodysTarget) {
  admin(ada, "board", "<item nick='focus' role='none'/>");
  EXPECT_THAT(only(ada), HasSubstr("<not-allowed "));
}

TEST_F(Moderation, DestroyEndsTheMeetingForModeratorsOnly) {
  constexpr std::string_view kDestroy =
      "<iq type='set' id='d1' to='board@conference.example'><query xmlns='http://jabber.org/protocol/muc#owner'>"
      "<destroy jid='trap@conference.example'/></query></iq>";
  send(bo, kDestroy);
  EXPECT_THAT(only(bo), HasSubstr(kForbidden));
  send(ada, kDestroy);
  const std::string gone = only(bo);
  EXPECT_THAT(gone, HasSubstr("<destroy xmlns=\"http://jabber.org/protocol/muc#user\"><reason "
                              "xmlns=\"http://jabber.org/protocol/muc#user\">The meeting has been "
                              "terminated</reason></destroy>"));
  EXPECT_THAT(gone, Not(HasSubstr("trap")));
  EXPECT_THAT(take(ada),
              ElementsAre(HasSubstr("<destroy "), R"(<iq type="result" id="d1" from="board@conference.example"/>)"));
  EXPECT_EQ(state("board"), RoomState::Ended);
}

TEST_F(Moderation, GrantsAndKickedAreBounded) {
  // Grants are per subject: people come and go.
  for (std::size_t i = 0; i < kMaxGrants; ++i) {
    const Client one = guest("m" + std::to_string(i));
    join(one, "board");
    admin(ada, "board", "<item nick='" + one.nick + "' affiliation='owner'/>");
    leave(one, "board");
  }
  forget_sent();
  admin(ada, "board", "<item nick='bo' affiliation='owner'/>");
  EXPECT_THAT(only(ada), HasSubstr("<resource-constraint "));
  EXPECT_EQ(role("board", bo), Role::Guest);

  policy.kicked = access::Kicked::Barred;
  const Client first = guest("first");
  join(first, "board");
  admin(ada, "board", "<item nick='first' role='none'/>");
  EXPECT_EQ(ask(first, "board").outcome, Outcome::Refuse);
  for (std::size_t i = 0; i < kMaxRemoved; ++i) {
    const Client one = guest("k" + std::to_string(i));
    join(one, "board");
    admin(ada, "board", "<item nick='" + one.nick + "' role='none'/>");
    ASSERT_FALSE(inside("board", one)) << "a kick always works";
    outbox.sent.clear();
  }
  EXPECT_TRUE(ask(first, "board").admitted()) << "the oldest is forgotten";
}

TEST_F(Moderation, EveryDecisionIsToldToTheLog) {
  const Client alice = host("alice");
  const Client bob = guest("bob");
  join(alice, "board");
  join(bob, "board");
  EXPECT_THAT(log.decisions, ::testing::ElementsAre("join admit host-by-claim", "join admit guest-may-join"));
  forget_sent();
  admin(bob, "board", "<item nick='alice' role='none'/>");
  admin(alice, "board", "<item nick='bob' role='none'/>");
  EXPECT_THAT(log.decisions, ::testing::ElementsAre("kick refuse role-forbids", "kick admit role-allows"));
}

}  // namespace
}  // namespace conclave::room
