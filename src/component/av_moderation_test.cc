#include "component/av_moderation.h"

#include "component/component_fixture.h"

namespace conclave::component {
namespace {

using sfu::SourceClass;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

class RecordingOrders final : public MediaOrders {
 public:
  void rules_changed(room::Room&) override { ++changes; }
  void order_mute(room::Room&, const room::Occupant& who, SourceClass, const std::string& actor) override {
    muted.push_back(who.nick + " by " + actor);
  }
  int changes = 0;
  std::vector<std::string> muted;
};

class AvModerationTest : public ComponentTest {
 protected:
  AvModerationTest() {
    listeners.add(moderation);
    join(ada, "board");
    join(kay, "board");
    join(bo, "board");
    forget_sent();
  }
  void command(const room::Client& who, const std::string& attributes) {
    say(moderation, "board", who, "<av_moderation " + attributes + "/>");
  }
  bool may_send(const room::Client& who, SourceClass which) {
    const room::Room& found = *rooms.find(room_name("board"));
    return moderation.may_send(found, *found.find(who.nick), which);
  }

  RecordingOrders orders;
  std::vector<bool> switches;
  AvModeration moderation{"avmoderation.example", outbox, orders,
                          [this](room::Room&, SourceClass, bool on) { switches.push_back(on); }};
  room::Client ada = host("ada");
  room::Client kay = guest("kay");
  room::Client bo = guest("bo");
};

const Json kOnByAda = {{"type", "av_moderation"},
                       {"enabled", true},
                       {"room", "board@conference.example"},
                       {"actor", "board@conference.example/ada"},
                       {"mediaType", "audio"}};

TEST_F(AvModerationTest, SwitchedOnEverybodyIsToldAndMutedAndOnlyModeratorsSend) {
  command(ada, "enable='true' mediaType='audio'");
  EXPECT_THAT(told(kay), ElementsAre(kOnByAda));
  const auto to_ada = told(ada);
  ASSERT_THAT(to_ada, SizeIs(2));
  EXPECT_EQ(to_ada[0], kOnByAda);
  EXPECT_EQ(to_ada[1], (Json{{"type", "av_moderation"},
                             {"room", "board@conference.example"},
                             {"whitelists", {{"audio", {"board@conference.example/ada"}}}},
                             {"mediaType", "audio"}}));
  EXPECT_THAT(orders.muted, UnorderedElementsAre("kay by ada", "bo by ada"));
  EXPECT_EQ(orders.changes, 1);
  EXPECT_THAT(switches, ElementsAre(true));
  EXPECT_TRUE(may_send(ada, SourceClass::Audio));
  EXPECT_FALSE(may_send(kay, SourceClass::Audio));
  EXPECT_TRUE(may_send(kay, SourceClass::Camera));
}

TEST_F(AvModerationTest, SwitchingOnTwiceIsOnce) {
  command(ada, "enable='true' mediaType='video'");
  forget_sent();
  command(ada, "enable='true' mediaType='video'");
  EXPECT_THAT(told(kay), IsEmpty());
  EXPECT_THAT(switches, SizeIs(1));
}

TEST_F(AvModerationTest, OnlyModeratorsSaySo) {
  command(kay, "enable='true' mediaType='audio'");
  EXPECT_THAT(told(ada), IsEmpty());
  command(ada, "enable='true' mediaType='audio'");
  forget_sent();
  command(kay, "jidToWhitelist='board@conference.example/kay' mediaType='audio'");
  command(kay, "enable='false' mediaType='audio'");
  EXPECT_FALSE(may_send(kay, SourceClass::Audio));
}

TEST_F(AvModerationTest, ApprovedAndTakenBack) {
  command(ada, "enable='true' mediaType='audio'");
  forget_sent();
  command(ada, "jidToWhitelist='board@conference.example/kay' mediaType='audio'");
  EXPECT_THAT(told(kay), ElementsAre(Json{{"type", "av_moderation"},
                                          {"room", "board@conference.example"},
                                          {"approved", true},
                                          {"mediaType", "audio"}}));
  EXPECT_THAT(told(bo), IsEmpty());
  const auto lists = told(ada);
  ASSERT_THAT(lists, SizeIs(1));
  EXPECT_EQ(lists[0]["whitelists"]["audio"], (Json{"board@conference.example/ada", "board@conference.example/kay"}));
  EXPECT_TRUE(may_send(kay, SourceClass::Audio));
  EXPECT_FALSE(may_send(bo, SourceClass::Audio));

  command(ada, "jidToBlacklist='board@conference.example/kay' mediaType='audio'");
  EXPECT_EQ(told(kay).at(0)["removed"], true);
  EXPECT_EQ(told(ada).at(0)["removed"], true);
  EXPECT_FALSE(may_send(kay, SourceClass::Audio));
}

TEST_F(AvModerationTest, AModeratorStaysApproved) {
  command(ada, "enable='true' mediaType='audio'");
  command(ada, "jidToBlacklist='board@conference.example/ada' mediaType='audio'");
  EXPECT_TRUE(may_send(ada, SourceClass::Audio));
}

TEST_F(AvModerationTest, WhileItIsOffAnApprovalAsksToUnmute) {
  command(ada, "jidToWhitelist='board@conference.example/kay' mediaType='audio'");
  EXPECT_THAT(told(kay), ElementsAre(Json{{"type", "av_moderation"},
                                          {"room", "board@conference.example"},
                                          {"approved", true},
                                          {"mediaType", "audio"},
                                          {"from", "board@conference.example/ada"}}));
}

TEST_F(AvModerationTest, NewcomersAreToldAndNewModeratorsApproved) {
  command(ada, "enable='true' mediaType='desktop'");
  const room::Client cy = guest("cy");
  join(cy, "board");
  const auto to_cy = told(cy);
  ASSERT_THAT(to_cy, SizeIs(1));
  EXPECT_EQ(to_cy[0]["enabled"], true);
  EXPECT_EQ(to_cy[0]["mediaType"], "desktop");
  EXPECT_FALSE(may_send(cy, SourceClass::Desktop));
  admin(ada, "board", "<item nick='cy' affiliation='owner'/>");
  EXPECT_TRUE(may_send(cy, SourceClass::Desktop));
  EXPECT_THAT(told(cy), SizeIs(1));
  admin(ada, "board", "<item nick='cy' affiliation='none'/>");
  EXPECT_FALSE(may_send(cy, SourceClass::Desktop));
}

TEST_F(AvModerationTest, AnApprovalEndsWithItsOccupant) {
  command(ada, "enable='true' mediaType='audio'");
  command(ada, "jidToWhitelist='board@conference.example/kay' mediaType='audio'");
  leave(kay, "board");
  const room::Client other = guest("kay");
  join(other, "board");
  EXPECT_FALSE(may_send(other, SourceClass::Audio));
}

TEST_F(AvModerationTest, AVisitorSendsNothingAndAScreenTakesTheRight) {
  room::Client viv = token("viv", access::ClaimedRole::Visitor);
  room::Client sam = token("sam", access::ClaimedRole::Participant);
  sam.visitor.identity.features = access::FeatureSet{"recording"};
  join(viv, "board");
  join(sam, "board");
  for (const SourceClass which : {SourceClass::Audio, SourceClass::Camera, SourceClass::Desktop}) {
    EXPECT_FALSE(may_send(viv, which));
    EXPECT_EQ(may_send(sam, which), which != SourceClass::Desktop);
    EXPECT_TRUE(may_send(kay, which));
  }
}

TEST_F(AvModerationTest, ARoleThatChangesIsAskedAboutAgain) {
  const int before = orders.changes;
  admin(ada, "board", "<item nick='kay' affiliation='owner'/>");
  EXPECT_GT(orders.changes, before);
}

TEST_F(AvModerationTest, SwitchedOffAllMaySend) {
  command(ada, "enable='true' mediaType='audio'");
  forget_sent();
  command(ada, "enable='false' mediaType='audio'");
  EXPECT_EQ(told(kay).at(0)["enabled"], false);
  EXPECT_TRUE(may_send(kay, SourceClass::Audio));
  EXPECT_THAT(switches, ElementsAre(true, false));
}

TEST_F(AvModerationTest, WhatIsMalformedChangesNothing) {
  for (const char* attributes :
       {"", "enable='true'", "enable='true' mediaType='smell'", "mediaType='audio'",
        "jidToWhitelist='board@conference.example/nobody' mediaType='audio'", "jidToWhitelist='@' mediaType='audio'"}) {
    command(ada, attributes);
  }
  say(moderation, "board", ada, "<other/>");
  EXPECT_THAT(told(kay), IsEmpty());
  EXPECT_THAT(switches, IsEmpty());
}

}  // namespace
}  // namespace conclave::component
