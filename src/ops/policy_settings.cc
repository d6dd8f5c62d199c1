#include "ops/policy_settings.h"

#include <algorithm>

#include "ops/docker_policy.h"
#include "ops/module_names.h"
#include "ops/policy_origin.h"
#include "ops/setting_table.h"

namespace conclave::ops {
namespace {

using namespace access;

template <class Value>
void take(const SettingReader& read, const std::string& name, Value& into,
          std::initializer_list<std::pair<std::string_view, Value>> values) {
  if (const auto chosen = read.choice<Value>(name, values)) into = *chosen;
}

void take_seconds(const SettingReader& read, const std::string& name, std::chrono::seconds& into) {
  if (const auto said = read.duration(name)) into = *said;
}

// Switches of four rights at once: what is said decides, what is not said leaves them as they are.
void take_rights(const SettingReader& read, const std::string& name, bool when, CapabilitySet& disabled,
                 std::initializer_list<Capability> rights) {
  const auto said = read.boolean(name);
  if (!said) return;
  for (const Capability right : rights) *said == when ? disabled.add(right) : disabled.remove(right);
}

void read_switches(const SettingReader& read, Policy& policy) {
  take<Guests>(read, "CONCLAVE_GUESTS", policy.guests,
               {{"join", Guests::Join}, {"deny", Guests::Deny}, {"create", Guests::Create}});
  take<Starters>(read, "CONCLAVE_STARTERS", policy.starters,
                 {{"moderators", Starters::Moderators}, {"authenticated", Starters::Authenticated}});
  take<Moderators>(read, "CONCLAVE_MODERATORS", policy.moderators,
                   {{"all", Moderators::All}, {"claimed", Moderators::Claimed}});
  AutoPromote promote{};
  if (read.has("CONCLAVE_AUTO_PROMOTE")) {
    take<AutoPromote>(read, "CONCLAVE_AUTO_PROMOTE", promote,
                      {{"never", AutoPromote::Never},
                       {"authenticated", AutoPromote::Authenticated},
                       {"anyone", AutoPromote::Anyone}});
    policy.auto_promote = promote;
  }
  take<HostLeft>(read, "CONCLAVE_HOST_LEFT", policy.host_left,
                 {{"hold", HostLeft::Hold}, {"open", HostLeft::Open}, {"end", HostLeft::End}});
  take_seconds(read, "CONCLAVE_HOST_LEFT_GRACE", policy.host_left_grace);
  take<Waiters>(read, "CONCLAVE_WAITERS", policy.waiters, {{"admit", Waiters::Admit}, {"ask", Waiters::Ask}});
  take<Lobby>(read, "CONCLAVE_LOBBY", policy.lobby,
              {{"off", Lobby::Off}, {"guests", Lobby::Guests}, {"all", Lobby::All}});
  if (const auto lobby = read.boolean("ENABLE_LOBBY")) policy.lobby_exists = *lobby;
  take<LobbyPassword>(read, "CONCLAVE_LOBBY_PASSWORD", policy.lobby_password,
                      {{"yes", LobbyPassword::Yes}, {"no", LobbyPassword::No}});
  take<Reload>(read, "CONCLAVE_RELOAD", policy.reload, {{"room", Reload::Room}, {"off", Reload::Off}});
  take_seconds(read, "JICOFO_AUTH_LIFETIME", policy.ticket_lifetime);
  if (const auto login = read.boolean("ENABLE_AUTO_LOGIN")) policy.auto_login = *login;
  take<TokenExpiry>(read, "CONCLAVE_TOKEN_EXPIRY", policy.token_expiry,
                    {{"keep", TokenExpiry::Keep}, {"demote", TokenExpiry::Demote}, {"remove", TokenExpiry::Remove}});
  take<Kicked>(read, "CONCLAVE_KICKED", policy.kicked,
               {{"knock", Kicked::Knock}, {"return", Kicked::Return}, {"barred", Kicked::Barred}});
  take_seconds(read, "CONCLAVE_COOL_DOWN", policy.cool_down);
  if (const auto required = read.boolean("ENABLE_REQUIRE_DISPLAY_NAME")) policy.require_display_name = *required;
  take_rights(read, "DISABLE_KICKOUT", true, policy.disabled, {Capability::Kick, Capability::Bar});
  take_rights(read, "DISABLE_GRANT_MODERATOR", true, policy.disabled, {Capability::Grant});
  take_rights(read, "DISABLE_POLLS", true, policy.disabled, {Capability::CreatePoll, Capability::VotePoll});
  take_rights(read, "ENABLE_AV_MODERATION", false, policy.disabled, {Capability::AvModeration});
  take_rights(read, "ENABLE_END_CONFERENCE", false, policy.disabled, {Capability::End});
}

class PolicyReader {
 public:
  explicit PolicyReader(SettingReader& read) : read_(read) {}

