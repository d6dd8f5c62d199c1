#include "ops/explain.h"

#include <nlohmann/json.hpp>

namespace conclave::ops {
namespace {

using Json = nlohmann::ordered_json;

std::string dumped(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace);
}

Result<access::Identity, access::TokenFailure> identity_of(const ExplainWish& wish, const Settings& settings,
                                                           WallTime now) {
  if (!wish.token) return access::guest("explained");
  return access::TokenVerifier(settings.issuers).verify(*wish.token, now);
}

access::Decision refused_at_sasl(const access::TokenFailure& failed) {
  access::Decision decision;
  decision.reason = {failed.slug, "credential_is_good", {}, {}, failed.sentence};
  decision.trace.push_back({"credential_is_good", access::RuleStep::Verdict::Decided, failed.sentence});
  return decision;
}

Json json_of(const access::Decision& decision) {
  Json json;
  json["outcome"] = access::outcome_text(decision.outcome);
  json["role"] = access::role_text(decision.role);
  json["starts_room"] = decision.starts_room;
  json["reason"] = {{"slug", access::slug_text(decision.reason.slug)},
                    {"rule", decision.reason.rule},
                    {"claim", decision.reason.claim},
                    {"setting", decision.reason.setting},
                    {"sentence", decision.reason.sentence}};
  json["capabilities"] = Json::array();
  for (std::size_t i = 0; i < access::kCapabilities; ++i) {
    const auto one = static_cast<access::Capability>(i);
    if (decision.capabilities.has(one)) json["capabilities"].push_back(access::capability_text(one));
  }
  json["rules"] = Json::array();
  for (const access::RuleStep& step : decision.trace) {
    const bool decided = step.verdict == access::RuleStep::Verdict::Decided;
    json["rules"].push_back({{"rule", step.rule}, {"verdict", decided ? "decided" : "passed"}, {"note", step.note}});
  }
  return json;
}

}  // namespace

std::optional<access::RoomState> room_state_named(std::string_view text) {
  using access::RoomState;
  for (const auto state : {RoomState::Absent, RoomState::Waiting, RoomState::Open, RoomState::Held, RoomState::Ended}) {
    if (access::room_state_text(state) == text) return state;
  }
  return std::nullopt;
}

Explanation explain(const access::Identity& identity, const access::RoomFacts& room, const access::Policy& policy,
                    WallTime now) {
  Explanation explanation;
  explanation.room = room.name.key();
  explanation.state = room.state;
  explanation.identity = access::kind_text(identity.kind);
  if (identity.authenticated()) explanation.subject = identity.subject;
  explanation.decision = access::decide_entry(identity, room, policy, now);
  return explanation;
}

Explanation refused_credential(const access::RoomName& room, access::RoomState state,
                               const access::TokenFailure& refused) {
  return {.room = room.key(),
          .state = state,
          .identity = "none",
          .subject = {},
          .decision = refused_at_sasl(refused),
          .sasl_condition = std::string(access::condition_text(refused.condition)),
          .sasl_text = refused.text};
}

Explanation explain(const ExplainWish& wish, const Settings& settings, WallTime now) {
  const auto identity = identity_of(wish, settings, now);
  const auto room = access::room_in_link(wish.room);
  Explanation explanation;
  explanation.room = room ? room->key() : wish.room;
  explanation.state = wish.state;
  if (!identity) {
    explanation.identity = "none";
    explanation.decision = refused_at_sasl(identity.error());
    explanation.sasl_condition = access::condition_text(identity.error().condition);
    explanation.sasl_text = identity.error().text;
    return explanation;
  }
  if (!room) {
    explanation.identity = access::kind_text(identity->kind);
    explanation.decision = access::refuse_name(room.error());
    return explanation;
  }
  access::RoomFacts facts{.name = *room, .state = wish.state};
  // An open meeting is taken for one that has its host, a held one for one that has not.
  facts.moderator_present = wish.state == access::RoomState::Open;
  return explain(*identity, facts, settings.policies.for_room(*room), now);
}

std::string as_text(const Explanation& explanation) {
  const access::Decision& decision = explanation.decision;
  std::string text =
      "room      " + explanation.room + " (" + std::string(access::room_state_text(explanation.state)) + ")\n";
  text += "identity  " + explanation.identity + (explanation.subject.empty() ? "" : " " + explanation.subject) + "\n\n";
  for (const access::RuleStep& step : decision.trace) {
    const bool decided = step.verdict == access::RuleStep::Verdict::Decided;
    text += (decided ? "  => " : "     ") + std::string(step.rule) + ": " + step.note + "\n";
  }
  text += "\noutcome   " + std::string(access::outcome_text(decision.outcome));
  if (decision.admitted()) text += " as " + std::string(access::role_text(decision.role));
  if (decision.starts_room) text += ", and the room opens";
  text += "\nreason    " + std::string(access::slug_text(decision.reason.slug)) + "\n";
  if (!decision.reason.claim.empty()) text += "claim     " + decision.reason.claim + "\n";
  if (!decision.reason.setting.empty()) text += "setting   " + decision.reason.setting + "\n";
  if (!explanation.sasl_condition.empty())
    text += "sasl      " + explanation.sasl_condition + ": " + explanation.sasl_text + "\n";
  return text + "\n" + decision.reason.sentence + "\n";
}

std::string as_json(const Explanation& explanation) {
  Json json{{"room", explanation.room},
            {"state", access::room_state_text(explanation.state)},
            {"identity", explanation.identity},
            {"subject", explanation.subject}};
  json.update(json_of(explanation.decision));
  if (!explanation.sasl_condition.empty())
    json["sasl"] = {{"condition", explanation.sasl_condition}, {"text", explanation.sasl_text}};
  return dumped(json) + "\n";
}

std::string as_json(const access::Decision& decision) {
  return dumped(json_of(decision));
}

}  // namespace conclave::ops
