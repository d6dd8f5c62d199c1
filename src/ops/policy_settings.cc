#include "ops/policy_settings.h"

#include <algorithm>

namespace conclave::ops {
namespace {

using access::AutoPromote;
using access::Guests;
using access::HostLeft;
using access::Kicked;
using access::Lobby;
using access::LobbyPassword;
using access::Moderators;
using access::Policy;
using access::Reload;
using access::Starters;
using access::TokenExpiry;
using access::Waiters;

class PolicyReader {
 public:
  explicit PolicyReader(const SettingReader& read) : read_(read) {}

  PolicySettings read(bool docker_style) {
    result_.origin = docker_style ? "docker names" : "first start";
    if (docker_style) docker();
    modules();
    both();
    if (own()) result_.origin = docker_style ? "docker and Conclave names" : "Conclave names";
    return std::move(result_);
  }

 private:
  Policy& policy() { return result_.policy; }
  void warn(std::string name, std::string text) {
    result_.notices.push_back({Notice::Kind::Warning, std::move(name), std::move(text)});
  }
  void ignore(std::string name, std::string text) {
    result_.notices.push_back({Notice::Kind::Ignored, std::move(name), std::move(text)});
  }

  void docker() {
    if (read_.boolean("ENABLE_AUTH").value_or(false)) {
      docker_with_accounts();
    } else {
      docker_without_accounts();
    }
    if (read_.boolean("WAIT_FOR_HOST_DISABLE_AUTO_OWNERS").value_or(false)) policy().moderators = Moderators::Claimed;
  }

  void docker_without_accounts() {
    policy().auth = {};
    policy().guests = Guests::Create;
    policy().auto_promote =
        read_.boolean("ENABLE_AUTO_OWNER").value_or(true) ? AutoPromote::Anyone : AutoPromote::Never;
    warn("ENABLE_AUTH",
         "Nobody is authenticated: everybody who reaches this server may start any room. Set ENABLE_AUTH=1 to change "
         "that.");
    if (read_.boolean("ENABLE_GUESTS").value_or(false)) {
      ignore("ENABLE_GUESTS", "It does nothing without ENABLE_AUTH=1: everybody is a guest already.");
    }
    for (const char* name : {"AUTH_TYPE", "JWT_APP_SECRET"}) {
      if (read_.has(name)) ignore(name, "It does nothing without ENABLE_AUTH=1.");
    }
  }

  void docker_with_accounts() {
    policy().auth = auth_types();
    const bool guests = read_.boolean("ENABLE_GUESTS").value_or(false);
    const bool empty = read_.boolean("JWT_ALLOW_EMPTY").value_or(false);
    policy().guests = guests || empty ? Guests::Join : Guests::Deny;
    if (guests && empty)
      warn("JWT_ALLOW_EMPTY",
           "It means the same as ENABLE_GUESTS here: guests may join. To let them start rooms set "
           "CONCLAVE_GUESTS=create.");
    else if (empty)
      warn("JWT_ALLOW_EMPTY",
           "Guests may join open rooms; unlike elsewhere they start none. For that set CONCLAVE_GUESTS=create.");
    const auto auto_owner = read_.boolean("ENABLE_AUTO_OWNER");
    if (!read_.boolean("JICOFO_ENABLE_AUTH").value_or(true)) {
      // Tokens are checked, but nobody needs one to start.
      policy().starters = Starters::Authenticated;
      policy().auto_promote = auto_owner.value_or(true) ? AutoPromote::Anyone : AutoPromote::Never;
    } else if (auto_owner) {
      ignore("ENABLE_AUTO_OWNER",
             "While people are authenticated nobody is made moderator for coming first. CONCLAVE_AUTO_PROMOTE can say "
             "otherwise.");
    }
  }

