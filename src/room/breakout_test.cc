#include "room/breakout.h"

#include "room/room_fixture.h"

namespace conclave::room {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

class BreakoutTest : public RoomsTest {
 protected:
  void SetUp() override {
    policy.lobby_exists = true;
    join(ada, "board");
    join(bo, "board");
    forget_sent();
  }
  Room& main() { return *rooms.find(room_name("board")); }
  bool main_is_there() { return rooms.find(room_name("board")) != nullptr; }
  // The address of a fresh breakout room.
  std::string add(std::string name = "Group 1") {
    EXPECT_EQ(add_breakout(main(), std::move(name)), BreakoutAdded::Yes);
    return main().breakout_rooms().back()->jid().str();
  }
  Room* at(const std::string& breakout) {
    const auto name = rooms.breakout_at(xmpp::Jid::parse(breakout)->node);
    return name ? rooms.find(*name) : nullptr;
  }
  void leave_for_another(const Client& who, const std::string& from) {
    send(who,
         "<presence type='unavailable' to='" + from + '/' + who.nick + "'><status>switch_room</status></presence>");
  }
  void enter(const Client& who, const std::string& room, const std::string& nick, std::string_view x = {}) {
    send(who, "<presence to='" + room + '/' + nick + "'><x xmlns='http://jabber.org/protocol/muc'>" + std::string(x) +
                  "</x></presence>");
  }
  void move(const Client& who, const std::string& from, const std::string& to) {
    leave_for_another(who, from);
    enter(who, to, who.nick);
  }
  access::Role role_at(const std::string& breakout, const Client& who) {
    const Room* room = at(breakout);
    const Occupant* occupant = room ? std::as_const(*room).find(who.visitor.sender.session) : nullptr;
    return occupant ? occupant->role : access::Role::None;
  }
  void kick(const Client& by, const std::string& room, std::string_view item) {
    send(by, "<iq type='set' id='k1' to='" + room + "'><query xmlns='http://jabber.org/protocol/muc#admin'>" +
                 std::string(item) + "</query></iq>");
  }
  std::string own_error(const Client& who) {
    for (const xmpp::Element& stanza : take_stanzas(who)) {
      const xmpp::Element* error = stanza.child("error");
      if (error != nullptr) return error->children().front().name();
    }
    return {};
  }

