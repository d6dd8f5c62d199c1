#include "access/circle.h"

#include <gtest/gtest.h>

namespace conclave::access {
namespace {

RoomDefinition recorded_by(std::string who) {
  return *read_definition({.name = "board", .record = std::move(who)});
}

TEST(Circle, IsOfTheSmallestRoleThatHasTheRight) {
  EXPECT_EQ(text(circle_of(Capability::ShareScreen, {}, nullptr)), "everybody");
  EXPECT_EQ(text(circle_of(Capability::Record, {}, nullptr)), "moderators");
  EXPECT_EQ(text(circle_of(Capability::SkipLobby, {}, nullptr)), "moderators");
}

TEST(Circle, IsNobodyWhereASettingTakesTheRightFromAll) {
  Policy policy;
  policy.disabled.add(Capability::ShareScreen);
  EXPECT_EQ(circle_of(Capability::ShareScreen, policy, nullptr), Circle::Nobody);
  EXPECT_EQ(circle_of(Capability::Record, policy, nullptr), Circle::Moderators);
}

TEST(Circle, FollowsTheRoomsDefinitionForRecordingAndStreamingOnly) {
  const RoomDefinition owners = recorded_by("owners");
  const RoomDefinition nobody = recorded_by("nobody");
  const RoomDefinition moderators = recorded_by("moderators");
  for (const Capability one : {Capability::Record, Capability::Stream}) {
    EXPECT_EQ(text(circle_of(one, {}, &owners)), "owners");
    EXPECT_EQ(text(circle_of(one, {}, &nobody)), "nobody");
    EXPECT_EQ(text(circle_of(one, {}, &moderators)), "moderators");
  }
  EXPECT_EQ(circle_of(Capability::ShareScreen, {}, &nobody), Circle::Everybody);
}

}  // namespace
}  // namespace conclave::access
