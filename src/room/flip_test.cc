#include "room/flip.h"

#include "room/room_fixture.h"

namespace conclave::room {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::HasSubstr;

class FlipTest : public RoomsTest {
 protected:
  FlipTest() {
    policy.lobby_exists = true;
    join(ada, "board");
    join(pat, "board");
    forget_sent();
  }
  // Another device of the same person.
  Client other_device_of(const Client& who, const std::string& nick) {
    Client device = guest(nick);
    device.visitor.identity = who.visitor.identity;
    return device;
  }
  void come(const Client& who) { join(who, "board", "<flip_device/>"); }
  Meeting& board() { return *static_cast<Meeting*>(rooms.find(room_name("board"))); }

  Client ada = host("ada");
  Client pat = participant("pat");
};

TEST_F(FlipTest, TheSecondDeviceTakesThePlaceOfTheFirst) {
  const Client phone = other_device_of(pat, "phone");
  come(phone);
  EXPECT_TRUE(inside("board", phone));
  EXPECT_FALSE(inside("board", pat));
  EXPECT_THAT(take(pat),
              Contains(AllOf(HasSubstr("<flip_device/>"), HasSubstr("code=\"307\""), HasSubstr("code=\"110\""))));
  EXPECT_THAT(take(ada), Contains(AllOf(HasSubstr("unavailable"), HasSubstr("<flip_device/>"))));
}

TEST_F(FlipTest, IsNotAskedForPasswordOrLobbyAgainNorForAPlace) {
  board().set_password("s3cret");
  board().lobby = access::Lobby::All;
  board().capacity = 2;
  const Client phone = other_device_of(pat, "phone");
  join(phone, "board");
  EXPECT_FALSE(inside("board", phone)) << "without saying so he is";
  come(phone);
  EXPECT_TRUE(inside("board", phone));
}

TEST_F(FlipTest, KeepsTheModeratorsRole) {
  admin(ada, "board", "<item nick='pat' affiliation='owner'/>");
  const Client phone = other_device_of(pat, "phone");
  come(phone);
  EXPECT_EQ(role("board", phone), access::Role::Moderator);
}

TEST_F(FlipTest, KeepsTheRoleOfWhoeverWasElected) {
  policy.auto_promote = access::AutoPromote::Authenticated;
  leave(ada, "board");
  ASSERT_EQ(role("board", pat), access::Role::Moderator);
  const Client phone = other_device_of(pat, "phone");
  come(phone);
  EXPECT_EQ(role("board", phone), access::Role::Moderator);
}

TEST_F(FlipTest, IsForOnesOwnDeviceOnly_A42) {
  board().lobby = access::Lobby::All;
  const Client thief = participant("thief");
  come(thief);
  EXPECT_FALSE(inside("board", thief));
  const Client stranger = guest("stranger");
  come(stranger);
  EXPECT_FALSE(inside("board", stranger));
  EXPECT_TRUE(inside("board", pat));
}

TEST_F(FlipTest, TakesTheFeatureWhereTheCredentialListsFeatures) {
  Client phone = other_device_of(pat, "phone");
  phone.visitor.identity.features = access::FeatureSet{"recording"};
  come(phone);
  EXPECT_TRUE(inside("board", phone)) << "the room is open";
  EXPECT_TRUE(inside("board", pat)) << "but both are there";
}

TEST_F(FlipTest, WhoWasRemovedIsNotLetInByAnotherDeviceOfHis) {
  const Client second = other_device_of(pat, "pat2");
  join(second, "board");
  admin(ada, "board", "<item nick='pat' role='none'/>");
  const Client third = other_device_of(pat, "pat3");
  come(third);
  EXPECT_FALSE(inside("board", third));
  EXPECT_TRUE(inside("board", second));
}

TEST_F(FlipTest, TheElementIsInNobodysPresence_A34) {
  const Client phone = other_device_of(pat, "phone");
  come(phone);
  for (const xmpp::Element& stanza : take_stanzas(ada)) {
    const bool is_there = stanza.attribute("type").empty();
    EXPECT_FALSE(is_there && stanza.child("flip_device") != nullptr);
  }
}

}  // namespace
}  // namespace conclave::room
