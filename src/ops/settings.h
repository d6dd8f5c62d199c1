#pragma once
// Everything an operator can say: command line, then environment, then .env file, then conclave.toml, then defaults
// (environment.md 1); read while starting and when told to read it again. Docker's names are taken as they are;
// CONCLAVE_ names win over them. What is wrong is a ConfigError with name, value and remedy; what has no effect is a
// notice. Values; no secret is ever in a notice.
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "access/invitation.h"
#include "access/policy_book.h"
#include "access/room_definition.h"
#include "access/token.h"
#include "base/log.h"
#include "booking/booking_client.h"
#include "keys/key_source.h"
#include "ldap/directory_options.h"
#include "oidc/options.h"
#include "ops/account_settings.h"
#include "ops/audit_settings.h"
#include "ops/config_error.h"
#include "ops/env_file.h"
#include "ops/media_settings.h"
#include "ops/toml_file.h"
#include "ops/transport_settings.h"
#include "ops/web_settings.h"
#include "web/client_options.h"

namespace conclave::ops {

// Options of the command line, under the names of the variables that they override: {"HTTP_PORT", "8000"}.
struct CommandLine {
  Environment values;
};

struct Notice {
  enum class Kind {
    Ignored,
    Warning
  };  // Ignored: the variable had no effect. Warning: it works, and is worth a second look
  Kind kind = Kind::Ignored;
  std::string name;
  std::string text;  // a sentence
};

// What a reload does to those who are inside: nothing before the next decision about them, or that decision at once.
enum class AtReload { Keep, Anew };

struct Settings {
  std::uint16_t http_port = 8000;  // 0: any free one
  std::uint16_t https_port = 8443;
  bool https = true;
  std::string bind_address = "0.0.0.0";
  std::string public_url = "https://localhost:8443";  // without a slash at the end
  std::string xmpp_domain = "meet.jitsi";
  std::vector<std::string>
      domain_aliases;  // guest, auth, hidden and recorder domains: accepted as stream `to`, they mean nothing

  std::uint16_t media_port = 10000;  // of loop 0; the next loops take the next ports
  std::vector<std::string> advertise_ips;
  MediaSettings media;
  unsigned loops = 1;
  std::optional<std::size_t> max_participants;  // of one room; absent: the server's own limit

  std::filesystem::path data_dir = "./data";
  std::optional<std::filesystem::path> web_root;
  WebSettings web;
  web::ClientOptions client;
  log::Level log_level = log::Level::Info;
  AuditSettings audit;
  std::string admin_url;                   // of the running server, for commands; empty: this machine's HTTP port
  std::optional<std::string> admin_token;  // absent: made in <data>/admin-token

  std::optional<ldap::DirectoryOptions> ldap;  // absent: directory accounts do not count
  AccountSettings accounts;
  TransportSettings transports;

  access::PolicyBook policies;
  AtReload at_reload = AtReload::Keep;
  std::vector<access::RoomDefinition> rooms;  // defined before they start
  std::vector<access::Issuer> issuers;        // the first is ours, if docker's names or nothing describe one
  std::vector<keys::KeySource> key_sources;   // of issuers whose keys are fetched
  std::string app_id = "conclave";            // iss of the tokens that we mint ourselves
  std::string app_audience = "conclave";      // their aud
  std::optional<std::string> app_secret;  // HS256 secret; absent with token authentication: made in <data>/jwt-secret
  bool secret_is_wanted = false;          // our issuer has no key of any kind yet
  bool secret_is_generated = false;
  access::Algorithm app_algorithm = access::Algorithm::HS256;

  std::optional<oidc::Options> oidc;                    // absent: nobody logs in at a provider
  std::optional<booking::BookingOptions> booking;       // absent: rooms need no booking
  std::optional<access::InvitationIssuer> invitations;  // personal links; filled in by complete_secrets()

  std::string policy_origin;  // "first start", "docker names", "Conclave names": for the start-up sentences
  std::optional<std::string> env_file;
  std::optional<std::string> config_file;  // the conclave.toml that was read
  std::vector<Notice> notices;

  CommandLine command_line;                 // for reading again
  std::map<std::string, std::string> said;  // what was set, by variable; values may be secrets, so they are never shown
};

// Pure but for NAME_FILE secrets and key files, which are read from disk.
Settings load_settings(const CommandLine& command_line, const Environment& environment,
                       const std::optional<EnvFile>& file, const std::optional<TomlFile>& toml = {});

// The same with the process' environment, the file that CONCLAVE_ENV_FILE (default ./.env) names, and the one that
// CONCLAVE_CONFIG_FILE names (default ./conclave.toml, else conclave.toml in the data directory). A file that was named
// and is not there is an error; the default ones may be missing.
Settings load_settings(const CommandLine& command_line);

// Fills in app_secret, its issuer, the issuer of personal links, and admin_token from <data>/, making what is missing
// (files of mode 0600).
void complete_secrets(Settings& settings);

// Host of public_url, without port.
std::string public_host(const Settings& settings);

}  // namespace conclave::ops