  access::AuthMethods auth_types() {
    const std::string name =
        read_.has("AUTH_TYPE") || !read_.has("PROSODY_AUTH_TYPE") ? "AUTH_TYPE" : "PROSODY_AUTH_TYPE";
    auto words = read_.list(name);
    if (words.empty()) words = {"internal"};
    access::AuthMethods methods;
    for (const std::string& word : words) {
      const std::string lower = lower_ascii(word);
      if (lower == "jwt")
        methods.token = true;
      else if (lower == "internal")
        methods.password = true;
      else if (lower == "ldap")
        methods.ldap = true;
      else if (lower == "matrix" || lower == "hybrid_matrix_token")
        read_.wrong(name, "Matrix accounts are not supported. Use jwt.");
      else
        read_.wrong(name, "Use one or several of jwt, internal, ldap, with commas.");
    }
    return methods;
  }

  // Names of Prosody modules that carry policy (environment.md 6).
  void modules() {
    for (const char* variable : {"XMPP_MODULES", "XMPP_MUC_MODULES", "GLOBAL_MODULES"}) {
      for (const std::string& module : read_.list(variable)) one_module(variable, module);
    }
  }

  void one_module(const std::string& variable, const std::string& module) {
    static constexpr std::string_view kBuiltIn[] = {"token_verification",
                                                    "auth_token",
                                                    "jitsi_session",
                                                    "presence_identity",
                                                    "muc_hide_all",
                                                    "muc_meeting_id",
                                                    "muc_domain_mapper",
                                                    "bosh",
                                                    "websocket",
                                                    "smacks",
                                                    "ping",
                                                    "end_conference",
                                                    "room_metadata",
                                                    "muc_access_whitelist",
                                                    "muc_password_whitelist",
                                                    "persistent_lobby",
                                                    "speakerstats",
                                                    "conference_duration"};
    if (module == "token_affiliation" || module == "token_moderation") {
      policy().moderators = Moderators::Claimed;
    } else if (module == "muc_wait_for_host") {
      if (policy().guests == Guests::Create) policy().guests = Guests::Join;
    } else if (module == "token_owner_party") {
      policy().host_left = HostLeft::End;
    } else if (module == "token_no_wildcard") {
      result_.any_room_claim_counts = false;
    } else if (module == "muc_allowners") {
      policy().auto_promote = AutoPromote::Anyone;
      warn(variable, "muc_allowners: a moderator is elected whenever none is present, whoever it is.");
    } else if (module.find("matrix") != std::string::npos) {
      read_.wrong(variable, "The module " + module + " is not supported.");
    } else if (std::ranges::find(kBuiltIn, module) == std::end(kBuiltIn)) {
      ignore(variable, "The module " + module + " is not known here; no Lua is run.");
    }
  }

  // Docker's names that mean the same with and without docker's defaults.
  void both() {
    if (const auto lifetime = read_.duration("JICOFO_AUTH_LIFETIME")) policy().ticket_lifetime = *lifetime;
    if (const auto login = read_.boolean("ENABLE_AUTO_LOGIN")) policy().auto_login = *login;
    if (const auto required = read_.boolean("ENABLE_REQUIRE_DISPLAY_NAME")) policy().require_display_name = *required;
    if (const auto lobby = read_.boolean("ENABLE_LOBBY")) policy().lobby_exists = *lobby;
    if (read_.boolean("DISABLE_KICKOUT").value_or(false)) {
      policy().disabled.add(access::Capability::Kick);
      policy().disabled.add(access::Capability::Bar);
    }
    if (read_.boolean("DISABLE_GRANT_MODERATOR").value_or(false)) policy().disabled.add(access::Capability::Grant);
  }

  template <class Value>
  bool take(const std::string& name, Value& into, std::initializer_list<std::pair<std::string_view, Value>> values) {
    const auto chosen = read_.choice<Value>(name, values);
    if (chosen) into = *chosen;
    return chosen.has_value();
  }