  PolicySettings read(bool docker_style) {
    result_.origin = docker_style ? "docker names" : "first start";
    imply();
    if (docker_style) read_docker_policy(read_, result_.policy, result_.notices);
    if (wait_for_host_ && policy().guests == Guests::Create) {
      policy().guests = Guests::Join;
      policy().written[Switch::Guests] = "XMPP_MUC_MODULES=muc_wait_for_host";
    }
    const Guests from_docker = policy().guests;
    own_auth();
    read_switches(read_, policy());
    note_written(read_, policy());
    if (policy().guests != from_docker && read_.has("ENABLE_GUESTS"))
      warn("ENABLE_GUESTS", "CONCLAVE_GUESTS says otherwise and wins.");
    guest_rooms();
    if (own_words()) result_.origin = docker_style ? "docker and Conclave names" : "Conclave names";
    return std::move(result_);
  }

 private:
  Policy& policy() { return result_.policy; }
  void warn(std::string name, std::string text) {
    result_.notices.push_back({Notice::Kind::Warning, std::move(name), std::move(text)});
  }

  void imply() {
    ImpliedByModules modules = read_modules(read_);
    Implied lua = read_lua_lines(read_);
    wait_for_host_ = modules.wait_for_host;
    result_.any_room_claim_counts = !modules.no_wildcard;
    std::ranges::move(modules.notices, std::back_inserter(result_.notices));
    std::ranges::move(lua.notices, std::back_inserter(result_.notices));
    modules.settings.merge(lua.settings);
    read_.imply(std::move(modules.settings));
  }

  bool own_words() const {
    return std::ranges::any_of(policy_rows(), [&](const SettingRow& row) {
      return row.name.starts_with("CONCLAVE_") && read_.find_exactly(std::string(row.name));
    });
  }

  void own_auth() {
    const auto words = read_.list("CONCLAVE_AUTH");
    if (words.empty()) return;
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
    if (policy().auth.any()) return;
    policy().guests = Guests::Create;
    policy().written[Switch::Guests] = "CONCLAVE_AUTH=none";
  }

  void guest_rooms() {
    for (const std::string& text : read_.list("CONCLAVE_GUEST_ROOMS")) {
      auto pattern = RoomPattern::parse(text);
      if (!pattern)
        read_.wrong("CONCLAVE_GUEST_ROOMS",
                    "\"" + text + "\" is no pattern for a room. " + std::string(name_error_sentence(pattern.error())));
      policy().guest_rooms.push_back(*std::move(pattern));
    }
    if (!policy().guest_rooms.empty() && policy().guests != Guests::Create) {
      result_.notices.push_back(
          {Notice::Kind::Ignored, "CONCLAVE_GUEST_ROOMS", "It only says where CONCLAVE_GUESTS=create holds."});
    }
  }

  SettingReader& read_;
  bool wait_for_host_ = false;
  PolicySettings result_;
};

}  // namespace

PolicySettings read_policy(SettingReader& read, bool docker_style) {
  return PolicyReader(read).read(docker_style);
}

PolicyBook::Section read_room_section(const TomlTable& table, const Policy& base) {
  const auto match = table.text("match");
  if (!match) throw ConfigError("[[rooms]]", "", "Say which rooms are meant: match = \"board-*\".", table.place());
  auto pattern = RoomPattern::parse(*match);
  if (!pattern)
    table.wrong("match", "That is no pattern for a room. " + std::string(name_error_sentence(pattern.error())));
  const FileSettings switches = room_switches_of(table);
  const CommandLine no_line;
  const Environment no_environment;
  const std::optional<EnvFile> no_file;
  PolicyBook::Section section{.pattern = *std::move(pattern), .policy = base};
  const SettingReader read(no_line, no_environment, no_file, &switches);
  read_switches(read, section.policy);
  note_written_for_rooms(read, *match, section.policy);
  return section;
}

}  // namespace conclave::ops
