// The lobby (signalling.md 6.3), waiting (access.md 4.5, S4) and what a room remembers of whom it let in.
#include "room/lobby.h"

#include "room/admission.h"
#include "room/room_fixture.h"

namespace conclave::room {
namespace {

using access::Role;
using access::RoomState;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class LobbyTest : public RoomsTest {
 protected:
  static std::string lobby(std::string_view room, const std::string& nick = {}) {
    return std::string(room) + "@lobby.example" + (nick.empty() ? "" : '/' + nick);
  }
  void send_lobby(const Client& who, std::string_view xml) {
    const auto stanza = xmpp::parse(xml);
    ASSERT_TRUE(stanza) << xml;
    rooms.lobby_stanza(who.visitor, *stanza);
    loop.run_ready();
  }
  void enter_lobby(const Client& who, std::string_view room) {
    send_lobby(who, "<presence to='" + lobby(room, "L" + who.nick) +
                        "'><x xmlns='http://jabber.org/protocol/muc'/>"
                        "<nick xmlns='http://jabber.org/protocol/nick'>" +
                        who.nick + "</nick></presence>");
  }
  void join_named(const Client& who, std::string_view room, const std::string& name = {}, std::string_view x = {}) {
    send(who, "<presence to='" + address(room, who.nick) + "'><x xmlns='http://jabber.org/protocol/muc'>" +
                  std::string(x) + "</x><nick xmlns='http://jabber.org/protocol/nick'>" +
                  (name.empty() ? who.nick : name) + "</nick></presence>");
  }
  void knock(const Client& who, std::string_view room) {
    ask(who, room);
    join_named(who, room);
    enter_lobby(who, room);
  }
  void configure(const Client& who, std::string_view room, std::string_view field, std::string_view value) {
    send(who, "<iq type='set' id='c1' to='" + address(room) +
                  "'><query xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data' type='submit'>"
                  "<field var='" +
                  std::string(field) + "'><value>" + std::string(value) + "</value></field></x></query></iq>");
  }
  void lobby_on(const Client& who, std::string_view room) {
    configure(who, room, "muc#roomconfig_membersonly", "true");
  }
  void invite(const Client& by, std::string_view room, const std::vector<Client>& people) {
    std::string invites;
    for (const Client& one : people) invites += "<invite to='" + one.nick + "@example/r'/>";
    send(by, "<message to='" + address(room) + "' id='i1'><x xmlns='http://jabber.org/protocol/muc#user'>" + invites +
                 "</x></message>");
  }
  std::string refusal_of(const Client& who, std::string_view room) {
    take(who);
    join_named(who, room);
    return only(who);
  }
  static auto to_lobby() { return HasSubstr("<registration-required "); }
};

TEST_F(LobbyTest, WhoWaitsIsSentToTheLobbyInBothForms) {
  const Client bo = guest("bo");
  EXPECT_TRUE(ask(bo, "board").outcome == access::Outcome::Wait);
  EXPECT_EQ(refusal_of(bo, "board"),
            "<presence type=\"error\" from=\"board@conference.example/bo\"><error type=\"auth\" code=\"407\">"
            "<registration-required xmlns=\"urn:ietf:params:xml:ns:xmpp-stanzas\"/>"
            "<text xmlns=\"urn:ietf:params:xml:ns:xmpp-stanzas\">The meeting has not started. You come in when a host "
            "arrives.</text>"
            "<lobbyroom xmlns=\"http://jitsi.org/jitmeet\">board@lobby.example</lobbyroom>"
            "<waiting-for-host xmlns=\"http://jitsi.org/jitmeet\"/></error><lobbyroom>board@lobby.example</lobbyroom>"
            "<x xmlns=\"http://jabber.org/protocol/muc\"/></presence>");
}

TEST_F(LobbyTest, S4_WaitersHoldNothingAndGetInWhenAHostComes) {
  const Client bo = guest("bo"), cy = guest("cy");
  knock(bo, "board");
  take(bo);
  knock(cy, "board");
  EXPECT_THAT(take(bo), IsEmpty()) << "waiters do not see each other";
  EXPECT_EQ(state("board"), RoomState::Waiting);
  EXPECT_EQ(rooms.room_count(), 0u);
  EXPECT_EQ(rooms.waiting_count(), 2u);
  join(host("ada"), "board");
  EXPECT_THAT(only(bo), AllOf(HasSubstr("jid=\"board@conference.example\""), HasSubstr("Host arrived."),
                              HasSubstr("code=\"110\"")));
  EXPECT_EQ(rooms.waiting_count(), 0u);
  join_named(bo, "board");
  EXPECT_EQ(role("board", bo), Role::Guest);
}

TEST_F(LobbyTest, S4_WithWaitersAskTheyKnockAndSoDoesWhoeverComesLater) {
  policy.waiters = access::Waiters::Ask;
  const Client bo = guest("bo"), cy = guest("cy"), ada = host("ada");
  knock(bo, "board");
  join(ada, "board");
  enter_lobby(ada, "board");
  EXPECT_THAT(take(ada), Contains(AllOf(HasSubstr("from=\"board@lobby.example/Lbo\""), HasSubstr(">bo</nick>"))));
  EXPECT_THAT(refusal_of(cy, "board"), AllOf(to_lobby(), Not(HasSubstr("waiting-for-host"))));
}

TEST_F(LobbyTest, S4_WithWaitersAskNobodyWaitingLeavesTheRoomOpen) {
  policy.waiters = access::Waiters::Ask;
  const Client bo = guest("bo");
  join(host("ada"), "board");
  join(bo, "board");
  EXPECT_TRUE(inside("board", bo));
}

TEST_F(LobbyTest, WithoutALobbyWaitingIsAnotherErrorAndKnockingIsNothing) {
  policy.lobby_exists = false;
  policy.lobby = access::Lobby::All;
  const Client bo = guest("bo"), ada = host("ada");
  EXPECT_THAT(refusal_of(bo, "board"), HasSubstr("room-does-not-exist"));
  enter_lobby(bo, "board");
  EXPECT_THAT(only(bo), HasSubstr("item-not-found"));
  join(ada, "board");
  join(bo, "board");
  EXPECT_TRUE(inside("board", bo));
  take(ada);
  lobby_on(ada, "board");
  EXPECT_THAT(only(ada), HasSubstr("feature-not-implemented"));
}

TEST_F(LobbyTest, KnockersAreSeenByModeratorsAndByNobodyElse) {
  const Client ada = host("ada"), part = participant("part"), bo = guest("bo"), cy = guest("cy");
  join(ada, "board");
  join(part, "board");
  lobby_on(ada, "board");
  enter_lobby(ada, "board");
  forget_sent();
  knock(bo, "board");
  EXPECT_THAT(take(ada), Contains(HasSubstr("jid=\"bo@example/r\"")));
  EXPECT_THAT(take(part), IsEmpty());
  take(bo);
  knock(cy, "board");
  EXPECT_THAT(take(bo), IsEmpty());
  enter_lobby(part, "board");
  EXPECT_THAT(only(part), HasSubstr("not-allowed")) << "a participant does not look on";
}

TEST_F(LobbyTest, SeveralAreLetInAtOnceAndTheMeetingIsTold) {
  const Client ada = host("ada"), bo = guest("bo"), cy = guest("cy"), di = guest("di");
  join(ada, "board");
  lobby_on(ada, "board");
  for (const Client& one : {bo, cy, di}) knock(one, "board");
  forget_sent();
  invite(ada, "board", {bo, cy});
  for (const Client& one : {bo, cy}) {
    EXPECT_THAT(only(one), AllOf(HasSubstr("from=\"board@conference.example\""), HasSubstr("from=\"ada@example/r\""),
                                 Not(HasSubstr("password"))));
    join_named(one, "board");
    EXPECT_TRUE(inside("board", one));
  }
  EXPECT_THAT(take(di), IsEmpty());
  EXPECT_THAT(take(ada), Contains(AllOf(HasSubstr("LOBBY-ACCESS-GRANTED"), HasSubstr("board@lobby.example/Lcy"))));
  EXPECT_THAT(refusal_of(di, "board"), to_lobby());
}

TEST_F(LobbyTest, OnlyModeratorsLetInAndTurnAway_A42) {
  const Client ada = host("ada"), part = participant("part"), bo = guest("bo");
  join(ada, "board");
  join(part, "board");
  lobby_on(ada, "board");
  knock(bo, "board");
  forget_sent();
  invite(part, "board", {bo});
  EXPECT_THAT(only(part), HasSubstr("forbidden"));
  invite(bo, "board", {bo});
  EXPECT_THAT(only(bo), HasSubstr("not-acceptable"));
  const std::string kick =
      "<iq type='set' id='k1' to='board@lobby.example'><query xmlns='http://jabber.org/protocol/muc#admin'>"
      "<item nick='Lbo' role='none'/></query></iq>";
  for (const Client& one : {part, bo}) {
    send_lobby(one, kick);
    EXPECT_THAT(only(one), HasSubstr("forbidden"));
  }
  send_lobby(ada, kick);
  EXPECT_THAT(only(bo), AllOf(HasSubstr("code=\"307\""), HasSubstr("nick=\"ada\"")));
  EXPECT_THAT(take(ada), Contains(HasSubstr("LOBBY-ACCESS-DENIED")));
}

TEST_F(LobbyTest, S14_WhoWasInsidePassesTheLobbyUntilTheMeetingEndsOrHeIsKicked) {
  const Client ada = host("ada"), bo = guest("bo");
  join(ada, "board");
  join(bo, "board");
  lobby_on(ada, "board");
  leave(bo, "board");
  join_named(bo, "board");
  EXPECT_TRUE(inside("board", bo));
  admin(ada, "board", "<item nick='bo' role='none'/>");
  EXPECT_THAT(refusal_of(bo, "board"), to_lobby());
}

TEST_F(LobbyTest, A46_ATicketThatWasOnlyAskedForPassesNoLobby) {
  const Client ada = host("ada");
  Client bo = guest("bo");
  join(ada, "board");
  EXPECT_TRUE(ask(bo, "board").admitted());
  lobby_on(ada, "board");
  access::Identity with_ticket = bo.visitor.identity;
  with_ticket.proof.ticket = access::Proof::Ticket::InScope;
  EXPECT_EQ(ask(bo, "board", with_ticket).outcome, access::Outcome::Knock);
}

TEST_F(LobbyTest, A46_APasswordSetWhileSomebodyKnocksSendsHimBackToTheDoor) {
  const Client ada = host("ada"), bo = guest("bo");
  join(ada, "board");
  lobby_on(ada, "board");
  knock(bo, "board");
  take(bo);
  configure(ada, "board", "muc#roomconfig_roomsecret", "sesame");
  EXPECT_THAT(only(bo), AllOf(HasSubstr("<destroy "), HasSubstr("jid=\"board@conference.example\"")));
  EXPECT_THAT(refusal_of(bo, "board"), HasSubstr("not-authorized"));
  join_named(bo, "board", "bo", "<password>sesame</password>");
  EXPECT_TRUE(inside("board", bo)) << "LOBBY_PASSWORD=yes";
}

TEST_F(LobbyTest, A46_WithLobbyPasswordNoTheRightPasswordIsNotAskedTwice) {
  policy.lobby_password = access::LobbyPassword::No;
  const Client ada = host("ada"), bo = guest("bo");
  join(ada, "board");
  configure(ada, "board", "muc#roomconfig_roomsecret", "sesame");
  lobby_on(ada, "board");
  enter_lobby(bo, "board");
  EXPECT_THAT(only(bo), HasSubstr("not-authorized")) << "no way around the password";
  join_named(bo, "board", "bo", "<password>sesame</password>");
  EXPECT_THAT(only(bo), to_lobby());
  enter_lobby(bo, "board");
  EXPECT_THAT(only(bo), HasSubstr("code=\"110\""));
  invite(ada, "board", {bo});
  join_named(bo, "board");
  EXPECT_TRUE(inside("board", bo));
}

TEST_F(LobbyTest, A44_WhoWasKickedKnocksBeforeThePasswordAndHasNotShownItByThat) {
  const Client ada = host("ada"), bo = guest("bo");
  policy.kicked = access::Kicked::Knock;
  join(ada, "board");
  join(bo, "board");
  lobby_on(ada, "board");
  configure(ada, "board", "muc#roomconfig_roomsecret", "sesame");
  admin(ada, "board", "<item nick='bo' role='none'/>");
  take(bo);
  join_named(bo, "board", "bo", "<password>no such</password>");
  EXPECT_THAT(only(bo), to_lobby());
  enter_lobby(bo, "board");
  invite(ada, "board", {bo});
  join_named(bo, "board");
  EXPECT_TRUE(inside("board", bo)) << "let in once, as everybody whom a moderator lets in";
  leave(bo, "board");
  take(bo);
  enter_lobby(bo, "board");
  EXPECT_THAT(only(bo), HasSubstr("not-authorized")) << "he never said the password";
}

TEST_F(LobbyTest, A44_WhoKnocksBeforeThePasswordGuessesNoMoreOftenThanOthers) {
  const Client ada = host("ada"), bo = guest("bo");
  policy.kicked = access::Kicked::Knock;
  join(ada, "board");
  join(bo, "board");
  lobby_on(ada, "board");
  configure(ada, "board", "muc#roomconfig_roomsecret", "sesame");
  admin(ada, "board", "<item nick='bo' role='none'/>");
  take(bo);
  std::size_t heard = 0;
  for (int i = 0; i < 100; ++i) {
    join_named(bo, "board", "bo", "<password>no such</password>");
    if (only(bo).find("resource-constraint") == std::string::npos) ++heard;
  }
  EXPECT_EQ(heard, kMaxWrongPasswords);
}

TEST_F(LobbyTest, WhoKnocksHasToSayAsWhom) {
  const Client ada = host("ada"), bo = guest("bo");
  join(ada, "board");
  lobby_on(ada, "board");
  join(bo, "board");
  EXPECT_THAT(only(bo), HasSubstr("<displayname-required xmlns=\"http://jitsi.org/jitmeet\" lobby=\"true\"/>"));
  join_named(bo, "board", "\u200b");
  EXPECT_THAT(only(bo), HasSubstr("displayname-required"));
}

TEST_F(LobbyTest, S22_AnEmptyMeetingStandsForThoseWhoKnockAndForAHostWhoReloads) {
  const Client ada = host("ada"), again = token("ada", access::ClaimedRole::Moderator), bo = guest("bo");
  join(ada, "board");
  lobby_on(ada, "board");
  knock(bo, "board");
  leave(ada, "board");
  take(bo);
  EXPECT_EQ(state("board"), RoomState::Open);
  loop.advance(90s);
  EXPECT_EQ(state("board"), RoomState::Held);
  EXPECT_THAT(take(bo), IsEmpty());
  join(again, "board");
  EXPECT_EQ(role("board", again), Role::Host);
  enter_lobby(again, "board");
  EXPECT_THAT(take(again), Contains(HasSubstr("from=\"board@lobby.example/Lbo\"")));
  EXPECT_THAT(take(bo), IsEmpty()) << "still knocking, and told nothing";
}

TEST_F(LobbyTest, AnEmptyMeetingEndsWithItsLastKnockerOrAfterTenMinutes) {
  const Client ada = host("ada"), bo = guest("bo");
  join(ada, "board");
  lobby_on(ada, "board");
  knock(bo, "board");
  leave(ada, "board");
  send_lobby(bo, "<presence type='unavailable' to='board@lobby.example/Lbo'/>");
  EXPECT_EQ(rooms.room_count(), 0u);

  join(ada, "plans");
  lobby_on(ada, "plans");
  knock(bo, "plans");
  leave(ada, "plans");
  // Held after a minute: who knocked now waits, and for waiters no meeting stands.
  loop.advance(kEmptyWithKnockers + 1s);
  EXPECT_EQ(rooms.room_count(), 0u);
  EXPECT_EQ(rooms.waiting_count(), 1u);
}

TEST_F(LobbyTest, TheLobbyEndsWithTheMeeting) {
  const Client ada = host("ada"), bo = guest("bo");
  join(ada, "board");
  lobby_on(ada, "board");
  knock(bo, "board");
  take(bo);
  rooms.end_meeting(room_name("board"));
  loop.run_ready();
  EXPECT_THAT(only(bo), AllOf(HasSubstr("The meeting has been terminated"), Not(HasSubstr("jid=\"board@conference")),
                              HasSubstr("code=\"110\"")));
  loop.advance(11s);
  join(ada, "board");
  join(bo, "board");
  EXPECT_TRUE(inside("board", bo)) << "the next meeting has no lobby";
}

TEST_F(LobbyTest, WhoIsNoModeratorAnyMoreLooksOnNoLonger) {
  const Client ada = host("ada"), part = participant("part"), bo = guest("bo");
  join(ada, "board");
  join(part, "board");
  admin(ada, "board", "<item jid='part@example' affiliation='owner'/>");
  lobby_on(ada, "board");
  enter_lobby(part, "board");
  forget_sent();
  admin(ada, "board", "<item jid='part@example' affiliation='none'/>");
  EXPECT_THAT(take(part), Contains(AllOf(HasSubstr("board@lobby.example/Lpart"), HasSubstr("unavailable"))));
  knock(bo, "board");
  EXPECT_THAT(take(part), IsEmpty());
}

TEST_F(LobbyTest, MessagesPassBetweenModeratorAndKnockerOnly) {
  const Client ada = host("ada"), bo = guest("bo"), cy = guest("cy");
  join(ada, "board");
  lobby_on(ada, "board");
  enter_lobby(ada, "board");
  knock(bo, "board");
  knock(cy, "board");
  forget_sent();
  const auto say = [&](const Client& from, const std::string& to, std::string_view type, std::string_view text) {
    send_lobby(from, "<message type='" + std::string(type) + "' to='" + to +
                         "'><json-message xmlns='http://jitsi.org/jitmeet'>" + std::string(text) +
                         "</json-message></message>");
  };
  say(ada, "board@lobby.example/Lbo", "chat", "{}");
  EXPECT_THAT(only(bo), HasSubstr("from=\"board@lobby.example/Lada\""));
  say(bo, "board@lobby.example/Lcy", "chat", "{}");
  EXPECT_THAT(only(bo), HasSubstr("item-not-found"));
  say(ada, "board@lobby.example", "groupchat", "{\"type\":\"LOBBY_CHAT_INITIALIZED\",\"attendee\":{\"name\":\"bo\"}}");
  say(bo, "board@lobby.example", "groupchat", "{}");
  EXPECT_THAT(take(cy), IsEmpty());
  say(ada, "board@lobby.example", "groupchat", "{\"type\":\"MODERATOR_IN_CHAT_WITH_LEFT\"}");
  EXPECT_THAT(only(cy), HasSubstr("MODERATOR_IN_CHAT_WITH_LEFT"));
}

TEST_F(LobbyTest, A43_ALobbyTakesSoManyPeopleAndNoMore) {
  const Client ada = host("ada");
  join(ada, "board");
  lobby_on(ada, "board");
  for (std::size_t i = 0; i < kMaxInLobby; ++i) knock(guest("g" + std::to_string(i)), "board");
  const Client late = guest("late");
  knock(late, "board");
  EXPECT_THAT(take(late), Contains(HasSubstr("resource-constraint")));
}

TEST_F(LobbyTest, A43_OneAddressTakesSoManyPlacesInAllLobbies) {
  const Client ada = host("ada");
  for (const char* room : {"board", "plans"}) {
    join(ada, room);
    lobby_on(ada, room);
  }
  const auto from_one_address = [&](const std::string& nick) {
    Client one = guest(nick);
    one.visitor.peer = "192.0.2.1";
    return one;
  };
  for (std::size_t i = 0; i < kMaxInLobbiesFromAddress; ++i) {
    knock(from_one_address("g" + std::to_string(i)), i % 2 == 0 ? "board" : "plans");
  }
  const Client late = from_one_address("late"), other = guest("other");
  knock(late, "board");
  EXPECT_THAT(take(late), Contains(HasSubstr("resource-constraint")));
  knock(other, "board");
  EXPECT_THAT(take(other), Contains(HasSubstr("code=\"110\"")));
}

TEST_F(LobbyTest, WhoIsToKnockIsToldTheDecisionsSentence) {
  const Client ada = host("ada"), bo = guest("bo");
  join(ada, "board");
  lobby_on(ada, "board");
  EXPECT_THAT(refusal_of(bo, "board"), HasSubstr(">A moderator has to let you in.</text>"));
}

TEST_F(LobbyTest, ABarredGuestDoesNotKnockAgainFromTheSameBrowser_A39) {
  const Client ada = host("ada");
  Client bo = guest("bo"), again = guest("bo2");
  join(ada, "board");
  lobby_on(ada, "board");
  // Only the conference request names the browser; what follows on the stream does not.
  Client asks = bo, asks_again = again;
  asks.visitor.machine = asks_again.visitor.machine = "5d0c";
  ask(asks, "board");
  join_named(bo, "board");
  enter_lobby(bo, "board");
  send_lobby(ada, "<iq type='set' id='k1' to='" + lobby("board") +
                      "'><query xmlns='http://jabber.org/protocol/muc#admin'><item nick='Lbo' affiliation='outcast'/>"
                      "</query></iq>");
  ask(asks_again, "board");
  take(again);
  enter_lobby(again, "board");
  EXPECT_THAT(only(again), HasSubstr("<barred xmlns=\"http://jitsi.org/jitmeet\"/>"));
  EXPECT_EQ(rooms.knocking_count(), 0u);
}

TEST_F(LobbyTest, AHostIsNotBarredByHisOtherDeviceThatKnocks_A36) {
  const Client ada = host("ada"), pat = participant("pat");
  for (const Client& who : {ada, pat}) join(who, "board");
  admin(ada, "board", "<item nick='pat' affiliation='owner'/>");
  lobby_on(ada, "board");
  Client phone = participant("phone");
  phone.visitor.identity.subject = ada.visitor.identity.subject;
  join(phone, "board");
  rooms.remove(room_name("board"), "phone", false, "x");
  knock(phone, "board");
  ASSERT_EQ(rooms.knocking_count(), 1u);
  take(pat);
  send_lobby(pat,
             "<iq type='set' id='k1' to='" + lobby("board") +
                 "'><query xmlns='http://jabber.org/protocol/muc#admin'><item nick='Lphone' affiliation='outcast'/>"
                 "</query></iq>");
  EXPECT_THAT(only(pat), HasSubstr("<not-allowed "));
  EXPECT_EQ(rooms.knocking_count(), 1u);
}

TEST_F(LobbyTest, AGuestWhoWasKickedIsKnownByHisBrowser_A39) {
  const Client ada = host("ada"), part = participant("part");
  Client bo = guest("bo"), without_ticket = guest("bo2"), other = guest("other");
  bo.visitor.machine = without_ticket.visitor.machine = "5d0c";
  other.visitor.machine = "77aa";
  Client colleague = participant("colleague");
  colleague.visitor.machine = "5d0c";
  join(ada, "board");
  ask(bo, "board");
  join(bo, "board");
  admin(ada, "board", "<item nick='bo' role='none'/>");
  EXPECT_EQ(ask(without_ticket, "board").outcome, access::Outcome::Knock);
  EXPECT_TRUE(ask(other, "board").admitted());
  EXPECT_TRUE(ask(colleague, "board").admitted()) << "a browser is not a person: who logs in is somebody";
}

TEST_F(LobbyTest, AccountsOnlyAndCapacityAreSetByModeratorsInTheRoom) {
  const Client ada = host("ada"), bo = guest("bo"), part = participant("part");
  join(ada, "board");
  configure(ada, "board", "allowUnauthenticatedAccess", "false");
  EXPECT_THAT(refusal_of(bo, "board"), HasSubstr("authentication-required"));
  configure(ada, "board", "allowUnauthenticatedAccess", "true");
  configure(ada, "board", "muc#roomconfig_maxusers", "2");
  join(part, "board");
  EXPECT_TRUE(inside("board", part));
  EXPECT_THAT(refusal_of(bo, "board"), HasSubstr("service-unavailable"));
  take(ada);
  configure(ada, "board", "muc#roomconfig_maxusers", "many");
  EXPECT_THAT(only(ada), HasSubstr("not-acceptable"));
}

TEST_F(LobbyTest, AHostsTokenSetsLobbyAndPasswordBeforeAnybodyComesIn) {
  Client ada = host("ada");
  ada.visitor.identity.room_wishes = access::RoomWishes{.lobby = true, .password = "sesame"};
  const Client bo = guest("bo");
  ask(ada, "board");
  EXPECT_THAT(refusal_of(bo, "board"), HasSubstr("not-authorized"));
  Client part = participant("part");
  part.visitor.identity.room_wishes = access::RoomWishes{.lobby = false, .password = "mine"};
  policy.starters = access::Starters::Authenticated;
  ask(part, "plans");
  join(bo, "plans");
  EXPECT_TRUE(inside("plans", bo)) << "a participant's wishes do not count";
}

}  // namespace
}  // namespace conclave::room
