// Acts inside a room: the table of access.md 4.4, narrowed by switches and features, and who may act against whom.
#include "access/decide.h"

#include <algorithm>

namespace conclave::access {
namespace {

struct Act {
  const Actor& actor;
  Capability capability;
  const std::optional<Target>& target;
  const Policy& policy;
};

bool role_has(const Act& act) {
  const Identity& identity = act.actor.identity;
  const bool has = capabilities_of(act.actor.role).has(act.capability);
  if (act.capability == Capability::Start && act.actor.role == Role::Participant) {
    return act.policy.starters == Starters::Authenticated;
  }
  if (act.capability == Capability::SkipLobby) return has || identity.lobby_bypass;
  if (act.capability == Capability::SkipPassword) return has || identity.password_bypass;
  return has;
}

std::optional<Reason> role_has_it(const Act& act) {
  if (role_has(act)) return std::nullopt;
  const Identity& identity = act.actor.identity;
  return Reason{.slug = Slug::RoleForbids,
                .rule = {},
                .claim = identity.proof.role_claim,
                .setting = {},
                .sentence = "A " + std::string(role_text(act.actor.role)) + " may not do this (" +
                            std::string(capability_text(act.capability)) + ")."};
}

std::optional<Reason> setting_leaves_it(const Act& act) {
  if (!act.policy.disabled.has(act.capability)) return std::nullopt;
  return Reason{.slug = Slug::SettingForbids,
                .rule = {},
                .claim = {},
                .setting = setting_text(act.policy, act.capability),
                .sentence = "This server does not allow it to anybody."};
}

std::optional<Reason> definition_leaves_it(const Act& act) {
  if (!act.actor.withheld.has(act.capability)) return std::nullopt;
  return Reason{.slug = Slug::SettingForbids,
                .rule = {},
                .claim = {},
                .setting = "the room's definition",
                .sentence = "In this room it is kept to others."};
}

// Features only narrow: a list that is there must hold the feature, one's own as well as that of whoever made one
// moderator.
std::optional<Reason> features_leave_it(const Act& act) {
  const std::string_view feature = feature_of(act.capability);
  if (feature.empty()) return std::nullopt;
  const auto holds = [&](const std::optional<FeatureSet>& list) {
    return !list || list->contains(std::string(feature));
  };
  if (holds(act.actor.identity.features) && holds(act.actor.makers_features)) return std::nullopt;
  return Reason{.slug = Slug::FeatureMissing,
                .rule = {},
                .claim = "context.features." + std::string(feature),
                .setting = {},
                .sentence = "The credential does not allow it."};
}

// Kick and bar are against nobody's host. Muting and demoting one is for another host (or himself), never for a mere
// moderator.
std::optional<Reason> target_is_no_host(const Act& act) {
  if (!act.target || act.target->role != Role::Host) return std::nullopt;
  const bool removes = act.capability == Capability::Kick || act.capability == Capability::Bar;
  const bool lowers = act.capability == Capability::Mute || act.capability == Capability::Revoke;
  if (!removes && !(lowers && act.actor.role != Role::Host && !act.target->oneself)) return std::nullopt;
  return Reason{.slug = Slug::TargetIsHost,
                .rule = {},
                .claim = {},
                .setting = {},
                .sentence = "This cannot be done to a host of the meeting."};
}

struct ActRule {
  std::string_view name;
  std::optional<Reason> (*objection)(const Act&);
};

// Read top to bottom; the first objection decides.
constexpr ActRule kAct[] = {
    {"role_has_it", role_has_it},
    {"setting_leaves_it", setting_leaves_it},
    {"definition_leaves_it", definition_leaves_it},
    {"features_leave_it", features_leave_it},
    {"target_is_no_host", target_is_no_host},
};

}  // namespace

Decision decide_act(const Actor& actor, Capability act, const std::optional<Target>& target, const Policy& policy) {
  const Act asked{actor, act, target, policy};
  Decision decision;
  for (const ActRule& rule : kAct) {
    if (auto objection = rule.objection(asked)) {
      objection->rule = rule.name;
      decision.trace.push_back({rule.name, RuleStep::Verdict::Decided, objection->sentence});
      decision.reason = *std::move(objection);
      return decision;
    }
    decision.trace.push_back({rule.name, RuleStep::Verdict::Passed, {}});
  }
  decision.outcome = Outcome::Admit;
  decision.role = actor.role;
  decision.reason = {
      Slug::RoleAllows, "role_has_it", {}, {}, "A " + std::string(role_text(actor.role)) + " may do this."};
  return decision;
}

// The same rules without the reasons: this is asked at every entry.
CapabilitySet capabilities_now(const Actor& actor, const Policy& policy) {
  CapabilitySet all;
  const std::optional<Target> nobody;
  for (std::size_t i = 0; i < kCapabilities; ++i) {
    const Act asked{actor, static_cast<Capability>(i), nobody, policy};
    if (!role_has(asked)) continue;
    const bool objected =
        std::ranges::any_of(kAct, [&](const ActRule& rule) { return rule.objection(asked).has_value(); });
    if (!objected) all.add(asked.capability);
  }
  return all;
}

}  // namespace conclave::access
