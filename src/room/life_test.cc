#include "room/life.h"

#include "room/room_fixture.h"

namespace conclave::room {
namespace {

using access::Outcome;
using access::Role;
using access::RoomState;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class Life : public RoomsTest {};

TEST_F(Life, WaitingIsNotCreating_S15) {
  const Client bo = guest("bo");
  for (int i = 0; i < 60; ++i) {
    EXPECT_EQ(ask(bo, "board").outcome, Outcome::Wait);
    loop.advance(5s);
  }
  EXPECT_EQ(rooms.room_count(), 0u);
  EXPECT_EQ(rooms.waiting_count(), 1u);
  EXPECT_EQ(state("board"), RoomState::Waiting);
  EXPECT_THAT(rooms.view(), IsEmpty());
  EXPECT_THAT(listener.take(), IsEmpty());
  rooms.session_ended(bo.visitor.sender.session);
  EXPECT_EQ(rooms.waiting_count(), 0u);
  EXPECT_EQ(state("board"), RoomState::Absent);
}

TEST_F(Life, AWaiterIsCountedOnceWhereHeAskedLast) {
  const Client bo = guest("bo");
  ask(bo, "board");
  ask(bo, "plans");
  EXPECT_EQ(rooms.waiting_count(), 1u);
  EXPECT_EQ(state("board"), RoomState::Absent);
  leave(bo, "plans");
  EXPECT_EQ(rooms.waiting_count(), 0u);
}

TEST_F(Life, AThousandRequestsForRoomsOfOthersStartNothing_A27) {
  const Client eve = host("eve", "mine");
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(ask(eve, "room" + std::to_string(i)).outcome, Outcome::Refuse);
  EXPECT_EQ(rooms.room_count(), 0u);
  EXPECT_EQ(rooms.waiting_count(), 0u);
}

TEST_F(Life, WaitersGetInWhenTheHostHasCome_S4_S8) {
  const Client ada = host("ada"), bo = guest("bo"), cy = guest("cy");
  EXPECT_EQ(ask(bo, "board").outcome, Outcome::Wait);
  EXPECT_EQ(ask(cy, "board").outcome, Outcome::Wait);
  EXPECT_THAT(take(bo), IsEmpty());
  EXPECT_TRUE(ask(ada, "board").starts_room);
  join(ada, "board");
  for (const Client& who : {bo, cy}) {
    EXPECT_TRUE(ask(who, "board").admitted());
    join(who, "board");
    EXPECT_EQ(role("board", who), Role::Guest);
  }
  EXPECT_EQ(rooms.waiting_count(), 0u);
  EXPECT_EQ(ask(bo, "plans").outcome, Outcome::Wait);
}

TEST_F(Life, AParticipantWaitsForTheHostAndIsNeverPromoted_S10) {
  const Client ada = host("ada"), pat = participant("pat");
  EXPECT_EQ(ask(pat, "board").outcome, Outcome::Wait);
  join(ada, "board");
  join(pat, "board");
  EXPECT_EQ(role("board", pat), Role::Participant);
  leave(ada, "board");
  loop.advance(10min);
  EXPECT_EQ(role("board", pat), Role::Participant);
}

TEST_F(Life, ARequestAloneOpensTheRoomForAWhile) {
  const Client ada = host("ada");
  EXPECT_TRUE(ask(ada, "board").admitted());
  EXPECT_EQ(state("board"), RoomState::Open);
  loop.advance(kStartTimeout - 1ms);
  EXPECT_EQ(state("board"), RoomState::Open);
  loop.advance(1ms);
  EXPECT_EQ(state("board"), RoomState::Absent);
  EXPECT_THAT(listener.take(), ElementsAre("opened board", "closed board"));
}

TEST_F(Life, ARoomThatIsInUseDoesNotTimeOut) {
  const Client ada = host("ada");
  ask(ada, "board");
  join(ada, "board");
  loop.advance(1h);
  EXPECT_EQ(state("board"), RoomState::Open);
}

TEST_F(Life, AnEmptyRoomIsAbsentAtOnceAndTheNextOneIsAnother) {
  const Client ada = host("ada");
  join(ada, "board");
  const std::string first = rooms.find(room_name("board"))->meeting_id();
  leave(ada, "board");
  EXPECT_EQ(state("board"), RoomState::Absent);
  EXPECT_THAT(listener.take(), ElementsAre("opened board", "joined ada", "left ada", "closed board"));
  join(ada, "board");
  EXPECT_NE(rooms.find(room_name("board"))->meeting_id(), first);
}

TEST_F(Life, TheEndOfASessionIsALeave) {
  const Client ada = host("ada"), bo = guest("bo");
  join(ada, "board");
  join(bo, "board");
  forget_sent();
  rooms.session_ended(bo.visitor.sender.session);
  EXPECT_EQ(
      only(ada),
      R"(<presence type="unavailable" from="board@conference.example/bo"><x xmlns="http://jabber.org/protocol/muc#user"><item xmlns="http://jabber.org/protocol/muc#user" affiliation="none" role="none" jid="bo@example/r"/></x></presence>)");
  EXPECT_THAT(listener.take(), ElementsAre("left bo"));
}

TEST_F(Life, ALeaveIsConfirmedWith110AndItsStatusIsRelayed) {
  const Client ada = host("ada"), bo = guest("bo");
  join(ada, "board");
  join(bo, "board");
  forget_sent();
  send(bo, "<presence type='unavailable' to='board@conference.example/bo'><status>switch_room</status></presence>");
  EXPECT_EQ(
      only(bo),
      R"(<presence type="unavailable" from="board@conference.example/bo"><status>switch_room</status><x xmlns="http://jabber.org/protocol/muc#user"><item xmlns="http://jabber.org/protocol/muc#user" affiliation="none" role="none" jid="bo@example/r"/><status xmlns="http://jabber.org/protocol/muc#user" code="110"/></x></presence>)");
  EXPECT_THAT(only(ada), HasSubstr("<status>switch_room</status>"));
}

TEST_F(Life, HoldsTheRoomAGraceAfterTheLastHostLeft_S12) {
  const Client ada = host("ada"), pat = participant("pat"), bo = guest("bo"), cy = guest("cy"), di = participant("di");
  for (const Client& who : {ada, pat, bo}) join(who, "board");
  leave(ada, "board");
  forget_sent();
  loop.advance(59s);
  EXPECT_TRUE(ask(cy, "board").admitted()) << "within the grace nothing is visible";
  loop.advance(1s);
  EXPECT_EQ(state("board"), RoomState::Held);
  EXPECT_EQ(ask(cy, "board").outcome, Outcome::Wait);
  EXPECT_EQ(rooms.waiting_count(), 1u);
  join(di, "board");
  EXPECT_EQ(role("board", di), Role::Participant);
  EXPECT_EQ(state("board"), RoomState::Held);
  EXPECT_TRUE(inside("board", bo));
  join(ada, "board");
  EXPECT_EQ(role("board", ada), Role::Host);
  EXPECT_EQ(state("board"), RoomState::Open);
  EXPECT_TRUE(ask(cy, "board").admitted());
}

TEST_F(Life, AHostWhoIsBackWithinTheGraceHoldsNothing) {
  const Client ada = host("ada"), bo = guest("bo");
  join(ada, "board");
  join(bo, "board");
  leave(ada, "board");
  loop.advance(30s);
  join(ada, "board");
  loop.advance(10min);
  EXPECT_EQ(state("board"), RoomState::Open);
}

TEST_F(Life, HostLeftOpenChangesNothing_S12) {
  policy.host_left = access::HostLeft::Open;
  const Client ada = host("ada"), bo = guest("bo"), cy = guest("cy");
  join(ada, "board");
  join(bo, "board");
  leave(ada, "board");
  loop.advance(10min);
  EXPECT_TRUE(ask(cy, "board").admitted());
}

TEST_F(Life, HostLeftEndRemovesAllWithAReason_S12) {
  policy.host_left = access::HostLeft::End;
  const Client ada = host("ada"), bo = guest("bo");
  join(ada, "board");
  join(bo, "board");
  leave(ada, "board");
  forget_sent();
  loop.advance(60s);
  EXPECT_THAT(only(bo), HasSubstr("<reason xmlns=\"http://jabber.org/protocol/muc#user\">The host has left"));
  EXPECT_EQ(rooms.room_count(), 0u);
  EXPECT_THAT(listener.take(), ElementsAre("left bo", "closed board"));
}

TEST_F(Life, ARoomThatNoHostEverSawIsNotHeld) {
  policy.starters = access::Starters::Authenticated;
  const Client pat = participant("pat"), bo = guest("bo");
  join(pat, "board");
  loop.advance(10min);
  EXPECT_TRUE(ask(bo, "board").admitted());
}

TEST_F(Life, AHeldRoomThatRunsEmptyIsAbsent) {
  const Client ada = host("ada"), bo = guest("bo"), cy = guest("cy");
  join(ada, "board");
  join(bo, "board");
  leave(ada, "board");
  loop.advance(61s);
  ask(cy, "board");
  leave(bo, "board");
  EXPECT_EQ(state("board"), RoomState::Waiting);
  EXPECT_EQ(rooms.room_count(), 0u);
}

TEST_F(Life, EndForAllDestroysCoolsDownAndLetsAHostBeginAgain) {
  const Client ada = host("ada"), bo = guest("bo");
  join(ada, "board");
  join(bo, "board");
  forget_sent();
  EXPECT_FALSE(ends(bo));
  EXPECT_EQ(rooms.room_count(), 1u);
  EXPECT_TRUE(ends(ada));
  EXPECT_EQ(
      only(bo),
      R"(<presence type="unavailable" from="board@conference.example/bo"><x xmlns="http://jabber.org/protocol/muc#user"><item xmlns="http://jabber.org/protocol/muc#user" affiliation="none" role="none"/><destroy xmlns="http://jabber.org/protocol/muc#user"><reason xmlns="http://jabber.org/protocol/muc#user">The meeting has been terminated</reason></destroy><status xmlns="http://jabber.org/protocol/muc#user" code="110"/></x></presence>)");
  loop.run_ready();
  EXPECT_EQ(state("board"), RoomState::Ended);
  EXPECT_THAT(listener.take(), ElementsAre("left bo", "left ada", "closed board"));
  EXPECT_EQ(ask(bo, "board").reason.slug, access::Slug::Ended);
  loop.advance(10s);
  EXPECT_EQ(state("board"), RoomState::Absent);
  EXPECT_EQ(ask(bo, "board").outcome, Outcome::Wait);
  join(ada, "board");
  rooms.end_meeting(room_name("board"));
  EXPECT_TRUE(ask(ada, "board").starts_room);
  EXPECT_EQ(state("board"), RoomState::Open);
}

TEST_F(Life, ElectsTheFirstGuestAndTheNextWhenHeLeaves_S13) {
  policy.guests = access::Guests::Create;
  policy.guest_rooms = {access::RoomPattern::parse("walk-in-*").value()};
  const Client bo = guest("bo"), cy = guest("cy"), ada = host("ada");
  EXPECT_TRUE(ask(bo, "walk-in-7").starts_room);
  join(bo, "walk-in-7");
  join(cy, "walk-in-7");
  EXPECT_EQ(role("walk-in-7", bo), Role::Moderator);
  EXPECT_EQ(role("walk-in-7", cy), Role::Guest);
  leave(bo, "walk-in-7");
  EXPECT_EQ(role("walk-in-7", cy), Role::Moderator);
  EXPECT_EQ(ask(bo, "board").outcome, Outcome::Wait);
  forget_sent();
  join(ada, "walk-in-7");
  EXPECT_EQ(role("walk-in-7", ada), Role::Host);
  EXPECT_EQ(role("walk-in-7", cy), Role::Guest);
  EXPECT_THAT(listener.take(), ElementsAre("role cy guest", "joined ada"));
}

TEST_F(Life, NeverElectsWhereThePolicyDoesNot) {
  const Client ada = host("ada"), bo = guest("bo");
  join(ada, "board");
  join(bo, "board");
  leave(ada, "board");
  EXPECT_EQ(role("board", bo), Role::Guest);
}

TEST_F(Life, AFreshTokenChangesTheRoleOfSomebodyInside) {
  const Client ada = host("ada");
  Client bo = guest("bo");
  join(ada, "board");
  join(bo, "board");
  forget_sent();
  bo.visitor.identity = participant("bo").visitor.identity;
  rooms.identity_changed(bo.visitor);
  EXPECT_EQ(role("board", bo), Role::Participant);
  EXPECT_THAT(only(ada), HasSubstr(R"(affiliation="member" role="participant")"));
  bo.visitor.identity = host("bo", "other").visitor.identity;
  rooms.identity_changed(bo.visitor);
  EXPECT_FALSE(inside("board", bo));
}

TEST_F(Life, RoomsThatCoolDownAreBoundedAndThoseBeyondAreFreeAtOnce) {
  const Client ada = host("ada");
  for (std::size_t i = 0; i <= kMaxRooms; ++i) {
    const std::string name = "r" + std::to_string(i);
    join(ada, name);
    rooms.end_meeting(room_name(name));
    loop.run_ready();
  }
  forget_sent();
  EXPECT_EQ(state("r0"), RoomState::Ended);
  EXPECT_EQ(state("r" + std::to_string(kMaxRooms)), RoomState::Absent);
}

TEST_F(Life, OnePersonCannotStartRoomAfterRoomByAskingAlone) {
  const Client ada = host("ada"), bo = host("bo");
  for (std::size_t i = 0; i < kMaxRoomsPerSession; ++i) EXPECT_TRUE(ask(ada, "r" + std::to_string(i)).admitted());
  EXPECT_EQ(ask(ada, "more").outcome, access::Outcome::Full);
  EXPECT_EQ(state("more"), RoomState::Absent);
  EXPECT_TRUE(ask(bo, "more").admitted()) << "others are untouched";
  join(ada, "r0");
  EXPECT_TRUE(ask(ada, "next").admitted()) << "a room that was entered does not count";
}

TEST_F(Life, ATokenThatExpiresIsKeptDemotedOrRemoved_S18) {
  for (const auto expiry : {access::TokenExpiry::Keep, access::TokenExpiry::Demote, access::TokenExpiry::Remove}) {
    policy.token_expiry = expiry;
    Client ada = host("ada");
    ada.visitor.identity.scope.until = loop.wall_now() + std::chrono::seconds(5);
    const Client bo = host("bo");
    join(bo, "board");
    join(ada, "board");
    loop.advance(6s);
    const Role expected[] = {Role::Host, Role::Guest, Role::None};
    EXPECT_EQ(role("board", ada), expected[static_cast<int>(expiry)]);
    rooms.end_meeting(room_name("board"));
    loop.advance(11s);
  }
}

TEST_F(Life, TheServerHoldsSoManyRoomsAndNoMore) {
  RoomOptions few = options();
  few.max_rooms = 2;
  Rooms small(loop, outbox, random, policies, few, listener, log);
  const Client ada = host("ada");
  EXPECT_TRUE(small.ask(ada.visitor, room_name("a"), {}).admitted());
  EXPECT_TRUE(small.ask(ada.visitor, room_name("b"), {}).admitted());
  EXPECT_EQ(small.ask(ada.visitor, room_name("c"), {}).outcome, Outcome::Full);
  EXPECT_EQ(small.room_count(), 2u);
  EXPECT_TRUE(small.ask(ada.visitor, room_name("a"), {}).admitted()) << "those that are there go on";
}

TEST_F(Life, TheAdminSeesRoleKindReasonAndNoMailAddress_S24) {
  Client ada = host("ada");
  ada.visitor.identity.display = {
      .name = "Ada", .email = "ada@example.org", .avatar = {}, .user_id = {}, .group = {}, .verified = true};
  const Client bo = guest("bo"), cy = guest("cy");
  ask(cy, "plans");
  join(ada, "board");
  join(bo, "board", "<nick xmlns='http://jabber.org/protocol/nick'>Bo</nick>");
  const auto views = rooms.view();
  ASSERT_EQ(views.size(), 1u);
  EXPECT_EQ(views[0].name, "board");
  EXPECT_EQ(views[0].state, RoomState::Open);
  ASSERT_EQ(views[0].occupants.size(), 2u);
  EXPECT_EQ(views[0].occupants[0].display_name, "Ada");
  EXPECT_EQ(views[0].occupants[0].role, Role::Host);
  EXPECT_EQ(views[0].occupants[0].reason.slug, access::Slug::HostByClaim);
  EXPECT_EQ(views[0].occupants[1].kind, access::IdentityKind::Guest);
  EXPECT_EQ(views[0].occupants[1].display_name, "Bo");
  ASSERT_EQ(rooms.waiting().size(), 1u);
  EXPECT_EQ(rooms.waiting()[0].name, "plans");
}

TEST(WaitingList, IsBounded) {
  Waiting waiting;
  const access::RoomName board = room_name("board");
  for (std::uint64_t i = 0; i < kMaxWaitersPerRoom; ++i) EXPECT_TRUE(waiting.add(xmpp::SessionId{i}, board));
  EXPECT_FALSE(waiting.add(xmpp::SessionId{kMaxWaitersPerRoom}, board));
  for (std::uint64_t i = kMaxWaitersPerRoom; i < kMaxWaiters; ++i) {
    EXPECT_TRUE(waiting.add(xmpp::SessionId{i}, room_name("room" + std::to_string(i))));
  }
  EXPECT_FALSE(waiting.add(xmpp::SessionId{kMaxWaiters}, room_name("one-more")));
  EXPECT_EQ(waiting.count(), kMaxWaiters);
}

TEST(SessionsOfALoop, ForgetTheOldestTicketWhenThereAreManyRooms) {
  Sessions sessions;
  const xmpp::SessionId session{1};
  for (std::size_t i = 0; i <= kMaxTicketRooms; ++i) {
    sessions.remember_ticket(session, room_name("room" + std::to_string(i)), access::guest("x"));
  }
  EXPECT_EQ(sessions.ticket(session, room_name("room0")), nullptr);
  EXPECT_NE(sessions.ticket(session, room_name("room1")), nullptr);
  sessions.ended(session);
  EXPECT_EQ(sessions.size(), 0u);
}

}  // namespace
}  // namespace conclave::room
