#include "ops/policy_origin.h"

#include "ops/setting_table.h"

namespace conclave::ops {
namespace {

using access::Capability;
using access::Policy;
using access::Switch;

struct Written {
  Switch which;
  std::string_view variable;
  std::string (*now)(const Policy&);
};
constexpr Written kSwitches[] = {
    {Switch::Guests, "CONCLAVE_GUESTS", [](const Policy& policy) { return std::string(text(policy.guests)); }},
    {Switch::Starters, "CONCLAVE_STARTERS", [](const Policy& policy) { return std::string(text(policy.starters)); }},
    {Switch::Moderators, "CONCLAVE_MODERATORS",
     [](const Policy& policy) { return std::string(text(policy.moderators)); }},
    {Switch::HostLeft, "CONCLAVE_HOST_LEFT", [](const Policy& policy) { return std::string(text(policy.host_left)); }},
    {Switch::Kicked, "CONCLAVE_KICKED", [](const Policy& policy) { return std::string(text(policy.kicked)); }},
    {Switch::LobbyExists, "ENABLE_LOBBY",
     [](const Policy& policy) { return std::string(policy.lobby_exists ? "1" : "0"); }},
    {Switch::DisplayName, "ENABLE_REQUIRE_DISPLAY_NAME",
     [](const Policy& policy) { return std::string(policy.require_display_name ? "1" : "0"); }},
    // What it comes to by default depends on the room.
    {Switch::AutoPromote, "CONCLAVE_AUTO_PROMOTE", [](const Policy&) { return std::string("unset"); }},
};

struct Right {
  Capability right;
  std::string_view variable;
};
constexpr Right kRights[] = {
    {Capability::Kick, "DISABLE_KICKOUT"},          {Capability::Bar, "DISABLE_KICKOUT"},
    {Capability::Grant, "DISABLE_GRANT_MODERATOR"}, {Capability::CreatePoll, "DISABLE_POLLS"},
    {Capability::VotePoll, "DISABLE_POLLS"},        {Capability::AvModeration, "ENABLE_AV_MODERATION"},
    {Capability::End, "ENABLE_END_CONFERENCE"},
};

// "CONCLAVE_GUESTS=deny"; of conclave.toml "guests=deny".
std::optional<std::string> written(const SettingReader& read, std::string_view variable) {
  const auto found = read.find(std::string(variable));
  if (!found) return std::nullopt;
  const SettingRow* row = setting_named(variable);
  const std::string name = found->in_toml && row != nullptr ? std::string(row->key) : found->name;
  return name + "=" + found->value;
}

void note_said(const SettingReader& read, Policy& policy, const std::string& where) {
  for (const Written& one : kSwitches) {
    if (auto said = written(read, one.variable)) policy.written[one.which] = *said + where;
  }
  for (const Right& one : kRights) {
    if (auto said = written(read, one.variable)) policy.disabled_by[one.right] = *said + where;
  }
}

}  // namespace

void note_written(const SettingReader& read, Policy& policy) {
  note_said(read, policy, {});
  for (const Written& one : kSwitches) {
    policy.written.try_emplace(one.which, std::string(one.variable) + "=" + one.now(policy) + " (default)");
  }
}

void note_written_for_rooms(const SettingReader& read, std::string_view match, Policy& policy) {
  note_said(read, policy, " in [[rooms]] " + std::string(match));
}

}  // namespace conclave::ops
