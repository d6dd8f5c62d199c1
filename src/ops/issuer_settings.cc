#include "ops/issuer_settings.h"

#include <algorithm>
#include <fstream>
#include <sstream>

#include "access/jwk.h"
#include "ops/setting_reader.h"
#include "ops/settings.h"
#include "ops/weak_secret.h"

namespace conclave::ops {
namespace {

using access::Algorithm;

constexpr std::chrono::seconds kMaxLeeway{60 * 60};

// One wish on its way to an issuer; every complaint names the field as the operator wrote it.
class IssuerMaker {
 public:
  IssuerMaker(const IssuerWish& wish, std::vector<Notice>& notices) : wish_(wish), notices_(notices) {}

  IssuerSetting make(const std::vector<std::string>& own_names) {
    if (wish_.name.empty()) wrong("name", "", "Give the issuer a name.");
    made_.issuer.name = wish_.name;
    read_names();
    read_algorithms();
    read_secret();
    read_public_key();
    read_key_set();
    read_source();
    read_checks();
    made_.issuer.own_names = own_names;
    return std::move(made_);
  }

 private:
  std::string name_of(const std::string& field) const {
    const auto found = wish_.names.find(field);
    return found == wish_.names.end() ? "issuer." + field : found->second;
  }
  [[noreturn]] void wrong(const std::string& field, const std::string& value, std::string remedy) const {
    const auto place = wish_.places.find(field);
    throw ConfigError(name_of(field), value, std::move(remedy),
                      place == wish_.places.end() ? wish_.place : place->second);
  }
  void warn(const std::string& field, std::string text) {
    // Docker's names say whose they are.
    if (wish_.names.empty()) text = "Issuer " + wish_.name + ": " + text;
    notices_.push_back({Notice::Kind::Warning, name_of(field), std::move(text)});
  }

  std::string content(const std::string& field, const std::string& path) const {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream text;
    if (in) text << in.rdbuf();
    if (!in || text.str().empty()) wrong(field, path, "The file cannot be read, or is empty. Name one that has it.");
    return text.str();
  }

  void read_names() {
    access::Issuer& issuer = made_.issuer;
    issuer.accepted_issuers = wish_.issuers.empty() ? std::vector{wish_.name} : wish_.issuers;
    if (std::ranges::find(issuer.accepted_issuers, "*") != issuer.accepted_issuers.end())
      warn("issuers", "* accepts tokens of any issuer that knows a key.");
    if (!wish_.audiences.empty()) issuer.accepted_audiences = wish_.audiences;
    issuer.moderator_issuers = wish_.moderator_issuers;
  }

  void read_algorithms() {
    for (const std::string& text : wish_.algorithms) {
      const auto algorithm = access::algorithm_named(text);
      if (!algorithm) wrong("algorithms", text, "Use one of " + std::string(access::kAlgorithmNames) + ".");
      if (!access::is_symmetric(*algorithm)) {
        made_.issuer.algorithms.push_back(*algorithm);
      } else if (secret_algorithm_) {
        wrong("algorithms", text, "A secret is for one algorithm only. Name one of HS256, HS384, HS512.");
      } else {
        secret_algorithm_ = *algorithm;
      }
    }
    const auto has = [&](access::AlgorithmFamily family) {
      return std::ranges::any_of(made_.issuer.algorithms, [&](Algorithm one) { return family_of(one) == family; });
    };
    if (has(access::AlgorithmFamily::RsaPkcs1) && has(access::AlgorithmFamily::RsaPss))
      wrong("algorithms", "", "An RSA key is for RS… or for PS…, not for both. Name one family.");
  }

  void read_secret() {
    if (wish_.secret && wish_.secret_file)
      wrong("secret_file", *wish_.secret_file, "The secret itself is there as well. Keep one of them.");
    std::string secret = wish_.secret.value_or("");
    if (wish_.secret_file)
      secret = std::string(without_blanks(content("secret_file", *wish_.secret_file)));
    else if (!wish_.secret)
      return;
    const std::string field = wish_.secret_file ? "secret_file" : "secret";
    std::vector<std::string> known = made_.issuer.accepted_issuers;
    known.push_back(wish_.name);
    if (auto why = weak_secret(secret, known)) wrong(field, "", *std::move(why));
    const Algorithm algorithm = secret_algorithm_.value_or(Algorithm::HS256);
    // RFC 7518 §3.2: as long as the hash.
    const std::size_t wanted = algorithm == Algorithm::HS256 ? 32 : algorithm == Algorithm::HS384 ? 48 : 64;
    if (secret.size() < wanted) {
      warn(field, "The secret has fewer than " + std::to_string(wanted) + " bytes; a longer one is safer.");
    }
    made_.issuer.keys.push_back(*access::VerificationKey::from_secret(algorithm, std::move(secret)));
  }

