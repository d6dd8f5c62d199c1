#include "ops/settings.h"
#include "ops/invitation_settings.h"

#include <algorithm>
#include <fstream>
#include <sstream>

#include "base/random.h"
#include "ops/booking_settings.h"
#include "ops/issuer_settings.h"
#include "ops/known_names.h"
#include "ops/ldap_settings.h"
#include "ops/oidc_settings.h"
#include "ops/policy_settings.h"
#include "ops/secret_file.h"
#include "ops/setting_reader.h"
#include "ops/setting_table.h"
#include "ops/toml_file.h"
#include "ops/toml_tables.h"
#include "room/limits.h"

extern char** environ;

namespace conclave::ops {
namespace {

constexpr std::size_t kMinSecretBytes = 16;
constexpr std::size_t kMadeSecretLength = 48;
constexpr unsigned kMaxLoops = 64;

void put_port(const SettingReader& read, const std::string& name, std::uint16_t& port) {
  if (const auto number = read.number(name, 0, 65535)) port = static_cast<std::uint16_t>(*number);
}

log::Level log_level(const SettingReader& read) {
  using log::Level;
  const std::string name = read.has("CONCLAVE_LOG_LEVEL") ? "CONCLAVE_LOG_LEVEL" : "LOG_LEVEL";
  return read
      .choice<Level>(name, {{"debug", Level::Debug},
                            {"info", Level::Info},
                            {"warn", Level::Warning},
                            {"warning", Level::Warning},
                            {"error", Level::Error},
                            {"off", Level::Off}})
      .value_or(Level::Info);
}

void read_public_url(const SettingReader& read, Settings& settings) {
  auto url = read.text("PUBLIC_URL");
  if (!url) {
    settings.public_url = settings.https ? "https://localhost:" + std::to_string(settings.https_port)
                                         : "http://localhost:" + std::to_string(settings.http_port);
    return;
  }
  while (url->ends_with('/')) url->pop_back();
  const std::size_t scheme = url->find("://");
  const std::string lower = lower_ascii(*url);
  const bool known = lower.starts_with("https://") || lower.starts_with("http://");
  const std::string host = known ? url->substr(scheme + 3) : "";
  if (host.empty() || host.find_first_of("/?#@ \"'<>") != std::string::npos) {
    read.wrong("PUBLIC_URL", "Write the address that people see, such as https://meet.example.com, without a path.");
  }
  settings.public_url = *url;
}

void read_network(const SettingReader& read, Settings& settings) {
  put_port(read, "HTTP_PORT", settings.http_port);
  put_port(read, "HTTPS_PORT", settings.https_port);
  put_port(read, "JVB_PORT", settings.media_port);
  settings.https = !read.boolean("DISABLE_HTTPS").value_or(false);
  settings.bind_address = read.text("CONCLAVE_BIND").value_or(settings.bind_address);
  settings.xmpp_domain = lower_ascii(read.text("XMPP_DOMAIN").value_or(settings.xmpp_domain));
  if (settings.xmpp_domain.find_first_of("@/ :\"'<>&") != std::string::npos) {
    read.wrong("XMPP_DOMAIN", "Write a host name, such as meet.example.com.");
  }
  for (const char* name : {"XMPP_AUTH_DOMAIN", "XMPP_GUEST_DOMAIN", "XMPP_HIDDEN_DOMAIN", "XMPP_RECORDER_DOMAIN"}) {
    if (const auto alias = read.text(name)) settings.domain_aliases.push_back(lower_ascii(*alias));
  }
  settings.advertise_ips = read.list(read.has("JVB_ADVERTISE_IPS") ? "JVB_ADVERTISE_IPS" : "DOCKER_HOST_ADDRESS");
  settings.loops = static_cast<unsigned>(read.number("CONCLAVE_LOOPS", 1, kMaxLoops).value_or(settings.loops));
  read_public_url(read, settings);
}

// ~ and nothing else; CONFIG is docker's name for the state directory.
std::filesystem::path data_dir(const SettingReader& read, const Environment& environment) {
  const auto own = read.text("CONCLAVE_DATA");
  std::string path = own ? *own : read.text("CONFIG").value_or("./data");
  const auto home = environment.find("HOME");
  if (path.starts_with('~') && home != environment.end()) path = home->second + path.substr(1);
  return path;
}

void check_accounts(const SettingReader& read, Settings& settings) {
  const access::AuthMethods& auth = settings.policies.base.auth;
  if (auth.ldap) {
    settings.ldap = read_ldap_settings(read, settings);
  } else if (read.has("LDAP_URL")) {
    settings.notices.push_back({Notice::Kind::Ignored, "LDAP_URL",
                                "The directory has no effect: ldap is not among AUTH_TYPE or CONCLAVE_AUTH."});
  }
  settings.accounts = read_account_settings(read, settings.xmpp_domain);
  for (const sasl::ServiceAccount& service : settings.accounts.services) {
    settings.domain_aliases.push_back(service.domain);
  }
}

// environment.md 7: encryption and accounts are different things, and one does not bring the other.
void check_together(Settings& settings) {
  const bool plain = settings.public_url.starts_with("http://") && public_host(settings) != "localhost";
  if (plain && settings.policies.base.auth.any()) {
    settings.notices.push_back(
        {Notice::Kind::Warning, "PUBLIC_URL",
         "People authenticate, but the public address is plain HTTP: tokens can be read on the way."});
  }
}

void note_unused(const CommandLine& command_line, const Environment& environment, const std::optional<EnvFile>& file,
                 Settings& settings) {
  const auto note = [&](const std::string& name, const std::string& value, bool from_file) {
    if (value.empty() || is_used_name(name)) return;
    const auto meant = probably_meant(name);
    const auto reason = why_ignored(name);
    // Somebody else's variables fill the process environment; there only names that look like ours are spoken of.
    const bool ours = from_file || name.starts_with("CONCLAVE_") || name.starts_with("JWT_") ||
                      name.starts_with("JICOFO_") || name.starts_with("JVB_") || name.starts_with("PROSODY_") ||
                      name.starts_with("XMPP_") || name.starts_with("ENABLE_");
    if (!ours) return;
    if (meant && *meant != name) {
      settings.notices.push_back(
          {Notice::Kind::Warning, name, "This name is not known and has no effect. Did you mean " + *meant + "?"});
    } else if (reason && !reason->empty()) {
      settings.notices.push_back({Notice::Kind::Ignored, name, std::string(*reason)});
    } else if (!reason && name.starts_with("CONCLAVE_")) {
      settings.notices.push_back({Notice::Kind::Warning, name, "This name is not known and has no effect."});
    }
  };
  for (const auto& [name, value] : command_line.values) note(name, value, true);
  for (const auto& [name, value] : environment) {
    if (!command_line.values.contains(name)) note(name, value, false);
  }
  if (!file) return;
  for (const auto& [name, entry] : file->entries) {
    if (!environment.contains(name)) note(name, entry.value, true);
  }
}

// Docker refuses its former defaults; these accounts do not exist here, so that a word is enough. Those that do:
// account_settings.h.
void note_service_passwords(const SettingReader& read, Settings& settings) {
  std::map<std::string, std::string> seen;
  for (const char* name : {"JICOFO_COMPONENT_SECRET", "JICOFO_AUTH_PASSWORD", "JIGASI_SIP_PASSWORD"}) {
    const auto password = read.text(name);
    if (!password) continue;
    const auto [other, first] = seen.emplace(*password, name);
    std::string text;
    if (*password == "passw0rd" || *password == "s3cr37")
      text = "The password is a published example: everybody knows it.";
    else if (!first)
      text = "It is the same password as " + other->second + ".";
    if (!text.empty()) settings.notices.push_back({Notice::Kind::Warning, name, std::move(text)});
  }
}

void accept_tokens(Settings& settings) {
  settings.policies.base.auth.token = true;
  for (access::PolicyBook::Section& section : settings.policies.sections) section.policy.auth.token = true;
}

// What was set, to tell at a reload what changed. A secret in a file counts by its content.
std::map<std::string, std::string> said_settings(const SettingReader& read, const std::optional<TomlFile>& toml) {
  std::map<std::string, std::string> said;
  for (const SettingSection& section : setting_sections()) {
    for (const SettingRow& row : section.rows) {
      const std::string name(row.name);
      if (row.kind == SettingKind::Secret) {
        if (auto secret = read.secret(name)) said.emplace(name, *std::move(secret));
      } else if (auto found = read.find(name)) {
        said.emplace(name, std::move(found->value));
      }
    }
  }
  for (const char* array : {"issuer", "room", "rooms"}) {
    std::string all;
    for (const TomlTable& table : toml ? toml->array(array) : std::vector<TomlTable>()) {
      for (const auto& [key, value] : table.values) all += key + "=" + value.text + "\n";
      all += "\n";
    }
    if (!all.empty()) said.emplace("[[" + std::string(array) + "]]", std::move(all));
  }
  return said;
}

// `own_file`: there is a conclave.toml, which speaks of policy in our own words.
bool is_docker_style(const Environment& environment, const std::optional<EnvFile>& file, bool own_file) {
  // In the environment of a process only what says how people authenticate, and the names of docker's services, count;
  // a lone JWT_APP_SECRET there is a token server's, not a sign that everybody may start rooms.
  const auto counts_in_process = [](std::string_view name) {
    return is_docker_name(name) && !name.starts_with("JWT_") &&
           (name == "ENABLE_AUTH" || name == "ENABLE_GUESTS" || name == "AUTH_TYPE" ||
            name.starts_with("JICOFO_AUTH_PASS") || name.starts_with("JVB_AUTH_") ||
            name.starts_with("JICOFO_COMPONENT_"));
  };
  const bool in_process = std::ranges::any_of(
      environment, [&](const auto& entry) { return !entry.second.empty() && counts_in_process(entry.first); });
  if (in_process || !file) return in_process;
  // A file that speaks of policy in our own words is no docker file because it also has a token's secret.
  const auto is_set = [](const auto& entry) { return !entry.second.value.empty(); };
  const bool own_words = own_file || std::ranges::any_of(file->entries, [&](const auto& entry) {
                           return is_set(entry) && entry.first.starts_with("CONCLAVE_") && is_used_name(entry.first);
                         });
  return std::ranges::any_of(file->entries, [&](const auto& entry) {
    return is_set(entry) && is_docker_name(entry.first) && !(own_words && entry.first.starts_with("JWT_"));
  });
}

Environment process_environment() {
  Environment all;
  for (char** one = environ; one != nullptr && *one != nullptr; ++one) {
    const std::string_view text(*one);
    const std::size_t equals = text.find('=');
    if (equals != std::string_view::npos) all.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return all;
}

}  // namespace

std::string public_host(const Settings& settings) {
  const std::size_t scheme = settings.public_url.find("://");
  std::string host = scheme == std::string::npos ? settings.public_url : settings.public_url.substr(scheme + 3);
  if (host.starts_with('[')) return lower_ascii(host.substr(0, host.find(']') + 1));
  return lower_ascii(host.substr(0, host.find(':')));
}

Settings load_settings(const CommandLine& command_line, const Environment& environment,
                       const std::optional<EnvFile>& file, const std::optional<TomlFile>& toml) {
  const FileSettings from_toml = toml ? settings_of(*toml) : FileSettings();
  SettingReader read(command_line, environment, file, &from_toml);
  Settings settings;
  if (file) settings.env_file = file->path;
  if (toml) settings.config_file = toml->path;
  read_network(read, settings);
  settings.data_dir = data_dir(read, environment);
  if (const auto root = read.text("CONCLAVE_WEB_ROOT")) settings.web_root = *root;
  settings.log_level = log_level(read);
  if (const auto most = read.number("MAX_PARTICIPANTS", 1, room::kMaxOccupants))
    settings.max_participants = static_cast<std::size_t>(*most);
  settings.audit = read_audit(read);
  settings.admin_url = read.text("CONCLAVE_ADMIN_URL").value_or("");
  settings.admin_token = read.secret("CONCLAVE_ADMIN_TOKEN");
  if (settings.admin_token && settings.admin_token->size() < kMinSecretBytes) {
    throw ConfigError("CONCLAVE_ADMIN_TOKEN", "",
                      "It has fewer than 16 bytes: it can be guessed. A good one: openssl rand -hex 32");
  }

  const bool docker_style = is_docker_style(environment, file, !from_toml.empty());
  PolicySettings policy = read_policy(read, docker_style);
  settings.policies.base = std::move(policy.policy);
  if (toml) {
    for (const TomlTable& table : toml->array("rooms"))
      settings.policies.sections.push_back(read_room_section(table, settings.policies.base));
  }
  settings.policy_origin = std::move(policy.origin);
  settings.notices = std::move(policy.notices);
  read_issuer(read, docker_style, policy.any_room_claim_counts, settings);
  if (toml) {
    add_issuers(*toml, settings);
    settings.rooms = rooms_of(*toml);
  }
  settings.booking = read_booking(read);
  settings.oidc = read_oidc(read);
  if (settings.oidc) accept_tokens(settings);  // a login becomes a token
  check_accounts(read, settings);
  check_together(settings);
  note_service_passwords(read, settings);
  note_unused(command_line, environment, file, settings);
  settings.command_line = command_line;
  settings.said = said_settings(read, toml);
  return settings;
}

namespace {

std::optional<std::string> content_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in || std::filesystem::is_directory(path)) return std::nullopt;
  std::ostringstream content;
  content << in.rdbuf();
  return std::move(content).str();
}

std::optional<EnvFile> find_env_file(const CommandLine& command_line, const Environment& environment) {
  const auto named = SettingReader(command_line, environment, std::nullopt).text("CONCLAVE_ENV_FILE");
  const std::string path = named.value_or("./.env");
  const auto text = content_of(path);
  if (!text && named) throw ConfigError("CONCLAVE_ENV_FILE", path, "The file cannot be read. Name one that exists.");
  return text ? std::optional(parse_env_file(*text, path, environment)) : std::nullopt;
}

std::optional<TomlFile> find_toml_file(const CommandLine& command_line, const Environment& environment,
                                       const std::optional<EnvFile>& file) {
  const SettingReader read(command_line, environment, file);
  if (const auto named = read.find("CONCLAVE_CONFIG_FILE")) {
    const auto text = content_of(named->value);
    if (!text)
      throw ConfigError("CONCLAVE_CONFIG_FILE", named->value, "The file cannot be read. Name one that exists.",
                        named->place);
    return parse_toml_file(*text, named->value);
  }
  for (const std::string& path :
       {std::string("./conclave.toml"), (data_dir(read, environment) / "conclave.toml").string()}) {
    if (const auto text = content_of(path)) return parse_toml_file(*text, path);
  }
  return std::nullopt;
}

}  // namespace

