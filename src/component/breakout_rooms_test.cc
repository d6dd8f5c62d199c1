#include "component/breakout_rooms.h"

#include "component/component_fixture.h"

namespace conclave::component {
namespace {

using namespace std::chrono_literals;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class BreakoutRoomsTest : public ComponentTest {
 protected:
  BreakoutRoomsTest() {
    listeners.add(breakouts);
    join(ada, "board", "<nick xmlns='http://jabber.org/protocol/nick'>Ada</nick>");
    join(kay, "board", "<nick xmlns='http://jabber.org/protocol/nick'>Kay</nick>");
    forget_sent();
  }
  void command(const room::Client& who, std::string_view type, const std::string& attributes) {
    say(breakouts, "board", who,
        "<breakout_rooms type='features/breakout-rooms/" + std::string(type) + "' " + attributes + "/>");
  }
  std::vector<Json> updates(const room::Client& who) {
    loop.advance(kBreakoutUpdates);
    return told(who);
  }
  std::string only_breakout() {
    const auto rooms_now = rooms.find(room_name("board"))->breakout_rooms();
    return rooms_now.size() == 1 ? rooms_now.front()->jid().str() : std::string();
  }
  void enter(const room::Client& who, const std::string& room) {
    send(who, "<presence to='" + room + '/' + who.nick + "'><x xmlns='http://jabber.org/protocol/muc'/></presence>");
  }

  BreakoutRooms breakouts{"breakout.example", outbox, loop};
  room::Client ada = host("ada");
  room::Client kay = guest("kay");
};

TEST_F(BreakoutRoomsTest, EverybodyIsShownTheRoomsAndWhoIsInThem) {
  command(ada, "add", "subject='Group 1'");
  const auto shown = updates(kay);
  ASSERT_THAT(shown, SizeIs(1));
  const std::string group = only_breakout();
  const std::string id = group.substr(0, group.find('@'));
  EXPECT_EQ(shown[0],
            Json({{"type", "breakout_rooms"},
                  {"event", "features/breakout-rooms/update"},
                  {"roomCounter", 1},
                  {"rooms",
                   {{"board",
                     {{"isMainRoom", true},
                      {"id", "board"},
                      {"jid", "board@conference.example"},
                      {"name", ""},
                      {"participants",
                       {{"board@conference.example/ada",
                         {{"jid", "ada@example/r"}, {"role", "moderator"}, {"displayName", "Ada"}}},
                        {"board@conference.example/kay",
                         {{"jid", "kay@example/r"}, {"role", "participant"}, {"displayName", "Kay"}}}}}}},
                    {id, {{"id", id}, {"jid", group}, {"name", "Group 1"}, {"participants", Json::object()}}}}}}));
}

TEST_F(BreakoutRoomsTest, WhatChangesAtOnceIsToldOnce) {
  command(ada, "add", "subject='1'");
  command(ada, "add", "subject='2'");
  EXPECT_THAT(told(kay), IsEmpty());
  EXPECT_THAT(updates(kay), SizeIs(1));
  EXPECT_THAT(updates(kay), IsEmpty()) << "nothing has changed";
}

TEST_F(BreakoutRoomsTest, AMeetingWithoutThemHearsNothing) {
  room::Client late = guest("late");
  join(late, "board");
  EXPECT_THAT(updates(kay), IsEmpty());
}

TEST_F(BreakoutRoomsTest, WhoeverComesOrMovesIsInTheList) {
  command(ada, "add", "subject='1'");
  updates(kay);
  forget_sent();
  const std::string group = only_breakout();
  send(kay, "<presence type='unavailable' to='board@conference.example/kay'><status>switch_room</status></presence>");
  enter(kay, group);
  const auto shown = updates(ada);
  ASSERT_THAT(shown, SizeIs(1));
  EXPECT_EQ(shown[0]["rooms"]["board"]["participants"].size(), 1U);
  EXPECT_TRUE(shown[0]["rooms"][group.substr(0, group.find('@'))]["participants"].contains(group + "/kay"));
  EXPECT_THAT(told(kay), SizeIs(1)) << "also in the breakout room";
}

TEST_F(BreakoutRoomsTest, TheMainRoomStandsUnderTheAddressThatOneKnowsItBy) {
  room::Client kim = guest("kim");
  enter(kim, "board@muc.example");
  command(ada, "add", "subject='1'");
  EXPECT_EQ(updates(kim).at(0)["rooms"]["board"]["jid"], "board@muc.example");
}

TEST_F(BreakoutRoomsTest, OnlyModeratorsSayAnything) {
  command(kay, "add", "subject='1'");
  EXPECT_EQ(only_breakout(), "");
  command(ada, "add", "subject='1'");
  const std::string group = only_breakout();
  command(kay, "remove", "breakoutRoomJid='" + group + "'");
  command(kay, "rename", "breakoutRoomJid='" + group + "' subject='2'");
  EXPECT_EQ(only_breakout(), group);
  EXPECT_EQ(rooms.find(room_name("board"))->breakout_rooms().front()->subject(), "1");
  updates(ada);
  command(kay, "move-to-room", "participantJid='ada@example/r' roomJid='" + group + "'");
  EXPECT_THAT(told(ada), IsEmpty());
}

TEST_F(BreakoutRoomsTest, ARoomIsRenamedAndRemoved) {
  command(ada, "add", "subject='1'");
  const std::string group = only_breakout();
  command(ada, "rename", "breakoutRoomJid='" + group + "' subject='Tea'");
  EXPECT_EQ(updates(kay).at(0)["rooms"][group.substr(0, group.find('@'))]["name"], "Tea");
  command(ada, "remove", "breakoutRoomJid='" + group + "'");
  EXPECT_EQ(updates(kay).at(0)["rooms"].size(), 1U);
  EXPECT_EQ(only_breakout(), "");
}

TEST_F(BreakoutRoomsTest, SomebodyIsAskedToMove) {
  command(ada, "add", "subject='1'");
  updates(kay);
  const std::string group = only_breakout();
  command(ada, "move-to-room", "participantJid='kay@example/r' roomJid='" + group + "'");
  EXPECT_THAT(
      told(kay),
      ::testing::ElementsAre(
          Json({{"type", "breakout_rooms"}, {"event", "features/breakout-rooms/move-to-room"}, {"roomJid", group}})));
  command(ada, "move-to-room", "participantJid='kay@example/r' roomJid='board@conference.example'");
  EXPECT_EQ(told(kay).at(0)["roomJid"], "board@conference.example");
  command(ada, "move-to-room", "participantJid='kay@example/r' roomJid='other@conference.example'");
  EXPECT_THAT(told(kay), IsEmpty()) << "only to rooms of the meeting";
}

TEST_F(BreakoutRoomsTest, TooManyAndTooLongIsRefused) {
  command(ada, "add", "subject='" + std::string(room::kMaxBreakoutNameBytes + 1, 'x') + "'");
  EXPECT_EQ(refusal(ada), "not-allowed");
  for (std::size_t i = 0; i < room::kMaxBreakouts; ++i) command(ada, "add", "subject='x'");
  forget_sent();
  command(ada, "add", "subject='x'");
  EXPECT_EQ(refusal(ada), "not-allowed");
}

TEST_F(BreakoutRoomsTest, WhatIsMalformedChangesNothing) {
  for (const std::string attributes :
       {"", "breakoutRoomJid=''", "breakoutRoomJid='nowhere@breakout.example' subject='1'",
        "breakoutRoomJid='board@conference.example' subject='1'"}) {
    for (const char* type : {"add", "remove", "rename", "move-to-room", "", "other"}) {
      if (std::string_view(type) == "add" && attributes.find("subject") != std::string::npos) continue;
      command(ada, type, attributes);
    }
  }
  EXPECT_EQ(only_breakout(), "");
  EXPECT_NE(rooms.find(room_name("board")), nullptr);
}

}  // namespace
}  // namespace conclave::component