  void read_public_key() {
    if (!wish_.public_key_file) return;
    const std::string& path = *wish_.public_key_file;
    const auto key = access::PublicKey::from_pem(content("public_key_file", path));
    if (!key)
      wrong("public_key_file", path, "The file holds " + std::string(access::key_error_text(key.error())) + ".");
    auto keys = access::keys_of(*key, {}, made_.issuer.algorithms);
    if (keys.empty()) wrong("public_key_file", path, "The key fits none of the algorithms that are named.");
    std::ranges::move(keys, std::back_inserter(made_.issuer.keys));
  }

  void read_key_set() {
    if (!wish_.jwks_file) return;
    const std::string& path = *wish_.jwks_file;
    auto set = access::read_key_set(content("jwks_file", path), made_.issuer.algorithms);
    if (!set)
      wrong("jwks_file", path, "The file is no use: " + std::string(access::key_set_error_text(set.error())) + ".");
    for (const std::string& why : set->passed_over) warn("jwks_file", why + ".");
    std::ranges::move(set->keys, std::back_inserter(made_.issuer.keys));
  }

  void read_source() {
    if (wish_.jwks_url && wish_.key_server)
      wrong("key_server", *wish_.key_server, "An address of a key set is there as well. Keep one of them.");
    const auto& url = wish_.jwks_url ? wish_.jwks_url : wish_.key_server;
    const std::string field = wish_.jwks_url ? "jwks_url" : "key_server";
    if (url) {
      check_url(field, *url);
      keys::KeySource source{.issuer = wish_.name,
                             .kind = wish_.jwks_url ? keys::KeySource::Kind::KeySet : keys::KeySource::Kind::KeyServer,
                             .url = *url};
      if (wish_.ca_file) {
        (void)content("ca_file", *wish_.ca_file);
        source.ca_file = *wish_.ca_file;
      }
      if (wish_.key_lifetime) source.lifetime = duration("key_lifetime", *wish_.key_lifetime);
      made_.issuer.more_keys = true;
      made_.issuer.key_id_required = wish_.key_server.has_value();
      made_.source = std::move(source);
    }
    const bool public_keys = url || wish_.public_key_file || wish_.jwks_file;
    if (!public_keys && !made_.issuer.algorithms.empty())
      warn("algorithms", "An algorithm of public keys is named, but there is only a secret.");
    if (secret_algorithm_ && !wish_.secret && !wish_.secret_file && public_keys)
      warn("algorithms", "An algorithm of secrets is named, but there is no secret.");
  }

  void check_url(const std::string& field, const std::string& url) {
    const std::string lower = lower_ascii(url);
    const bool plain = lower.starts_with("http://");
    const std::string rest = plain ? lower.substr(7) : lower.starts_with("https://") ? lower.substr(8) : "";
    const std::string host = rest.substr(0, rest.find_first_of("/:?#"));
    if (host.empty() || rest.find_first_of("@#\\ \"'<>") != std::string::npos)
      wrong(field, url, "Write an address such as https://keys.example.com/jwks.json, without user and password.");
    if (plain && host != "localhost" && !host.starts_with("127."))
      warn(field, "The keys come over plain HTTP: whoever sits on the way can put in his own.");
  }

  std::chrono::seconds duration(const std::string& field, const std::string& text) const {
    const auto value = duration_of(text);
    if (!value) wrong(field, text, "Use a number and a unit, such as 90 seconds, 5 minutes, 24 hours, 1 day.");
    return *value;
  }

  void read_checks() {
    access::Issuer& issuer = made_.issuer;
    if (wish_.leeway) issuer.leeway = duration("leeway", *wish_.leeway);
    if (issuer.leeway > kMaxLeeway) wrong("leeway", *wish_.leeway, "At most one hour: it prolongs every token.");
    issuer.require_exp = wish_.require_exp.value_or(issuer.require_exp);
    issuer.require_room = wish_.require_room.value_or(issuer.require_room);
    issuer.verify_domain = wish_.verify_domain.value_or(issuer.verify_domain);
    issuer.allow_any_room = wish_.allow_any_room.value_or(issuer.allow_any_room);
    issuer.single_use = wish_.jti_once.value_or(issuer.single_use);
  }

