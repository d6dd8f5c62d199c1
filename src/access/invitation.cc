#include "access/invitation.h"

#include <algorithm>
#include <iterator>

namespace conclave::access {
namespace {

constexpr std::string_view kRule = "invitation_is_narrower";

void refuse(Decision& decision, Slug slug, std::string sentence) {
  decision.outcome = Outcome::Refuse;
  decision.role = Role::None;
  decision.reason = {.slug = slug, .rule = kRule, .claim = {}, .setting = {}, .sentence = std::move(sentence)};
  decision.trace.push_back({kRule, RuleStep::Verdict::Decided, decision.reason.sentence});
}

bool has_ended(const Scope& scope, WallTime now) {
  return scope.until && *scope.until <= now;
}

std::optional<FeatureSet> features_to_give(const Actor& inviter) {
  const std::optional<FeatureSet>& own = inviter.identity.features;
  if (!own) return inviter.makers_features;
  if (!inviter.makers_features) return own;
  FeatureSet both;
  std::ranges::set_intersection(*own, *inviter.makers_features, std::inserter(both, both.end()));
  return both;
}

Giver giver_of(const Identity& identity) {
  const Proof& proof = identity.proof;
  return {.subject_hash = giver_name(identity.subject),
          .issuer = proof.issuer,
          .jti = proof.jti,
          .token_hash = proof.token_hash,
          .key_id = proof.key_id,
          .wallet = proof.wallet};
}

}  // namespace

Decision decide_invitation(const Actor& inviter, ClaimedRole role, const Policy& policy, WallTime now) {
  const bool moderator = role == ClaimedRole::Moderator;
  Decision decision = decide_act(inviter, moderator ? Capability::Grant : Capability::Admit, std::nullopt, policy);
  if (!decision.admitted()) return decision;
  if (!inviter.identity.authenticated()) {
    refuse(decision, Slug::RoleForbids, "Guests give no personal links, moderators or not: nobody knows who they are.");
  } else if (inviter.identity.proof.giver) {
    refuse(decision, Slug::RoleForbids,
           "You came by a personal link yourself; ask whoever gave it to you for another.");
  } else if (role != ClaimedRole::Moderator && role != ClaimedRole::Participant) {
    refuse(decision, Slug::RoleForbids, "A personal link is for a participant or a moderator.");
  } else if (moderator && inviter.role != Role::Host) {
    refuse(decision, Slug::RoleForbids,
           "Only a host may give a moderator's link: it holds beyond this meeting, as a moderator's role does not.");
  } else if (has_ended(inviter.identity.scope, now)) {
    refuse(decision, Slug::TokenExpired, "Your own credential has expired, so it gives none to others.");
  } else {
    decision.trace.push_back({kRule, RuleStep::Verdict::Passed, {}});
  }
  return decision;
}

TokenWish invitation(const Actor& inviter, const RoomName& room, const InvitationWish& wish,
                     const InvitationIssuer& issuer, WallTime now, Random& random) {
  const std::chrono::seconds longest = inviter.role == Role::Host ? kLongestInvitation : kLongestByModerator;
  WallTime until = now + std::clamp(wish.life, std::chrono::seconds{1}, longest);
  if (inviter.identity.scope.until) until = std::min(until, *inviter.identity.scope.until);
  const std::string id = random.uuid();
  return {.issuer = issuer.name,
          .audience = issuer.name,
          .subject = room.tenant().empty() ? issuer.domain : room.tenant(),
          .room = room.name(),
          .role = wish.role,
          .user_name = wish.name,
          .user_id = id,
          .tenant = room.tenant(),
          .token_id = id,
          .features = features_to_give(inviter),
          .giver = giver_of(inviter.identity),
          .issued_at = now,
          .expires = until};
}

bool is_invited_name(std::string_view name) {
  if (name.empty() || name.size() > kMaxInvitedNameBytes) return false;
  return std::ranges::none_of(name, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f;
  });
}

}  // namespace conclave::access
