#include "room/join.h"

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

class Join : public RoomsTest {};

TEST_F(Join, SendsFocusThenOccupantsThenOneselfThenTheSubject) {
  const Client ada = host("ada"), bo = guest("bo");
  join(ada, "board");
  forget_sent();
  join(bo, "board");
  EXPECT_THAT(
      take(bo),
      ElementsAre(
          R"(<presence from="board@conference.example/focus"><x xmlns="http://jabber.org/protocol/muc#user"><item xmlns="http://jabber.org/protocol/muc#user" affiliation="owner" role="moderator" jid="focus@auth.example/focus"/></x></presence>)",
          R"(<presence from="board@conference.example/ada"><x xmlns="http://jabber.org/protocol/muc#user"><item xmlns="http://jabber.org/protocol/muc#user" affiliation="owner" role="moderator" jid="ada@example/r"/></x></presence>)",
          R"(<presence from="board@conference.example/bo"><x xmlns="http://jabber.org/protocol/muc#user"><item xmlns="http://jabber.org/protocol/muc#user" affiliation="none" role="participant" jid="bo@example/r"/><status xmlns="http://jabber.org/protocol/muc#user" code="110"/></x></presence>)",
          R"(<message type="groupchat" from="board@conference.example"><subject/></message>)"));
  EXPECT_THAT(
      take(ada),
      ElementsAre(
          R"(<presence from="board@conference.example/bo"><x xmlns="http://jabber.org/protocol/muc#user"><item xmlns="http://jabber.org/protocol/muc#user" affiliation="none" role="participant" jid="bo@example/r"/></x></presence>)"));
  EXPECT_THAT(listener.take(), ElementsAre("joined bo"));
}

TEST_F(Join, OfAModeratorCarriesHisPermissionsOnceAndNeverStatus201) {
  const Client ada = host("ada");
  join(ada, "board");
  const auto sent = take(ada);
  ASSERT_THAT(sent, SizeIs(3));
  EXPECT_EQ(
      sent[1],
      R"(<presence from="board@conference.example/ada"><permissions xmlns="http://jitsi.org/jitmeet"><p xmlns="http://jitsi.org/jitmeet" name="livestreaming" val="true"/><p xmlns="http://jitsi.org/jitmeet" name="recording" val="true"/><p xmlns="http://jitsi.org/jitmeet" name="transcription" val="true"/><p xmlns="http://jitsi.org/jitmeet" name="outbound-call" val="true"/><p xmlns="http://jitsi.org/jitmeet" name="create-polls" val="true"/><p xmlns="http://jitsi.org/jitmeet" name="send-groupchat" val="true"/><p xmlns="http://jitsi.org/jitmeet" name="flip" val="true"/></permissions><x xmlns="http://jabber.org/protocol/muc#user"><item xmlns="http://jabber.org/protocol/muc#user" affiliation="owner" role="moderator" jid="ada@example/r"/><status xmlns="http://jabber.org/protocol/muc#user" code="110"/></x></presence>)");
  for (const auto& text : sent) EXPECT_THAT(text, Not(HasSubstr("201")));
  send(ada, "<presence to='board@conference.example/ada'/>");
  EXPECT_THAT(only(ada), Not(HasSubstr("permissions")));
}

TEST_F(Join, UnderAnEndpointIdOfTheServersOwnIsAConflict) {
  const Client ada = host("ada");
  join(ada, "board");
  for (const char* nick : {"focus", "jvb"}) {
    const Client bo = guest(nick);
    join(bo, "board");
    EXPECT_THAT(only(bo), HasSubstr("conflict")) << nick;
  }
}

TEST_F(Join, OfATokenThatIsGoodForCenturiesStartsNoTimerThatOverflows) {
  policy.token_expiry = access::TokenExpiry::Remove;
  Client ada = host("ada");
  ada.visitor.identity.scope.until = WallTime(std::chrono::seconds(253'402'300'700));
  join(ada, "board");
  loop.advance(std::chrono::hours(49));
  EXPECT_EQ(role("board", ada), Role::Host);
}

TEST_F(Join, ByAHostStartsAnAbsentRoomWithoutARequest) {
  const Client ada = host("ada");
  join(ada, "board");
  EXPECT_EQ(state("board"), RoomState::Open);
  EXPECT_EQ(role("board", ada), Role::Host);
  EXPECT_THAT(listener.take(), ElementsAre("opened board", "joined ada"));
}

TEST_F(Join, OfAGuestToAnAbsentRoomMakesTheClientAskAgainWhereNoLobbyIs) {
  policy.lobby_exists = false;
  const Client bo = guest("bo");
  join(bo, "board");
  EXPECT_EQ(
      only(bo),
      R"(<presence type="error" from="board@conference.example/bo"><error type="cancel"><not-allowed xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/><text xmlns="urn:ietf:params:xml:ns:xmpp-stanzas">Room creation is restricted</text><room-does-not-exist xmlns="http://jitsi.org/jitmeet"/></error><x xmlns="http://jabber.org/protocol/muc"/></presence>)");
  EXPECT_EQ(rooms.room_count(), 0u);
  EXPECT_EQ(rooms.waiting_count(), 1u);
}

TEST_F(Join, WithATokenForAnotherRoomFailsAsRoomMismatchWhateverTheState_S5) {
  const Client eve = host("eve", "other"), bo = guest("bo"), ada = host("ada");
  EXPECT_EQ(ask(bo, "board").outcome, Outcome::Wait);
  const access::Decision asked = ask(eve, "board");
  EXPECT_EQ(asked.outcome, Outcome::Refuse);
  EXPECT_EQ(state("board"), RoomState::Waiting);
  join(eve, "board");
  const std::string while_waiting = only(eve);
  EXPECT_THAT(while_waiting,
              HasSubstr(R"(<error type="cancel"><not-allowed xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/>)"));
  EXPECT_THAT(while_waiting, HasSubstr(R"(<room-mismatch xmlns="http://jitsi.org/jitmeet"/></error>)"));
  EXPECT_EQ(ask(bo, "board").outcome, Outcome::Wait) << "a guest who waits still waits";
  join(ada, "board");
  join(eve, "board");
  EXPECT_EQ(only(eve), while_waiting) << "nothing about the room is told";
  EXPECT_THAT(listener.take(), ElementsAre("opened board", "joined ada"));
}

TEST_F(Join, IsRefusedTheSameForATakenNickOnlyToThoseWhoMayComeIn) {
  const Client ada = host("ada"), eve = host("ada", "other"), twin = guest("ada");
  join(ada, "board");
  join(twin, "board");
  EXPECT_THAT(only(twin), HasSubstr(R"(<error type="cancel"><conflict xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/>)"));
  join(eve, "board");
  EXPECT_THAT(only(eve), HasSubstr("room-mismatch"));
  EXPECT_EQ(rooms.occupant_count(), 1u);
}

TEST_F(Join, AsFocusIsAConflict) {
  const Client ada = host("ada"), eve = guest("focus");
  join(ada, "board");
  join(eve, "board");
  EXPECT_THAT(only(eve), HasSubstr("<conflict "));
}

TEST_F(Join, WithANickThatIsNoneIsAnInvalidResource) {
  const Client ada = host("ada");
  for (const std::string& nick : {std::string("_ada"), std::string("a-b"), std::string("ä"), std::string(65, 'a')}) {
    send(ada,
         "<presence to='board@conference.example/" + nick + "'><x xmlns='http://jabber.org/protocol/muc'/></presence>");
    EXPECT_THAT(only(ada), HasSubstr("<not-allowed xmlns=\"urn:ietf:params:xml:ns:xmpp-stanzas\"/><text "
                                     "xmlns=\"urn:ietf:params:xml:ns:xmpp-stanzas\">Invalid resource</text>"))
        << nick;
  }
  EXPECT_EQ(rooms.room_count(), 0u);
  EXPECT_TRUE(is_nick("3f9c21ab"));
  EXPECT_TRUE(is_nick("A_9"));
  EXPECT_TRUE(is_nick(std::string(64, 'a')));
}

TEST_F(Join, NeedsItsX) {
  const Client ada = host("ada");
  send(ada, "<presence to='board@conference.example/ada'/>");
  EXPECT_THAT(only(ada), HasSubstr("<not-acceptable "));
  EXPECT_EQ(rooms.room_count(), 0u);
}

TEST_F(Join, ToAReservedOrImpossibleNameIsRefused_A25) {
  const Client ada = host("ada");
  for (const std::string room : {"focus", "lobby.board", "a%5cb"}) {
    join(ada, room);
    EXPECT_THAT(only(ada), HasSubstr("<not-allowed ")) << room;
  }
  EXPECT_EQ(rooms.room_count(), 0u);
}

TEST_F(Join, AgainByTheSameSessionSendsTheRoomAnewAndChangesNoRole) {
  const Client ada = host("ada"), bo = guest("bo");
  join(ada, "board");
  join(bo, "board");
  forget_sent();
  join(bo, "board");
  EXPECT_THAT(take(bo), SizeIs(4));
  EXPECT_THAT(take(ada), SizeIs(1));
  EXPECT_THAT(listener.take(), IsEmpty());
  EXPECT_EQ(rooms.occupant_count(), 2u);
}

TEST_F(Join, UnderAnotherNickByTheSameSessionIsNotAcceptable) {
  const Client ada = host("ada");
  join(ada, "board");
  take(ada);
  send(ada, "<presence to='board@conference.example/eve'><x xmlns='http://jabber.org/protocol/muc'/></presence>");
  EXPECT_THAT(only(ada), HasSubstr("<not-acceptable "));
  EXPECT_EQ(rooms.occupant_count(), 1u);
}

TEST_F(Join, IsAnsweredFromTheAddressThatTheClientUses) {
  const Client ada = host("ada");
  send(ada, "<presence to='board@muc.example/ada'><x xmlns='http://jabber.org/protocol/muc'/></presence>");
  for (const auto& stanza : take_stanzas(ada))
    EXPECT_THAT(std::string(stanza.attribute("from")), HasSubstr("board@muc.example"));
}

TEST_F(Join, CountsAgainstTheCapacity) {
  const Client ada = host("ada");
  join(ada, "board");
  for (std::size_t i = 1; i < options().max_occupants; ++i) join(guest("g" + std::to_string(i)), "board");
  const Client last = guest("last");
  join(last, "board");
  EXPECT_THAT(only(last), HasSubstr(R"(<error type="cancel"><service-unavailable )"));
  EXPECT_EQ(rooms.occupant_count(), options().max_occupants);
}

TEST_F(Join, IsLimitedToAFewRoomsPerSession) {
  const Client ada = host("ada");
  for (std::size_t i = 0; i < kMaxRoomsPerSession; ++i) join(ada, "room" + std::to_string(i));
  take(ada);
  join(ada, "one-more");
  EXPECT_THAT(only(ada), HasSubstr(R"(<error type="wait"><resource-constraint )"));
  EXPECT_EQ(state("one-more"), RoomState::Absent);
}

TEST_F(Join, TooLargeIsNotAcceptable) {
  const Client ada = host("ada");
  join(ada, "board", "<big>" + std::string(kMaxPresenceBytes, 'x') + "</big>");
  EXPECT_THAT(only(ada), HasSubstr(R"(<error type="modify"><not-acceptable )"));
  EXPECT_EQ(rooms.room_count(), 0u);
}

TEST_F(Join, AsksForANameWhereOneIsRequired) {
  policy.require_display_name = true;
  const Client ada = host("ada");
  join(ada, "board");
  EXPECT_THAT(only(ada),
              HasSubstr(R"(<displayname-required xmlns="http://jitsi.org/jitmeet" lobby="false"/></error>)"));
  join(ada, "board", "<nick xmlns='http://jabber.org/protocol/nick'>Ada</nick>");
  EXPECT_TRUE(inside("board", ada));
}

TEST_F(Join, OfGuestsWhereTheyAreDeniedAsksForALogin) {
  policy.guests = access::Guests::Deny;
  const Client bo = guest("bo");
  join(bo, "board");
  EXPECT_THAT(only(bo), HasSubstr(R"(<authentication-required xmlns="http://jitsi.org/jitmeet"/></error>)"));
}

TEST_F(Join, OfAGuestNeverMeetsThePasswordPromptInARoomWithoutOne_S2) {
  const Client ada = host("ada"), bo = guest("bo"), eve = host("eve", "other");
  join(bo, "board");
  join(eve, "board");
  join(ada, "board");
  join(bo, "board");
  leave(ada, "board");
  for (const Client& who : {bo, eve}) {
    for (const auto& text : take(who)) EXPECT_THAT(text, Not(HasSubstr("not-authorized")));
  }
}

TEST_F(Join, ByATicketHasItsIdentityInThatRoomOnly_S6) {
  const Client bo = guest("bo");
  access::Identity from_ticket = host("ada", "board").visitor.identity;
  EXPECT_TRUE(ask(bo, "board", from_ticket).admitted());
  join(bo, "board");
  EXPECT_EQ(role("board", bo), Role::Host);
  EXPECT_EQ(ask(bo, "plans").outcome, Outcome::Wait);
  join(bo, "plans");
  EXPECT_FALSE(inside("plans", bo));
}

TEST_F(Join, AfterARequestWithoutTheTicketIsAGuestsAgain) {
  const Client bo = guest("bo");
  ask(bo, "board", host("ada", "board").visitor.identity);
  EXPECT_TRUE(ask(bo, "board").admitted()) << "the room is open by now";
  join(bo, "board");
  EXPECT_EQ(role("board", bo), Role::Guest);
}

TEST_F(Join, ByOnesOwnTokenIsNotNarrowedByAnOldTicket) {
  const Client ada = host("ada", "board");
  ask(ada, "board", participant("old").visitor.identity);
  join(ada, "board");
  EXPECT_EQ(role("board", ada), Role::Host);
}

}  // namespace
}  // namespace conclave::room
