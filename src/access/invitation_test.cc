#include "access/invitation.h"

#include <gtest/gtest.h>

#include "access/token.h"

namespace conclave::access {
namespace {

using namespace std::chrono_literals;

constexpr WallTime kNow{1'790'000'000s};
const InvitationIssuer kIssuer{.name = "invitations", .domain = "meet.example", .secret = std::string(32, 's')};
const Policy kPolicy;

RoomName room(std::string_view name, std::string_view tenant = {}) {
  return canonical_room(name, tenant).value();
}

Identity person() {
  Identity identity;
  identity.kind = IdentityKind::Token;
  identity.subject = "token:ada";
  return identity;
}

TokenVerifier verifier() {
  Issuer issuer{.name = kIssuer.name};
  issuer.keys.push_back(VerificationKey::from_secret(Algorithm::HS256, kIssuer.secret).value());
  issuer.accepted_issuers = {kIssuer.name};
  issuer.accepted_audiences = {kIssuer.name};
  issuer.leeway = 0s;
  issuer.require_exp = true;
  issuer.allow_any_room = false;
  issuer.verify_domain = true;
  issuer.own_names = {kIssuer.domain};
  return TokenVerifier({issuer});
}

// What the link of this wish makes of a person who shows it.
Identity invited(const Actor& inviter, const RoomName& where, const InvitationWish& wish) {
  SeededRandom random{7};
  const std::string token = mint_token(invitation(inviter, where, wish, kIssuer, kNow, random), kIssuer.secret);
  return verifier().verify(token, kNow).value();
}

TEST(Invitation, OpensThisRoomOnlyAndSaysNameAndRole) {
  const Identity host = person();
  const Identity gina = invited({host, Role::Host}, room("board"), {"Gina", ClaimedRole::Participant, 1h});
  EXPECT_EQ(gina.display.name, "Gina");
  EXPECT_TRUE(gina.display.verified);
  EXPECT_EQ(gina.claimed_role, ClaimedRole::Participant);
  EXPECT_EQ(covers(gina.scope, room("board"), kNow), ScopeVerdict::InScope);
  EXPECT_EQ(covers(gina.scope, room("boards"), kNow), ScopeVerdict::OtherRoom);
  EXPECT_EQ(covers(gina.scope, room("board", "acme"), kNow), ScopeVerdict::OtherTenant);
  EXPECT_EQ(covers(gina.scope, room("board"), kNow + 1h), ScopeVerdict::Expired);
}

TEST(Invitation, OfATenantsRoomIsGoodInThatTenantOnly) {
  const Identity host = person();
  const Identity gina = invited({host, Role::Host}, room("board", "acme"), {"Gina", ClaimedRole::Participant, 1h});
  EXPECT_EQ(covers(gina.scope, room("board", "acme"), kNow), ScopeVerdict::InScope);
  EXPECT_EQ(covers(gina.scope, room("board"), kNow), ScopeVerdict::OtherTenant);
}

TEST(Invitation, EndsWithTheInvitersCredentialAndAtTheLimit) {
  Identity host = person();
  const auto until = [&](Role role, std::chrono::seconds life) {
    return *invited({host, role}, room("board"), {"Gina", ClaimedRole::Participant, life}).scope.until;
  };
  EXPECT_EQ(until(Role::Host, 365 * 24h), kNow + kLongestInvitation);
  EXPECT_EQ(until(Role::Moderator, 365 * 24h), kNow + kLongestByModerator);
  host.scope.until = kNow + 10min;
  EXPECT_EQ(until(Role::Host, 1h), kNow + 10min);
}

TEST(Invitation, CarriesNoFeatureThatTheInviterLacks) {
  Identity host = person();
  host.features = FeatureSet{"recording", "livestreaming"};
  const Actor inviter{host, Role::Host, FeatureSet{"recording", "outbound-call"}};
  EXPECT_EQ(invited(inviter, room("board"), {"Gina", ClaimedRole::Moderator, 1h}).features, FeatureSet{"recording"});
}

TEST(Invitation, TakesAModeratorsRightAndAHostForAModerator) {
  const Identity identity = person();
  const auto outcome = [&](Role role, ClaimedRole wish) {
    return decide_invitation({identity, role}, wish, kPolicy, kNow).outcome;
  };
  EXPECT_EQ(outcome(Role::Host, ClaimedRole::Moderator), Outcome::Admit);
  EXPECT_EQ(outcome(Role::Host, ClaimedRole::Participant), Outcome::Admit);
  EXPECT_EQ(outcome(Role::Moderator, ClaimedRole::Participant), Outcome::Admit);
  EXPECT_EQ(outcome(Role::Moderator, ClaimedRole::Moderator), Outcome::Refuse);
  for (const Role role : {Role::Participant, Role::Guest, Role::Visitor, Role::Service}) {
    EXPECT_EQ(outcome(role, ClaimedRole::Participant), Outcome::Refuse);
    EXPECT_EQ(outcome(role, ClaimedRole::Moderator), Outcome::Refuse);
  }
}

TEST(Invitation, IsRefusedOnACredentialThatHasEnded) {
  Identity host = person();
  host.scope.until = kNow;
  const Decision decision = decide_invitation({host, Role::Host}, ClaimedRole::Participant, kPolicy, kNow);
  EXPECT_EQ(decision.reason.slug, Slug::TokenExpired);
}

TEST(Invitation, IsNeverGivenByGuestsWhateverTheyWereMade) {
  const Identity gus = guest("gus");
  const Decision decision = decide_invitation({gus, Role::Moderator}, ClaimedRole::Participant, kPolicy, kNow);
  EXPECT_EQ(decision.outcome, Outcome::Refuse);
  EXPECT_EQ(decision.reason.slug, Slug::RoleForbids);
  EXPECT_EQ(decision.reason.rule, "invitation_is_narrower");
}

TEST(Invitation, IsNeverGivenByWhoCameByOne) {
  const Identity host = person();
  const Identity gina = invited({host, Role::Host}, room("board"), {"Gina", ClaimedRole::Moderator, 1h});
  EXPECT_EQ(decide_invitation({gina, Role::Host}, ClaimedRole::Participant, kPolicy, kNow).outcome, Outcome::Refuse);
}

TEST(Invitation, NamesItsGiverInAWayThatOnlyWeCanRead) {
  Identity host = person();
  host.proof = {.issuer = "app", .key_id = "k1", .jti = "t-1", .token_hash = "abc", .wallet = "w"};
  const Identity gina = invited({host, Role::Host}, room("board"), {"Gina", ClaimedRole::Participant, 1h});
  ASSERT_TRUE(gina.proof.giver);
  EXPECT_EQ(gina.proof.giver->subject_hash, giver_name(host.subject));
  EXPECT_EQ(gina.proof.giver->subject_hash.find("ada"), std::string::npos);
  EXPECT_EQ(gina.proof.giver->jti, "t-1");
  EXPECT_EQ(gina.proof.giver->issuer, "app");
  EXPECT_EQ(gina.proof.giver->wallet, "w");
}

TEST(Invitation, IsGivenToANameThatCanBeShown) {
  EXPECT_TRUE(is_invited_name("Gina Ünlü"));
  EXPECT_FALSE(is_invited_name(""));
  EXPECT_FALSE(is_invited_name(std::string(kMaxInvitedNameBytes + 1, 'x')));
  EXPECT_FALSE(is_invited_name("Gina\n"));
}

TEST(Invitation, TwoLinksAreTwoPersons) {
  const Identity host = person();
  SeededRandom random{7};
  const InvitationWish wish{"Gina", ClaimedRole::Participant, 1h};
  const TokenWish one = invitation({host, Role::Host}, room("board"), wish, kIssuer, kNow, random);
  const TokenWish two = invitation({host, Role::Host}, room("board"), wish, kIssuer, kNow, random);
  EXPECT_NE(one.user_id, two.user_id);
  EXPECT_NE(one.token_id, two.token_id);
}

}  // namespace
}  // namespace conclave::access
