#include "ops/settings.h"

#include "base/random.h"
#include "ops/addresses.h"
#include "ops/booking_settings.h"
#include "ops/client_settings.h"
#include "ops/data_dir.h"
#include "ops/docker_policy.h"
#include "ops/invitation_settings.h"
#include "ops/issuer_settings.h"
#include "ops/ldap_settings.h"
#include "ops/oidc_settings.h"
#include "ops/policy_settings.h"
#include "ops/relay_settings.h"
#include "ops/secret_file.h"
#include "ops/setting_reader.h"
#include "ops/setting_table.h"
#include "ops/startup_checks.h"
#include "ops/toml_file.h"
#include "ops/toml_tables.h"
#include "ops/unused_names.h"
#include "ops/weak_secret.h"
#include "room/limits.h"

namespace conclave::ops {
namespace {

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
  settings.media = read_media_settings(read);
  settings.loops = static_cast<unsigned>(read.number("CONCLAVE_LOOPS", 1, kMaxLoops).value_or(settings.loops));
  read_public_url(read, settings);
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
  settings.transports = read_transport_settings(read, !settings.accounts.services.empty());
  settings.transports.relays = read_relays(read, settings.notices);
  for (const sasl::ServiceAccount& service : settings.accounts.services) {
    settings.domain_aliases.push_back(service.domain);
  }
}

// Where tokens are not looked at, nobody's are: an issuer that the verifier knew would be believed.
void read_issuers(const TomlFile& toml, Settings& settings) {
  if (settings.policies.base.auth.token) return add_issuers(toml, settings);
  if (toml.array("issuer").empty()) return;
  settings.notices.push_back(
      {Notice::Kind::Ignored, "[[issuer]]", "Tokens are not looked at: token is not among auth."});
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
        for (const std::string& item : found->items) found->value += "\n" + item;
        said.emplace(name, std::move(found->value));
      }
    }
  }
  for (const char* array : {"issuer", "room", "rooms"}) {
    std::string all;
    for (const TomlTable& table : toml ? toml->array(array) : std::vector<TomlTable>()) {
      for (const auto& [key, value] : table.values) {
        all += key + "=" + value.text + "\n";
        for (const std::string& item : value.items) all += "  " + item + "\n";
      }
      all += "\n";
    }
    if (!all.empty()) said.emplace("[[" + std::string(array) + "]]", std::move(all));
  }
  return said;
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
  (void)bind_address(settings);
  (void)advertised(settings);
  settings.data_dir = data_dir_of(read, environment);
  if (const auto root = read.text("CONCLAVE_WEB_ROOT")) {
    if (!std::filesystem::is_directory(*root))
      read.wrong("CONCLAVE_WEB_ROOT", "There is no such directory. Name one with a web client, or leave it out.");
    settings.web_root = *root;
  }
  settings.web = read_web(read);
  settings.client = read_client(read, settings.data_dir / "web");
  settings.log_level = log_level(read);
  if (const auto most = read.number("MAX_PARTICIPANTS", 1, room::kMaxOccupants))
    settings.max_participants = static_cast<std::size_t>(*most);
  settings.audit = read_audit(read);
  settings.admin_url = read.text("CONCLAVE_ADMIN_URL").value_or("");
  settings.admin_token = read.secret("CONCLAVE_ADMIN_TOKEN");
  if (auto why = settings.admin_token ? weak_secret(*settings.admin_token, {}) : std::nullopt)
    throw ConfigError("CONCLAVE_ADMIN_TOKEN", "", *std::move(why));

  const bool docker_style = is_docker_style(environment, file, from_toml);
  PolicySettings policy = read_policy(read, docker_style);
  settings.policies.base = std::move(policy.policy);
  if (toml) {
    for (const TomlTable& table : toml->array("rooms"))
      settings.policies.sections.push_back(read_room_section(table, settings.policies.base));
  }
  if (const auto inside =
          read.choice<AtReload>("CONCLAVE_AT_RELOAD", {{"keep", AtReload::Keep}, {"anew", AtReload::Anew}}))
    settings.at_reload = *inside;
  settings.policy_origin = std::move(policy.origin);
  settings.notices = std::move(policy.notices);
  read_issuer(read, docker_style, policy.any_room_claim_counts, settings);
  if (toml) {
    read_issuers(*toml, settings);
    settings.rooms = rooms_of(*toml);
  }
  settings.booking = read_booking(read);
  settings.oidc = read_oidc(read);
  if (settings.oidc) accept_tokens(settings);  // a login becomes a token
  check_accounts(read, settings);
  check_together(read, settings);
  note_unused(command_line, environment, file, settings);
  settings.command_line = command_line;
  settings.said = said_settings(read, toml);
  return settings;
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
