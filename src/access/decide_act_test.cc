// The capability table of access.md 4.4, S11, and who may act against whom.
#include <gtest/gtest.h>

#include "access/decide.h"

namespace conclave::access {
namespace {

using enum Capability;

Identity token(ClaimedRole role = ClaimedRole::Unsaid) {
  Identity identity;
  identity.kind = IdentityKind::Token;
  identity.subject = "token:a";
  identity.claimed_role = role;
  return identity;
}

bool may(Role role, Capability act, std::optional<Target> target = {}, const Policy& policy = {}) {
  const Identity identity = token();
  return decide_act({identity, role}, act, target, policy).admitted();
}
std::string why(Role role, Capability act, std::optional<Target> target = {}, const Policy& policy = {}) {
  const Identity identity = token();
  return std::string(slug_text(decide_act({identity, role}, act, target, policy).reason.slug));
}

constexpr Capability kModeratorsActs[] = {
    Admit,        Deny,     Kick,   Bar,    Mute,       AvModeration, Grant, Revoke,   SetPassword,   SetLobby,
    RoomSettings, Metadata, Record, Stream, Transcribe, DialOut,      End,   Breakout, PromoteVisitor};

TEST(DecideAct, S11_OnlyHostsAndModeratorsModerate) {
  for (const Capability act : kModeratorsActs) {
    EXPECT_TRUE(may(Role::Host, act)) << capability_text(act);
    EXPECT_TRUE(may(Role::Moderator, act)) << capability_text(act);
    for (const Role role : {Role::Participant, Role::Guest, Role::Visitor, Role::Service, Role::None}) {
      EXPECT_FALSE(may(role, act)) << role_text(role) << " " << capability_text(act);
    }
  }
  EXPECT_EQ(why(Role::Guest, Kick), "role-forbids");
}

TEST(DecideAct, EverybodyInsideTalks) {
  for (const Capability act : {Chat, React, RaiseHand, VotePoll, ShareScreen, CreatePoll, ShareFiles}) {
    for (const Role role : {Role::Host, Role::Moderator, Role::Participant, Role::Guest}) EXPECT_TRUE(may(role, act));
  }
  EXPECT_TRUE(may(Role::Visitor, Chat));
  EXPECT_FALSE(may(Role::Visitor, ShareScreen));
  EXPECT_FALSE(may(Role::Service, Chat));
}

TEST(DecideAct, NobodyRemovesAHost) {
  for (const Capability act : {Kick, Bar}) {
    EXPECT_EQ(why(Role::Host, act, Target{Role::Host}), "target-is-host");
    EXPECT_EQ(why(Role::Moderator, act, Target{Role::Host}), "target-is-host");
    for (const Role target : {Role::Moderator, Role::Participant, Role::Guest, Role::Visitor}) {
      EXPECT_TRUE(may(Role::Moderator, act, Target{target}));
      EXPECT_TRUE(may(Role::Host, act, Target{target}));
    }
  }
}

// A36.
TEST(DecideAct, A36_OnlyAHostMutesOrDemotesAHost) {
  for (const Capability act : {Mute, Revoke}) {
    EXPECT_FALSE(may(Role::Moderator, act, Target{Role::Host}));
    EXPECT_TRUE(may(Role::Host, act, Target{Role::Host}));
    EXPECT_TRUE(may(Role::Host, act, Target{.role = Role::Host, .oneself = true}));
    EXPECT_TRUE(may(Role::Moderator, act, Target{Role::Moderator}));
  }
}

TEST(DecideAct, FeatureListsOnlyNarrow) {
  Identity identity = token();
  identity.features = FeatureSet{"recording"};
  EXPECT_TRUE(decide_act({identity, Role::Host}, Record, {}, {}).admitted());
  const Decision streaming = decide_act({identity, Role::Host}, Stream, {}, {});
  EXPECT_EQ(slug_text(streaming.reason.slug), "feature-missing");
  EXPECT_EQ(streaming.reason.claim, "context.features.livestreaming");
  EXPECT_TRUE(decide_act({identity, Role::Host}, Kick, {}, {}).admitted());
  // A37: the feature alone gives nothing to a participant.
  EXPECT_FALSE(decide_act({identity, Role::Participant}, Record, {}, {}).admitted());
  EXPECT_FALSE(decide_act({identity, Role::Participant}, ShareScreen, {}, {}).admitted());
  identity.features = FeatureSet{};
  EXPECT_FALSE(decide_act({identity, Role::Host}, Record, {}, {}).admitted());
}

TEST(DecideAct, A37_ModeratorMadeByAnotherHasTheIntersection) {
  Identity identity = token();
  identity.features = FeatureSet{"recording", "livestreaming"};
  const Actor actor{identity, Role::Moderator, FeatureSet{"recording", "outbound-call"}};
  EXPECT_TRUE(decide_act(actor, Record, {}, {}).admitted());
  EXPECT_FALSE(decide_act(actor, Stream, {}, {}).admitted());
  EXPECT_FALSE(decide_act(actor, DialOut, {}, {}).admitted());
}

TEST(DecideAct, SwitchedOffForEverybody) {
  Policy policy;
  policy.disabled.add(Kick);
  EXPECT_EQ(why(Role::Host, Kick, Target{Role::Guest}, policy), "setting-forbids");
  EXPECT_TRUE(may(Role::Host, Mute, Target{Role::Guest}, policy));
}

TEST(DecideAct, CapabilitiesNowAreWhatWouldBeAllowed) {
  const Identity identity = token();
  const CapabilitySet host = capabilities_now({identity, Role::Host}, {});
  EXPECT_TRUE(host.has(Start));
  EXPECT_TRUE(host.has(Record));
  const CapabilitySet participant = capabilities_now({identity, Role::Participant}, {});
  EXPECT_TRUE(participant.has(Chat));
  EXPECT_FALSE(participant.has(Kick));
  EXPECT_FALSE(participant.has(Start));
  EXPECT_TRUE(capabilities_now({identity, Role::None}, {}).empty());
}

TEST(Roles, GrantAndRevoke) {
  const Identity participant = token(ClaimedRole::Participant);
  const Identity host = token(ClaimedRole::Moderator);
  const Identity nobody = guest("g");
  EXPECT_EQ(role_after_grant(participant, Role::Participant, {}), Role::Moderator);
  EXPECT_EQ(role_after_grant(nobody, Role::Guest, {}), Role::Moderator);
  EXPECT_EQ(role_after_grant(host, Role::Host, {}), Role::Host);
  EXPECT_EQ(role_after_grant(host, Role::Participant, {}), Role::Host);
  EXPECT_EQ(role_after_grant(nobody, Role::Visitor, {}), Role::Visitor);
  EXPECT_EQ(role_after_revoke(nobody, Role::Moderator), Role::Guest);
  EXPECT_EQ(role_after_revoke(participant, Role::Moderator), Role::Participant);
  EXPECT_EQ(role_after_revoke(host, Role::Host), Role::Participant);
  EXPECT_EQ(role_after_revoke(nobody, Role::Guest), Role::Guest);
}

TEST(Roles, A40_ElectionTakesOccupantsThatThePolicyNames) {
  const RoomName room = *canonical_room("r");
  Policy policy;
  EXPECT_FALSE(may_be_elected(guest("g"), Role::Guest, room, policy));
  policy.auto_promote = AutoPromote::Authenticated;
  EXPECT_FALSE(may_be_elected(guest("g"), Role::Guest, room, policy));
  EXPECT_TRUE(may_be_elected(token(ClaimedRole::Participant), Role::Participant, room, policy));
  policy.auto_promote = AutoPromote::Anyone;
  EXPECT_TRUE(may_be_elected(guest("g"), Role::Guest, room, policy));
  for (const Role role : {Role::None, Role::Visitor, Role::Service, Role::Moderator, Role::Host}) {
    EXPECT_FALSE(may_be_elected(guest("g"), role, room, policy));
  }
}

TEST(RoomPattern, StarStandsForAnyRunWithinOneTenant) {
  const auto names = *RoomPattern::parse("Walk-In-*");
  EXPECT_TRUE(names.matches(*canonical_room("walk-in-7")));
  EXPECT_FALSE(names.matches(*canonical_room("board")));
  EXPECT_FALSE(names.matches(*canonical_room("walk-in-7", "acme")));
  const auto tenant = *RoomPattern::parse("walk-in/*");
  EXPECT_TRUE(tenant.matches(*canonical_room("x", "walk-in")));
  EXPECT_FALSE(tenant.matches(*canonical_room("x")));
  EXPECT_TRUE(RoomPattern::parse("*a*b*")->matches(*canonical_room("xxaxxbxx")));
  EXPECT_FALSE(RoomPattern::parse(""));
}

TEST(Slugs, AreAllDifferentAndAllNamed) {
  std::set<std::string_view> seen;
  for (int i = 0; i <= static_cast<int>(Slug::BreakoutFromOutside); ++i) {
    EXPECT_TRUE(seen.insert(slug_text(static_cast<Slug>(i))).second) << i;
  }
  EXPECT_FALSE(seen.contains(""));
}

}  // namespace
}  // namespace conclave::access
