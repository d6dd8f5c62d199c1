#include "ops/module_names.h"

#include <algorithm>

namespace conclave::ops {
namespace {

struct Module {
  std::string_view name;
  std::string_view variable = "";  // of the setting that it stands for
  std::string_view value = "";
  std::string_view warning = "";  // worth a second look
  std::string_view ignored = "";  // why it has no effect; none of all these: it is built in
};

constexpr std::string_view kLater = "This version does not have it yet.";
constexpr std::string_view kLimits = "Limits are always on here.";
constexpr std::string_view kAdminApi = "The admin API has calls for that, with its own credential.";

constexpr Module kModules[] = {
    {.name = "muc_wait_for_host"},
    {.name = "persistent_lobby"},
    {.name = "muc_lobby_rooms"},
    {.name = "lobby_autostart", .variable = "CONCLAVE_LOBBY", .value = "guests"},
    {.name = "lobby_autostart_on_owner", .variable = "CONCLAVE_LOBBY", .value = "guests"},
    {.name = "token_lobby_autostart"},  // the claim context.room.lobby_autostart of a host's token
    {.name = "lobby_deactivate", .ignored = kLater},
    {.name = "token_affiliation", .variable = "CONCLAVE_MODERATORS", .value = "claimed"},
    {.name = "token_moderation", .variable = "CONCLAVE_MODERATORS", .value = "claimed"},
    {.name = "token_owner_party", .variable = "CONCLAVE_HOST_LEFT", .value = "end"},
    {.name = "token_lobby_bypass"},
    {.name = "token_lobby_bypass_for_initiator"},
    {.name = "token_lobby_ondemand",
     .ignored = "Tokens skip the lobby where CONCLAVE_LOBBY=guests; the claim context.user.lobby is not read."},
    {.name = "token_security_ondemand", .ignored = kLater},
    {.name = "secure_domain_lobby_bypass",
     .ignored = "With CONCLAVE_LOBBY=guests accounts pass the lobby that a meeting begins with; hosts always do."},
    {.name = "token_no_wildcard"},
    {.name = "token_verification"},
    {.name = "auth_token"},
    {.name = "jitsi_session"},
    {.name = "muc_allowners",
     .variable = "CONCLAVE_AUTO_PROMOTE",
     .value = "anyone",
     .warning = "A moderator is elected whenever none is present, whoever it is; not everybody at once."},
    {.name = "owner_restricted", .variable = "DISABLE_GRANT_MODERATOR", .value = "1"},
    {.name = "frozen_nick"},
    {.name = "presence_identity"},
    {.name = "muc_max_occupants"},
    {.name = "per_room_max_occupants", .ignored = "Say it as capacity of a [[room]] in conclave.toml."},
    {.name = "time_restricted", .ignored = kLater},
    {.name = "per_room_time_restricted", .ignored = kLater},
    {.name = "jibri_autostart", .ignored = kLater},
    {.name = "force_async_transcription", .ignored = kLater},
    {.name = "event_sync", .ignored = kLater},
    {.name = "conference_statistics", .ignored = kLater},
    {.name = "muc_access_whitelist"},
    {.name = "muc_password_whitelist"},
    {.name = "muc_auth_ban", .ignored = kLater},
    {.name = "reservations"},
    {.name = "muc_rate_limit", .ignored = kLimits},
    {.name = "rate_limit", .ignored = kLimits},
    {.name = "filter_messages"},
    {.name = "muc_flip"},
    {.name = "muc_census", .ignored = kAdminApi},
    {.name = "muc_size", .ignored = kAdminApi},
    {.name = "muc_password_check", .ignored = kAdminApi},
    {.name = "muc_end_meeting", .ignored = kAdminApi},
    {.name = "muc_kick_participant", .ignored = kAdminApi},
    {.name = "muc_jigasi_invite", .ignored = kLater},
    {.name = "system_chat_message", .ignored = kLater},
    {.name = "visitors", .ignored = kLater},
    {.name = "muc_breakout_rooms"},
    {.name = "av_moderation"},
    {.name = "polls"},
    {.name = "speakerstats"},
    {.name = "conference_duration"},
    {.name = "end_conference"},
    {.name = "room_metadata"},
    {.name = "muc_hide_all"},
    {.name = "muc_meeting_id"},
    {.name = "muc_domain_mapper"},
    {.name = "bosh"},
    {.name = "websocket"},
    {.name = "smacks"},
    {.name = "ping"},
};

class Reader {
 public:
  explicit Reader(const SettingReader& read) : read_(read) {}

  void one(const std::string& variable, std::string_view name, const std::string& place) {
    if (name.starts_with("mod_")) name.remove_prefix(4);
    if (name.find("matrix") != std::string_view::npos)
      read_.wrong(variable, "The module " + std::string(name) + " is not supported.");
    const auto module = std::ranges::find(kModules, name, &Module::name);
    if (module == std::end(kModules)) {
      note(Notice::Kind::Ignored, variable, name, "is not known here; no Lua is run.");
      return;
    }
    if (!module->ignored.empty())
      note(Notice::Kind::Ignored, variable, name, "has no effect. " + std::string(module->ignored));
    if (!module->warning.empty()) note(Notice::Kind::Warning, variable, name, std::string(module->warning));
    if (!module->variable.empty())
      result.settings.emplace(module->variable,
                              FileSetting{std::string(module->value), {}, place + ", module " + std::string(name)});
    result.wait_for_host |= name == "muc_wait_for_host";
    result.no_wildcard |= name == "token_no_wildcard";
  }

  ImpliedByModules result;

 private:
  void note(Notice::Kind kind, const std::string& variable, std::string_view name, const std::string& text) {
    result.notices.push_back({kind, variable, "Module " + std::string(name) + ": " + text});
  }

  const SettingReader& read_;
};

}  // namespace

ImpliedByModules read_modules(const SettingReader& read) {
  Reader reader(read);
  for (const char* variable :
       {"XMPP_MODULES", "XMPP_MUC_MODULES", "XMPP_INTERNAL_MUC_MODULES", "XMPP_LOBBY_MUC_MODULES",
        "XMPP_BREAKOUT_MUC_MODULES", "XMPP_SPEAKERSTATS_MODULES", "GLOBAL_MODULES"}) {
    const auto found = read.find_exactly(variable);
    for (const std::string& module : read.list(variable)) reader.one(variable, module, found->place);
  }
  const auto module = read.find_exactly("JWT_TOKEN_AUTH_MODULE");
  if (module && module->value != "token_verification") reader.one(module->name, module->value, module->place);
  return std::move(reader.result);
}

}  // namespace conclave::ops
