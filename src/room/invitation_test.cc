// Personal links as clients ask for them; what a link is, stands in access/invitation_test.cc.
#include "room/invitation.h"

#include "room/room_fixture.h"

namespace conclave::room {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view kParticipant = "name='Gina' role='participant' seconds='3600'";
constexpr std::string_view kModerator = "name='Gina' role='moderator' seconds='3600'";

class InvitationTest : public RoomsTest {
 protected:
  InvitationTest() {
    join(ada, "board");
    join(gus, "board");
    forget_sent();
  }

  // What is answered to a wish.
  std::string invite(const Client& who, std::string_view attributes) {
    forget_sent();
    send(who, "<iq type='set' id='i1' to='" + address("board") +
                  "'><invitation xmlns='https://conclave.invalid/protocol/invitation' " + std::string(attributes) +
                  "/></iq>");
    return only(who);
  }

  Client ada = host("ada");
  Client gus = guest("gus");
};

TEST_F(InvitationTest, IsAnsweredWithATokenAndItsEnd) {
  const std::string answer = invite(ada, kParticipant);
  EXPECT_THAT(answer, HasSubstr("type=\"result\""));
  EXPECT_THAT(answer, HasSubstr("token=\"eyJ"));
  EXPECT_THAT(answer, HasSubstr("name=\"Gina\" role=\"participant\" expires=\"2026-09-21T15:13:20Z\""));
  EXPECT_THAT(log.decisions, ElementsAre("invite admit role-allows"));
  EXPECT_EQ(rooms.counters().invitations.value(), 1U);
}

TEST_F(InvitationTest, IsForbiddenToGuestsAndParticipantsWhateverTheyWrite) {
  const Client pat = participant("pat");
  join(pat, "board");
  for (const Client& who : {gus, pat}) {
    for (const std::string_view wish : {kParticipant, kModerator, std::string_view("name='' role='x'")}) {
      const std::string answer = invite(who, wish);
      EXPECT_THAT(answer, HasSubstr("<forbidden "));
      EXPECT_THAT(answer, Not(HasSubstr("token")));
    }
  }
}

TEST_F(InvitationTest, OfAModeratorTakesAHost) {
  const Client pat = participant("pat");
  join(pat, "board");
  admin(ada, "board", "<item affiliation='owner' jid='pat@example'/>");
  EXPECT_EQ(role("board", pat), access::Role::Moderator);
  EXPECT_THAT(invite(pat, kModerator), HasSubstr("<forbidden "));
  EXPECT_THAT(invite(pat, kParticipant), HasSubstr("token=\"eyJ"));
  EXPECT_THAT(invite(ada, kModerator), HasSubstr("role=\"moderator\""));
}

TEST_F(InvitationTest, IsNotAGuestsToGiveEvenWhenHeModerates) {
  admin(ada, "board", "<item affiliation='owner' jid='gus@example'/>");
  EXPECT_EQ(role("board", gus), access::Role::Moderator);
  const std::string answer = invite(gus, kParticipant);
  EXPECT_THAT(answer, HasSubstr("<forbidden "));
  EXPECT_THAT(answer, HasSubstr("Guests give no personal links"));
}

// What becomes of the links of a granted moderator, and of the one who came by such a link.
class LinksOfPat : public RoomsTest {
 protected:
  LinksOfPat() {
    for (const Client& who : {ada, pat}) join(who, "board");
    admin(ada, "board", "<item nick='pat' affiliation='owner'/>");
    gina.visitor.identity.proof.giver = access::Giver{.subject_hash = access::giver_name("token:pat")};
    late.visitor.identity.proof.giver = gina.visitor.identity.proof.giver;
    join(gina, "board");
    EXPECT_EQ(role("board", gina), access::Role::Participant);
    forget_sent();
  }
  std::string answer_to_late() { return std::string(access::slug_text(ask(late, "board").reason.slug)); }

