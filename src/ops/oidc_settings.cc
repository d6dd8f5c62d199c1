#include "ops/oidc_settings.h"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>

#include "net/http_url.h"

namespace conclave::ops {
namespace {

constexpr std::chrono::seconds kLeastTokenLife{60};
constexpr std::chrono::seconds kMostTokenLife{24 * 3600};

bool is_this_machine(const std::string& host) {
  return host == "localhost" || host.starts_with("127.") || host == "[::1]";
}

std::string read_oidc_issuer(const SettingReader& read, const std::string& name) {
  const std::string issuer = *read.text(name);
  const auto url = parse_http_url(issuer);
  if (!url || url->has_query || url->has_fragment || url->has_user)
    read.wrong(name, "Give the issuer as the provider's metadata says it, as https://login.example.org/realms/main");
  if (url->scheme != "https" && !is_this_machine(url->host))
    read.wrong(name, "Everybody on the way could log in as anybody: use https.");
  return issuer;
}

bool has_word(const std::string& words, std::string_view wanted) {
  std::istringstream in(words);
  for (std::string word; in >> word;) {
    if (word == wanted) return true;
  }
  return false;
}

void read_hosts(const SettingReader& read, oidc::Options& options) {
  options.host_claim = read.text("CONCLAVE_OIDC_HOST_CLAIM").value_or("");
  options.host_values = read.list("CONCLAVE_OIDC_HOST_VALUES");
  if (!options.host_claim.empty() && options.host_values.empty()) {
    throw ConfigError(
        "CONCLAVE_OIDC_HOST_VALUES", "",
        "Hosts are known by the claim " + options.host_claim +
            ": say by which of its values, as \"teachers,staff\", or \"true\" for a claim that is true or false.");
  }
  if (options.host_claim.empty() && !options.host_values.empty()) {
    throw ConfigError("CONCLAVE_OIDC_HOST_CLAIM", "",
                      "There are values that make a host: say of which claim, as \"groups\".");
  }
}

}  // namespace

std::optional<oidc::Options> read_oidc(const SettingReader& read) {
  if (!read.has("CONCLAVE_OIDC_ISSUER")) {
    for (const char* name : {"CONCLAVE_OIDC_CLIENT_ID", "CONCLAVE_OIDC_CLIENT_SECRET", "CONCLAVE_OIDC_HOST_CLAIM"}) {
      if (read.has(name))
        throw ConfigError("CONCLAVE_OIDC_ISSUER", "",
                          std::string(name) + " is set: say at which provider people log in.");
    }
    return std::nullopt;
  }
  oidc::Options options;
  options.issuer = read_oidc_issuer(read, "CONCLAVE_OIDC_ISSUER");
  options.client_id = read.text("CONCLAVE_OIDC_CLIENT_ID").value_or("");
  if (options.client_id.empty())
    throw ConfigError("CONCLAVE_OIDC_CLIENT_ID", "", "Say the id that the provider gave to this server.");
  options.client_secret = read.secret("CONCLAVE_OIDC_CLIENT_SECRET").value_or("");
  options.scopes = read.text("CONCLAVE_OIDC_SCOPES").value_or(options.scopes);
  if (!has_word(options.scopes, "openid")) read.wrong("CONCLAVE_OIDC_SCOPES", "openid must be one of them.");
  read_hosts(read, options);
  if (const auto file = read.text("CONCLAVE_OIDC_CA_FILE")) {
    if (!std::ifstream(*file).is_open()) read.wrong("CONCLAVE_OIDC_CA_FILE", "The file cannot be read.");
    options.ca_file = *file;
  }
  options.name = read.text("CONCLAVE_OIDC_NAME").value_or(options.name);
  if (const auto life = read.duration("CONCLAVE_OIDC_TOKEN_LIFE")) {
    if (*life < kLeastTokenLife || *life > kMostTokenLife)
      read.wrong("CONCLAVE_OIDC_TOKEN_LIFE", "Give a duration from 1 minute to 24 hours.");
    options.token_life = *life;
  }
  return options;
}

access::Issuer oidc_token_issuer(const oidc::Options& options) {
  const std::string name(oidc::kTokenIssuer);
  access::Issuer issuer{.name = name};
  issuer.keys.push_back(*access::VerificationKey::from_secret(access::Algorithm::HS256, options.token_secret));
  issuer.accepted_issuers = {name};
  issuer.accepted_audiences = {name};
  issuer.require_exp = true;
  issuer.allow_any_room = false;
  issuer.verify_domain = true;
  issuer.own_names = {std::string(oidc::kNoTenant)};
  return issuer;
}

}  // namespace conclave::ops
