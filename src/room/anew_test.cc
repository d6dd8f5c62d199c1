#include "room/room_fixture.h"

namespace conclave::room {
namespace {

using access::Role;
using access::RoomState;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// S25: the operator's new rules, for those who are inside already.
class DecidedAnew : public RoomsTest {
 protected:
  void by_new_rules(const std::function<bool(const access::Identity&)>& is_void = [](const auto&) { return false; }) {
    forget_sent();
    rooms.decide_anew(is_void);
    loop.run_ready();
  }
  Client unsaid(const std::string& nick) { return token(nick, access::ClaimedRole::Unsaid); }
  const Client ada = host("ada"), cy = guest("cy");
};

TEST_F(DecidedAnew, S25_SameRulesChangeNothingAndTellNothing) {
  const Client pat = participant("pat");
  for (const Client& who : {ada, pat, cy}) join(who, "board");
  by_new_rules();
  for (const Client& who : {ada, pat, cy}) EXPECT_THAT(take(who), IsEmpty());
  EXPECT_THAT(listener.events, IsEmpty());
}

TEST_F(DecidedAnew, S25_GuestsAreRemovedWithTheReasonWhereTheyMayNotBeAnyMore) {
  for (const Client& who : {ada, cy}) join(who, "board");
  policy.guests = access::Guests::Deny;
  by_new_rules();
  EXPECT_FALSE(inside("board", cy));
  EXPECT_THAT(only(cy), HasSubstr(">This server lets nobody in without logging in.</reason>"));
  EXPECT_EQ(role("board", ada), Role::Host);
  EXPECT_THAT(take(ada), SizeIs(1));
}

TEST_F(DecidedAnew, S25_WhoIsHostByDefaultBecomesParticipantAndIsTold) {
  const Client una = unsaid("una");
  for (const Client& who : {ada, una}) join(who, "board");
  policy.moderators = access::Moderators::Claimed;
  by_new_rules();
  EXPECT_EQ(role("board", una), Role::Participant);
  const auto told = take(una);
  ASSERT_THAT(told, SizeIs(2));
  EXPECT_THAT(told[0], HasSubstr(R"(affiliation="member")"));
  EXPECT_THAT(told[1], HasSubstr("The rules of this server have changed. Participant: the credential says nothing"));
  EXPECT_EQ(role("board", ada), Role::Host);
}

TEST_F(DecidedAnew, S25_GrantsOfTheMeetingStay) {
  for (const Client& who : {ada, cy}) join(who, "board");
  admin(ada, "board", "<item nick='cy' affiliation='owner'/>");
  by_new_rules();
  EXPECT_EQ(role("board", cy), Role::Moderator);
}

TEST_F(DecidedAnew, S25_WhoWasElectedIsNoModeratorWhereNobodyIsElected) {
  policy.guests = access::Guests::Create;
  policy.auto_promote = access::AutoPromote::Anyone;
  join(cy, "walk-in");
  ASSERT_EQ(role("walk-in", cy), Role::Moderator);
  policy.auto_promote = access::AutoPromote::Never;
  by_new_rules();
  EXPECT_EQ(role("walk-in", cy), Role::Guest);
}

TEST_F(DecidedAnew, S25_NobodyIsElectedOnlyToBeRemoved) {
  const Client una = unsaid("una");
  for (const Client& who : {una, cy}) join(who, "board");
  policy.moderators = access::Moderators::Claimed;
  policy.guests = access::Guests::Deny;
  policy.auto_promote = access::AutoPromote::Anyone;
  by_new_rules();
  EXPECT_THAT(listener.events, ::testing::Not(::testing::Contains("role cy moderator")));
  EXPECT_EQ(role("board", una), Role::Moderator);
}

TEST_F(DecidedAnew, S25_CredentialsThatCountNoMoreMakeGuests) {
  for (const Client& who : {ada, cy}) join(who, "board");
  by_new_rules([](const access::Identity& identity) { return identity.subject == "token:ada"; });
  EXPECT_EQ(role("board", ada), Role::Guest);
  const Client tab = guest("tab");
  ask(tab, "board", ada.visitor.identity);
  by_new_rules([](const access::Identity& identity) { return identity.subject == "token:ada"; });
  join(tab, "board");
  EXPECT_EQ(role("board", tab), Role::Guest);
}

TEST_F(DecidedAnew, S25_ATokenThatExpiredAndWasKeptFollowsTheNewExpiry) {
  Client late = participant("late");
  late.visitor.identity.scope.until = loop.wall_now() + 90s;
  for (const Client& who : {ada, late}) join(who, "board");
  loop.advance(120s);
  by_new_rules();
  EXPECT_EQ(role("board", late), Role::Participant);
  policy.token_expiry = access::TokenExpiry::Demote;
  by_new_rules();
  loop.advance(0s);
  EXPECT_EQ(role("board", late), Role::Guest);
}

TEST_F(DecidedAnew, S25_AMeetingWithoutItsHostGoesOnOrEnds) {
  for (const auto now : {access::HostLeft::Open, access::HostLeft::End}) {
    policy.host_left = access::HostLeft::Hold;
    for (const Client& who : {ada, cy}) join(who, "board");
    leave(ada, "board");
    loop.advance(61s);
    ASSERT_EQ(state("board"), RoomState::Held);
    policy.host_left = now;
    by_new_rules();
    EXPECT_EQ(state("board"), now == access::HostLeft::Open ? RoomState::Open : RoomState::Absent);
    leave(cy, "board");
  }
}

TEST_F(DecidedAnew, S25_ThoseInTheLobbyHearTheirNewAnswerAtTheDoor) {
  const Client bo = guest("bo");
  join(bo, "board");
  const auto knock = xmpp::parse(
      "<presence to='board@lobby.example/bo'><x xmlns='http://jabber.org/protocol/muc'/>"
      "<nick xmlns='http://jabber.org/protocol/nick'>Bo</nick></presence>");
  rooms.lobby_stanza(bo.visitor, *knock);
  policy.guests = access::Guests::Create;
  by_new_rules();
  EXPECT_THAT(only(bo), HasSubstr(R"(jid="board@conference.example"><reason)"));
}

}  // namespace
}  // namespace conclave::room