Settings load_settings(const CommandLine& command_line) {
  const Environment environment = process_environment();
  const std::optional<EnvFile> file = find_env_file(command_line, environment);
  return load_settings(command_line, environment, file, find_toml_file(command_line, environment, file));
}

void complete_secrets(Settings& settings) {
  SystemRandom random;
  if (!settings.admin_token) {
    settings.admin_token = secret_from(settings.data_dir / "admin-token", kMadeSecretLength, random, "CONCLAVE_DATA");
  }
  if (settings.oidc && settings.oidc->token_secret.empty()) {
    settings.oidc->token_secret =
        secret_from(settings.data_dir / "oidc-secret", kMadeSecretLength, random, "CONCLAVE_DATA");
    settings.issuers.push_back(oidc_token_issuer(*settings.oidc));
  }
  if (settings.secret_is_wanted) {
    settings.app_secret = secret_from(settings.data_dir / "jwt-secret", kMadeSecretLength, random, "CONCLAVE_DATA");
    settings.secret_is_generated = true;
    auto key = access::VerificationKey::from_secret(settings.app_algorithm, *settings.app_secret);
    settings.issuers.front().keys.push_back(*std::move(key));
  }
  if (!settings.invitations) add_invitations(settings, random);
}

}  // namespace conclave::ops