  const Client ada = host("ada"), pat = participant("pat");
  Client gina = participant("gina"), late = participant("late");
};

TEST_F(LinksOfPat, CountAsLongAsHeModerates) {
  EXPECT_EQ(answer_to_late(), "role-claim-participant");
}

TEST_F(LinksOfPat, CountNoMoreWhenHeIsKicked) {
  policy.kicked = access::Kicked::Return;
  admin(ada, "board", "<item nick='pat' role='none'/>");
  EXPECT_EQ(answer_to_late(), "link-withdrawn");
  EXPECT_EQ(role("board", gina), access::Role::Guest);
}

TEST_F(LinksOfPat, CountNoMoreWhenHeIsBarred) {
  admin(ada, "board", "<item nick='pat' affiliation='outcast'/>");
  EXPECT_EQ(answer_to_late(), "link-withdrawn");
  EXPECT_EQ(role("board", gina), access::Role::Guest);
}

TEST_F(LinksOfPat, CountNoMoreWhenTheOperatorRemovesHim) {
  EXPECT_TRUE(rooms.remove(room_name("board"), "pat", false, "x"));
  EXPECT_EQ(answer_to_late(), "link-withdrawn");
}

TEST_F(LinksOfPat, CountAgainWhenHeModeratesAgain) {
  admin(ada, "board", "<item nick='pat' affiliation='member'/>");
  EXPECT_EQ(answer_to_late(), "link-withdrawn");
  EXPECT_EQ(role("board", gina), access::Role::Guest);
  admin(ada, "board", "<item nick='pat' affiliation='owner'/>");
  EXPECT_EQ(answer_to_late(), "role-claim-participant");
}

TEST_F(LinksOfPat, AreNotWithdrawnByOneWhoStepsDownHimself) {
  admin(pat, "board", "<item nick='pat' affiliation='member'/>");
  EXPECT_EQ(role("board", pat), access::Role::Participant);
  EXPECT_EQ(answer_to_late(), "role-claim-participant");
}

TEST_F(LinksOfPat, CountInTheNextMeetingAgain) {
  admin(ada, "board", "<item nick='pat' role='none'/>");
  rooms.end_meeting(room_name("board"));
  loop.advance(11s);
  join(ada, "board");
  EXPECT_EQ(answer_to_late(), "role-claim-participant");
}

TEST_F(InvitationTest, OfNonsenseIsABadRequest) {
  for (const std::string_view wish :
       {"role='participant' seconds='60'", "name='G' role='host' seconds='60'", "name='G' role='visitor' seconds='60'",
        "name='G' role='participant'", "name='G' role='participant' seconds='0'",
        "name='G' role='participant' seconds='-5'", "name='G' role='participant' seconds='1e9'",
        "name='G' role='participant' seconds='99999999999999999999'"}) {
    EXPECT_THAT(invite(ada, wish), HasSubstr("<bad-request ")) << wish;
  }
}

TEST_F(InvitationTest, IsForThoseInsideOnly) {
  EXPECT_THAT(invite(host("eve"), kParticipant), HasSubstr("<forbidden "));
}

TEST_F(InvitationTest, HasALimitPerMeeting) {
  for (std::size_t i = 0; i < kMaxInvitations; ++i) invite(ada, kParticipant);
  EXPECT_THAT(invite(ada, kParticipant), HasSubstr("<resource-constraint "));
}

TEST_F(InvitationTest, IsNotMadeWhereNothingSignsIt) {
  RoomOptions without = options();
  without.invitations.reset();
  Rooms others{loop, outbox, random, policies, without, listener, log};
  const auto tell = [&](std::string_view xml) { others.stanza(ada.visitor, *xmpp::parse(xml)); };
  tell("<presence to='r@conference.example/ada'><x xmlns='http://jabber.org/protocol/muc'/></presence>");
  forget_sent();
  tell(
      "<iq type='set' id='i1' to='r@conference.example'><invitation "
      "xmlns='https://conclave.invalid/protocol/invitation' "
      "name='Gina' role='participant' seconds='3600'/></iq>");
  EXPECT_THAT(only(ada), HasSubstr("<feature-not-implemented "));
}

}  // namespace
}  // namespace conclave::room