  const IssuerWish& wish_;
  std::vector<Notice>& notices_;
  IssuerSetting made_;
  std::optional<Algorithm> secret_algorithm_;
};

// Tokens that we mint must be ones that we accept.
std::string own_among(const std::vector<std::string>& accepted, const std::string& wanted) {
  const bool accepts =
      std::ranges::any_of(accepted, [&](const std::string& one) { return one == "*" || one == wanted; });
  return accepts ? wanted : accepted.front();
}

const std::map<std::string, std::string>& docker_names() {
  static const std::map<std::string, std::string> kNames{
      {"name", "JWT_APP_ID"},
      {"secret", "JWT_APP_SECRET"},
      {"secret_file", "JWT_APP_SECRET_FILE"},
      {"public_key_file", "CONCLAVE_JWT_PUBLIC_KEY_FILE"},
      {"jwks_file", "CONCLAVE_JWT_JWKS_FILE"},
      {"jwks_url", "CONCLAVE_JWT_JWKS_URL"},
      {"key_server", "JWT_ASAP_KEYSERVER"},
      {"ca_file", "CONCLAVE_JWT_CA_FILE"},
      {"key_lifetime", "CONCLAVE_JWT_KEY_LIFETIME"},
      {"algorithms", "JWT_SIGN_TYPE"},
      {"issuers", "JWT_ACCEPTED_ISSUERS"},
      {"audiences", "JWT_ACCEPTED_AUDIENCES"},
      {"moderator_issuers", "JWT_ACCEPTED_ALLOWNER_ISSUERS"},
      {"leeway", "CONCLAVE_JWT_LEEWAY"},
      {"require_exp", "CONCLAVE_JWT_REQUIRE_EXP"},
      {"require_room", "CONCLAVE_JWT_REQUIRE_ROOM"},
      {"verify_domain", "JWT_ENABLE_DOMAIN_VERIFICATION"},
      {"jti_once", "CONCLAVE_JWT_SINGLE_USE"},
  };
  return kNames;
}

IssuerWish docker_wish(const SettingReader& read, const std::string& app_id) {
  IssuerWish wish;
  wish.name = app_id;
  wish.names = docker_names();
  const auto text = [&](const char* field) { return read.text(wish.names.at(field)); };
  const auto list = [&](const char* field) { return read.list(wish.names.at(field)); };
  const auto yes = [&](const char* field) { return read.boolean(wish.names.at(field)); };
  wish.secret = read.secret("JWT_APP_SECRET");  // looks into JWT_APP_SECRET_FILE as well
  wish.public_key_file = text("public_key_file");
  wish.jwks_file = text("jwks_file");
  wish.jwks_url = text("jwks_url");
  wish.key_server = text("key_server");
  wish.ca_file = text("ca_file");
  wish.key_lifetime = text("key_lifetime");
  wish.algorithms = list("algorithms");
  wish.issuers = list("issuers");
  wish.audiences = list("audiences");
  wish.moderator_issuers = list("moderator_issuers");
  wish.leeway = text("leeway");
  wish.require_exp = yes("require_exp");
  wish.require_room = yes("require_room");
  wish.verify_domain = yes("verify_domain");
  wish.jti_once = yes("jti_once");
  for (const auto& [field, name] : wish.names) {
    if (const auto found = read.find(name)) wish.places[field] = found->place;
  }
  return wish;
}

}  // namespace

IssuerSetting issuer_of(const IssuerWish& wish, const std::vector<std::string>& own_names,
                        std::vector<Notice>& notices) {
  IssuerSetting setting = IssuerMaker(wish, notices).make(own_names);
  if (setting.issuer.keys.empty() && !setting.source) {
    throw ConfigError("issuer.secret", "",
                      "Issuer " + wish.name +
                          " has no key to check tokens with. Set one of secret, secret_file, public_key_file, "
                          "jwks_file, jwks_url, key_server.",
                      wish.place);
  }
  return setting;
}

void add_issuer(const IssuerWish& wish, Settings& settings) {
  IssuerSetting setting = issuer_of(wish, {settings.xmpp_domain, public_host(settings)}, settings.notices);
  if (std::ranges::find(settings.issuers, wish.name, &access::Issuer::name) != settings.issuers.end())
    throw ConfigError("issuer.name", wish.name, "Another issuer has that name. Give each its own.", wish.place);
  settings.issuers.push_back(std::move(setting.issuer));
  if (setting.source) settings.key_sources.push_back(*std::move(setting.source));
}

void read_issuer(const SettingReader& read, bool docker_style, bool any_room, Settings& settings) {
  if (!settings.policies.base.auth.token) return;
  const auto app_id = read.text("JWT_APP_ID");
  IssuerWish wish = docker_wish(read, app_id.value_or(settings.app_id));
  wish.allow_any_room = any_room;
  IssuerSetting own = IssuerMaker(wish, settings.notices).make({settings.xmpp_domain, public_host(settings)});
  const bool has_keys = !own.issuer.keys.empty() || own.source;
  if (docker_style && !has_keys) {
    throw ConfigError("JWT_APP_SECRET", "",
                      "Tokens are to be checked, but there is no key to check them with. Set JWT_APP_SECRET, "
                      "JWT_ASAP_KEYSERVER, CONCLAVE_JWT_JWKS_URL, CONCLAVE_JWT_JWKS_FILE or "
                      "CONCLAVE_JWT_PUBLIC_KEY_FILE.");
  }
  if (docker_style && !app_id)
    throw ConfigError("JWT_APP_ID", "", "Tokens are to be checked: say the id of their issuer (iss).");
  settings.app_secret = wish.secret;
  settings.secret_is_wanted = !has_keys;
  for (const std::string& text : wish.algorithms) {
    if (const auto named = access::algorithm_named(text); named && access::is_symmetric(*named))
      settings.app_algorithm = *named;
  }
  settings.app_id = own_among(own.issuer.accepted_issuers, wish.name);
  settings.app_audience = own_among(own.issuer.accepted_audiences, settings.app_id);
  settings.issuers.push_back(std::move(own.issuer));
  if (own.source) settings.key_sources.push_back(*std::move(own.source));
}

}  // namespace conclave::ops