  const std::string board = "board@conference.example";
  Client ada = host("ada");
  Client bo = guest("bo");
  Client eve = guest("eve");
};

TEST_F(BreakoutTest, WhoeverIsInTheMeetingMovesThereAndBackUnderHisNickAndRole) {
  const std::string group = add();
  move(ada, board, group);
  move(bo, board, group);
  EXPECT_EQ(role_at(group, ada), access::Role::Host);
  EXPECT_EQ(role_at(group, bo), access::Role::Guest);
  EXPECT_FALSE(inside("board", bo));
  move(bo, group, board);
  EXPECT_TRUE(inside("board", bo));
}

TEST_F(BreakoutTest, NobodyComesInFromOutside) {
  const std::string group = add();
  enter(eve, group, "eve");
  EXPECT_EQ(own_error(eve), "not-allowed");
  EXPECT_EQ(log.decisions.back(), "join refuse breakout-from-outside");
  // Nor with a token that is good for the meeting, from outside it.
  Client late = host("late", "board");
  enter(late, group, "late");
  EXPECT_EQ(own_error(late), "not-allowed");
}

TEST_F(BreakoutTest, ABreakoutRoomThatIsNotThereIsRefusedAndTheMainRoomIsWhereToGo) {
  add();
  enter(bo, "7d1f0b7e-0000-4000-8000-000000000000@breakout.example", "bo");
  EXPECT_EQ(own_error(bo), "not-allowed");
  enter(bo, "board@breakout.example", "bo");
  EXPECT_EQ(own_error(bo), "not-allowed");
}

TEST_F(BreakoutTest, WhoIsOnHisWayToOneThatIsGoneMayAskForItAndIsToldAtTheDoor) {
  const std::string group = add();
  const std::string id = xmpp::Jid::parse(group)->node;
  leave_for_another(bo, board);
  remove_breakout(*at(group));
  const auto asked = rooms.breakout_asked_for(bo.visitor.sender.session, id);
  ASSERT_TRUE(asked);
  EXPECT_EQ(rooms.ask(bo.visitor, *asked, {}).outcome, access::Outcome::Refuse);
  EXPECT_FALSE(rooms.breakout_asked_for(eve.visitor.sender.session, id));
  enter(bo, board, "bo");
  EXPECT_TRUE(inside("board", bo));
}

TEST_F(BreakoutTest, WhoLeavesWithoutSayingThatHeMovesIsOutside) {
  const std::string group = add();
  leave(bo, "board");
  forget_sent();
  enter(bo, group, "bo");
  EXPECT_EQ(own_error(bo), "not-allowed");
}

TEST_F(BreakoutTest, PasswordAndLobbyAreNotAskedAgain) {
  const std::string group = add();
  auto& meeting = static_cast<Meeting&>(main());
  move(bo, board, group);
  meeting.set_password("s3cret");
  meeting.lobby = access::Lobby::All;
  move(bo, group, board);
  EXPECT_TRUE(inside("board", bo));
  // From outside they are.
  enter(eve, board, "eve");
  EXPECT_EQ(own_error(eve), "not-acceptable");
}

TEST_F(BreakoutTest, APlaceIsKeptForWhoeverMovesButNotForLong) {
  const std::string group = add();
  leave_for_another(bo, board);
  loop.advance(kMoveTimeout);
  forget_sent();
  enter(bo, group, "bo");
  EXPECT_EQ(own_error(bo), "not-allowed");
}

TEST_F(BreakoutTest, ANickIsOnesOwnInAllRoomsAlsoOnTheWay) {
  const std::string group = add();
  leave_for_another(bo, board);
  enter(eve, board, "bo");
  EXPECT_EQ(own_error(eve), "conflict");
  enter(bo, group, "bo");
  enter(eve, board, "bo");
  EXPECT_EQ(own_error(eve), "conflict");
}

TEST_F(BreakoutTest, PeopleInBreakoutRoomsCountAgainstTheMeetingsCapacity) {
  const std::string group = add();
  static_cast<Meeting&>(main()).capacity = 2;
  move(bo, board, group);
  enter(eve, board, "eve");
  EXPECT_EQ(own_error(eve), "service-unavailable");
  leave_for_another(bo, group);
  enter(eve, board, "eve");
  EXPECT_EQ(own_error(eve), "service-unavailable");
  enter(bo, board, "bo");
  EXPECT_TRUE(inside("board", bo));
}

TEST_F(BreakoutTest, AKickInABreakoutRoomIsOneFromTheMeeting) {
  policy.kicked = access::Kicked::Barred;
  const std::string group = add();
  move(ada, board, group);
  move(bo, board, group);
  kick(ada, group, "<item nick='bo' role='none'/>");
  EXPECT_EQ(role_at(group, bo), access::Role::None);
  forget_sent();
  enter(bo, board, "bo");
  EXPECT_EQ(log.decisions.back(), "join refuse barred");
  enter(bo, group, "bo");
  EXPECT_EQ(role_at(group, bo), access::Role::None);
}

TEST_F(BreakoutTest, AGrantHoldsInAllRoomsAndSoDoesItsEnd) {
  const std::string group = add();
  kick(ada, board, "<item nick='bo' affiliation='owner'/>");
  move(bo, board, group);
  EXPECT_EQ(role_at(group, bo), access::Role::Moderator);
  move(ada, board, group);
  kick(ada, group, "<item nick='bo' affiliation='none'/>");
  EXPECT_EQ(role_at(group, bo), access::Role::Guest);
  move(bo, group, board);
  EXPECT_EQ(role("board", bo), access::Role::Guest);
}

TEST_F(BreakoutTest, ABanReachesThePersonInEveryRoom) {
  const std::string group = add();
  Client first = participant("pat");
  Client second = participant("pat2");
  second.visitor.identity = first.visitor.identity;
  join(first, "board");
  join(second, "board");
  move(second, board, group);
  kick(ada, board, "<item nick='pat' affiliation='outcast'/>");
  EXPECT_FALSE(inside("board", first));
  EXPECT_EQ(role_at(group, second), access::Role::None);
}

TEST_F(BreakoutTest, ARevokedCredentialCountsInBreakoutRoomsNoMore) {
  const std::string group = add();
  move(ada, board, group);
  rooms.credentials_revoked([](const access::Identity& one) { return one.subject == "token:ada"; });
  EXPECT_EQ(role_at(group, ada), access::Role::Guest);
}

TEST_F(BreakoutTest, ATokenForTheRoomCountsInItsBreakoutRoomsAndNowhereElse) {
  Client kim = host("kim", "board");
  join(kim, "board");
  const std::string group = add();
  move(kim, board, group);
  EXPECT_EQ(role_at(group, kim), access::Role::Host);
  join(kim, "other");
  EXPECT_FALSE(inside("other", kim));
}

TEST_F(BreakoutTest, AModeratorInABreakoutRoomKeepsOthersFromBeingElected) {
  policy.auto_promote = access::AutoPromote::Anyone;
  policy.guests = access::Guests::Create;
  leave(ada, "board");
  EXPECT_EQ(role("board", bo), access::Role::Moderator);
  join(eve, "board");
  const std::string group = add();
  leave_for_another(bo, board);
  EXPECT_EQ(role("board", eve), access::Role::Guest);
  enter(bo, group, "bo");
  EXPECT_EQ(role_at(group, bo), access::Role::Moderator) << "who was elected moderates where he goes";
  EXPECT_EQ(role("board", eve), access::Role::Guest);
  send(bo, "<presence type='unavailable' to='" + group + "/bo'/>");
  EXPECT_EQ(role("board", eve), access::Role::Moderator);
}

TEST_F(BreakoutTest, AHostInABreakoutRoomIsStillThere) {
  policy.host_left = access::HostLeft::Hold;
  policy.host_left_grace = 10s;
  const std::string group = add();
  move(ada, board, group);
  loop.advance(60s);
  EXPECT_EQ(state("board"), access::RoomState::Open);
  send(ada, "<presence type='unavailable' to='" + group + "/ada'/>");
  loop.advance(11s);
  EXPECT_EQ(state("board"), access::RoomState::Held);
}

TEST_F(BreakoutTest, AHostWhoEntersSupersedesWhoeverWasElectedInABreakoutRoom) {
  policy.auto_promote = access::AutoPromote::Anyone;
  leave(ada, "board");
  const std::string group = add();
  move(bo, board, group);
  ASSERT_EQ(role_at(group, bo), access::Role::Moderator);
  join(ada, "board");
  EXPECT_EQ(role_at(group, bo), access::Role::Guest);
}

TEST_F(BreakoutTest, TheMeetingLivesWhileSomebodyIsInABreakoutRoom) {
  const std::string group = add();
  move(bo, board, group);
  leave(ada, "board");
  loop.advance(10min);
  ASSERT_TRUE(main_is_there());
  send(bo, "<presence type='unavailable' to='" + group + "/bo'/>");
  loop.advance(kAllLeft - 1ms);
  EXPECT_TRUE(main_is_there());
  loop.advance(1ms);
  EXPECT_FALSE(main_is_there());
  EXPECT_EQ(at(group), nullptr);
}

TEST_F(BreakoutTest, WhoComesBackInTimeFindsTheMeetingAsItWas) {
  const std::string group = add();
  leave(bo, "board");
  leave(ada, "board");
  loop.advance(kAllLeft - 1ms);
  join(ada, "board");
  loop.advance(1min);
  EXPECT_TRUE(main_is_there());
  EXPECT_NE(at(group), nullptr);
}

TEST_F(BreakoutTest, ASessionThatEndsOnTheWayKeepsNothingAlive) {
  add();
  leave(ada, "board");
  leave_for_another(bo, board);
  rooms.session_ended(bo.visitor.sender.session);
  loop.advance(kAllLeft);
  EXPECT_FALSE(main_is_there());
}

TEST_F(BreakoutTest, ARoomThatIsRemovedSendsItsPeopleToTheMainRoom) {
  const std::string group = add();
  static_cast<Meeting&>(main()).set_password("s3cret");
  move(bo, board, group);
  forget_sent();
  remove_breakout(*at(group));
  EXPECT_THAT(take(bo), Contains(AllOf(HasSubstr("jid=\"board@conference.example\"><reason"),
                                       HasSubstr(">Breakout room removed.<"))));
  EXPECT_EQ(at(group), nullptr);
  enter(bo, board, "bo");
  EXPECT_TRUE(inside("board", bo));
}

TEST_F(BreakoutTest, TheEndForAllEndsTheBreakoutRoomsToo) {
  const std::string group = add();
  move(bo, board, group);
  forget_sent();
  EXPECT_TRUE(rooms.end_meeting(room_name("board")));
  EXPECT_THAT(take(bo), Contains(AllOf(HasSubstr("The meeting has been terminated"), Not(HasSubstr("jid=\"board")))));
  EXPECT_EQ(rooms.room_count(), 0U);
}

TEST_F(BreakoutTest, TheEndForAllIsNotSaidInABreakoutRoom) {
  const std::string group = add();
  move(ada, board, group);
  EXPECT_FALSE(ends(ada));
  kick(ada, group, "");
  forget_sent();
  send(ada, "<iq type='set' id='d1' to='" + group +
                "'><query xmlns='http://jabber.org/protocol/muc#owner'><destroy/></query></iq>");
  EXPECT_EQ(own_error(ada), "not-allowed");
  EXPECT_TRUE(main_is_there());
}

TEST_F(BreakoutTest, TheDoorIsTheMeetingsAndNothingIsSetInABreakoutRoom) {
  const std::string group = add();
  move(ada, board, group);
  forget_sent();
  send(ada, "<iq type='set' id='o1' to='" + group +
                "'><query xmlns='http://jabber.org/protocol/muc#owner'><x xmlns='jabber:x:data' type='submit'>"
                "<field var='muc#roomconfig_roomsecret'><value>x</value></field></x></query></iq>");
  EXPECT_EQ(own_error(ada), "not-allowed");
}

TEST_F(BreakoutTest, TheFormOfABreakoutRoomNamesItsMainRoomAsTheClientKnowsIt) {
  Client kim = host("kim");
  enter(kim, "board@muc.example", "kim");
  const std::string group = add();
  leave_for_another(kim, "board@muc.example");
  enter(kim, group, "kim");
  forget_sent();
  send(kim, "<iq type='get' id='d1' to='" + group + "'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>");
  const std::string info = only(kim);
  EXPECT_THAT(info, HasSubstr("var=\"muc#roominfo_isbreakout\"><value xmlns=\"jabber:x:data\">1<"));
  EXPECT_THAT(info,
              HasSubstr("var=\"muc#roominfo_breakout_main_room\"><value xmlns=\"jabber:x:data\">board@muc.example<"));
  send(ada, "<iq type='get' id='d1' to='" + board + "'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>");
  EXPECT_THAT(only(ada), Not(HasSubstr("breakout")));
}

TEST_F(BreakoutTest, ItsNameIsItsSubject) {
  const std::string group = add("Tea");
  move(bo, board, group);
  EXPECT_THAT(take(bo), Contains(HasSubstr("<subject>Tea</subject>")));
  rename_breakout(*at(group), "Coffee");
  EXPECT_THAT(only(bo), HasSubstr("<subject>Coffee</subject>"));
}

TEST_F(BreakoutTest, AMeetingHasNoMoreThanItMay) {
  for (std::size_t i = 0; i < kMaxBreakouts; ++i) add();
  EXPECT_EQ(add_breakout(main(), "one more"), BreakoutAdded::TooMany);
  remove_breakout(*at(main().breakout_rooms().front()->jid().str()));
  EXPECT_EQ(add_breakout(main(), "another"), BreakoutAdded::Yes);
}

TEST(BreakoutIds, SayOnWhichLoopTheyLive) {
  EXPECT_EQ(breakout_loop("00000005-aaaa-4aaa-8aaa-aaaaaaaaaaaa", 4), 1U);
  EXPECT_EQ(breakout_loop("", 4), 0U);
  EXPECT_EQ(breakout_loop("zz", 3), 0U);
  EXPECT_LT(breakout_loop("ffffffffffffffff", 3), 3U);
}

}  // namespace
}  // namespace conclave::room