  bool own() {
    const Guests from_docker = policy().guests;
    bool any = own_auth();
    if (take<Guests>("CONCLAVE_GUESTS", policy().guests,
                     {{"join", Guests::Join}, {"deny", Guests::Deny}, {"create", Guests::Create}})) {
      any = true;
      if (policy().guests != from_docker && read_.has("ENABLE_GUESTS")) {
        warn("ENABLE_GUESTS", "CONCLAVE_GUESTS says otherwise and wins.");
      }
    }
    any |= take<Starters>("CONCLAVE_STARTERS", policy().starters,
                          {{"moderators", Starters::Moderators}, {"authenticated", Starters::Authenticated}});
    any |= take<Moderators>("CONCLAVE_MODERATORS", policy().moderators,
                            {{"all", Moderators::All}, {"claimed", Moderators::Claimed}});
    AutoPromote promote{};
    if (take<AutoPromote>("CONCLAVE_AUTO_PROMOTE", promote,
                          {{"never", AutoPromote::Never},
                           {"authenticated", AutoPromote::Authenticated},
                           {"anyone", AutoPromote::Anyone}})) {
      policy().auto_promote = promote;
      any = true;
    }
    any |= take<Lobby>("CONCLAVE_LOBBY", policy().lobby,
                       {{"off", Lobby::Off}, {"guests", Lobby::Guests}, {"all", Lobby::All}});
    any |= take<LobbyPassword>("CONCLAVE_LOBBY_PASSWORD", policy().lobby_password,
                               {{"yes", LobbyPassword::Yes}, {"no", LobbyPassword::No}});
    any |= take<Waiters>("CONCLAVE_WAITERS", policy().waiters, {{"admit", Waiters::Admit}, {"ask", Waiters::Ask}});
    any |= take<HostLeft>("CONCLAVE_HOST_LEFT", policy().host_left,
                          {{"hold", HostLeft::Hold}, {"open", HostLeft::Open}, {"end", HostLeft::End}});
    any |= take<Reload>("CONCLAVE_RELOAD", policy().reload, {{"room", Reload::Room}, {"off", Reload::Off}});
    any |= take<TokenExpiry>(
        "CONCLAVE_TOKEN_EXPIRY", policy().token_expiry,
        {{"keep", TokenExpiry::Keep}, {"demote", TokenExpiry::Demote}, {"remove", TokenExpiry::Remove}});
    any |= take<Kicked>("CONCLAVE_KICKED", policy().kicked,
                        {{"knock", Kicked::Knock}, {"return", Kicked::Return}, {"barred", Kicked::Barred}});
    if (const auto grace = read_.duration("CONCLAVE_HOST_LEFT_GRACE")) policy().host_left_grace = *grace;
    if (const auto pause = read_.duration("CONCLAVE_COOL_DOWN")) policy().cool_down = *pause;
    guest_rooms();
    return any;
  }

  bool own_auth() {
    const auto words = read_.list("CONCLAVE_AUTH");
    if (words.empty()) return false;
    policy().auth = {};
    for (const std::string& word : words) {
      const std::string lower = lower_ascii(word);
      if (lower == "token")
        policy().auth.token = true;
      else if (lower == "password")
        policy().auth.password = true;
      else if (lower == "ldap")
        policy().auth.ldap = true;
      else if (lower != "none" || words.size() != 1)
        read_.wrong("CONCLAVE_AUTH", "Use none, or one or several of token, password, ldap, with commas.");
    }
    // Without anybody to authenticate only guests can start rooms; said by CONCLAVE_GUESTS otherwise.
    if (!policy().auth.any() && !read_.has("CONCLAVE_GUESTS")) policy().guests = Guests::Create;
    return true;
  }

  void guest_rooms() {
    for (const std::string& text : read_.list("CONCLAVE_GUEST_ROOMS")) {
      auto pattern = access::RoomPattern::parse(text);
      if (!pattern)
        read_.wrong("CONCLAVE_GUEST_ROOMS", "\"" + text + "\" is no pattern for a room. " +
                                                std::string(access::name_error_sentence(pattern.error())));
      policy().guest_rooms.push_back(*std::move(pattern));
    }
    if (!policy().guest_rooms.empty() && policy().guests != Guests::Create) {
      ignore("CONCLAVE_GUEST_ROOMS", "It only says where CONCLAVE_GUESTS=create holds.");
    }
  }

  const SettingReader& read_;
  PolicySettings result_;
};

}  // namespace

PolicySettings read_policy(const SettingReader& read, bool docker_style) {
  return PolicyReader(read).read(docker_style);
}

}  // namespace conclave::ops
