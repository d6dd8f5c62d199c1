#pragma once
// Who signs the tokens that this server believes: docker's JWT_… names describe one issuer, each [[issuer]] of
// conclave.toml another. What the operator wrote is an IssuerWish; what comes of it an access::Issuer, and the address
// of its keys if they must be fetched. Only while settings are read.
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/token.h"
#include "keys/key_source.h"
#include "ops/config_error.h"

namespace conclave::ops {

class SettingReader;
struct Settings;
struct Notice;

// The fields of one [[issuer]] under their own names, as they were written. Absent: not said.
struct IssuerWish {
  std::string name;  // required; is told apart by it, and iss if `issuers` says nothing
  std::optional<std::string> secret;
  std::optional<std::string> secret_file;
  std::optional<std::string> public_key_file;  // PEM of a public key or certificate
  std::optional<std::string> jwks_file;        // a JWK, a JWKS, or kid → PEM certificate
  std::optional<std::string> jwks_url;         // the same, fetched
  std::optional<std::string> key_server;       // base of <sha256(kid)>.pem
  std::optional<std::string> ca_file;          // for jwks_url and key_server
  std::optional<std::string> key_lifetime;     // a duration: "90 minutes"
  std::vector<std::string> algorithms;
  std::vector<std::string> issuers;            // iss
  std::vector<std::string> audiences;          // aud
  std::vector<std::string> moderator_issuers;  // of these alone an unsaid role may be a moderator; empty: of all
  std::optional<std::string> leeway;           // a duration
  std::optional<bool> require_exp;
  std::optional<bool> require_room;
  std::optional<bool> verify_domain;
  std::optional<bool> allow_any_room;
  std::optional<bool> jti_once;

  std::string place = {};                     // "conclave.toml:12", for errors
  std::map<std::string, std::string> places;  // the same of single fields, if they stand elsewhere
  std::map<std::string, std::string> names;   // what a field is called where it was written; else "issuer.<field>"
};

struct IssuerSetting {
  access::Issuer issuer;
  std::optional<keys::KeySource> source;
};

// Reads the files that are named. Throws ConfigError with the field's name, its value (never a secret) and the remedy.
// `own_names`: XMPP domain and public host (access.md 4.9).
IssuerSetting issuer_of(const IssuerWish& wish, const std::vector<std::string>& own_names,
                        std::vector<Notice>& notices);

// Adds an issuer to settings.issuers and settings.key_sources. ConfigError if its name is taken.
void add_issuer(const IssuerWish& wish, Settings& settings);

// The issuer of docker's names, which is also the one that we mint tokens as; the first in settings.issuers. Nothing
// unless tokens are to be checked.
void read_issuer(const SettingReader& read, bool docker_style, bool any_room, Settings& settings);

}  // namespace conclave::ops
