#include "ops/issuer_settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "access/test_signer.h"
#include "ops/settings.h"
#include "ops/weak_secret.h"

namespace conclave::ops {
namespace {

using access::Algorithm;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

constexpr const char* kSecret = "0123456789abcdef0123456789abcdef";

std::string file_with(const std::string& name, const std::string& text) {
  std::string path = testing::TempDir() + "conclave-issuer-" + name;
  std::ofstream(path) << text;
  return path;
}
IssuerWish wish(std::string name = "portal") {
  IssuerWish made;
  made.name = std::move(name);
  made.place = "conclave.toml:7";
  return made;
}
IssuerSetting made(const IssuerWish& from) {
  std::vector<Notice> notices;
  return issuer_of(from, {"meet.test"}, notices);
}
std::string error_of(const IssuerWish& from) {
  try {
    (void)made(from);
    return "none";
  } catch (const ConfigError& error) {
    return error.what();
  }
}
std::string notices_of(const IssuerWish& from) {
  std::vector<Notice> notices;
  (void)issuer_of(from, {}, notices);
  std::string text;
  for (const Notice& notice : notices) text += notice.name + ": " + notice.text + "\n";
  return text;
}
std::string docker_error(const Environment& environment) {
  try {
    (void)load_settings({}, environment, std::nullopt);
    return "none";
  } catch (const ConfigError& error) {
    return error.what();
  }
}

TEST(IssuerOf, TakesKeysFromEverywhere) {
  const access::TestSigner rsa(Algorithm::RS256);
  const access::TestSigner curve(Algorithm::ES384);
  IssuerWish all = wish();
  all.secret_file = file_with("secret", std::string(kSecret) + "\n");
  all.public_key_file = file_with("key.pem", rsa.pem());
  all.jwks_file = file_with("set.json", R"({"keys":[)" + curve.jwk(R"(,"kid":"c")") + "]}");
  all.jwks_url = "https://portal.test/jwks.json";
  const IssuerSetting setting = made(all);
  std::vector<std::string_view> algorithms;
  for (const auto& key : setting.issuer.keys) algorithms.push_back(algorithm_text(key.algorithm()));
  EXPECT_THAT(algorithms, ElementsAre("HS256", "RS256", "ES384"));
  EXPECT_TRUE(setting.issuer.more_keys);
  EXPECT_FALSE(setting.issuer.key_id_required);
  ASSERT_TRUE(setting.source);
  EXPECT_EQ(setting.source->issuer, "portal");
  EXPECT_EQ(setting.source->kind, keys::KeySource::Kind::KeySet);
}

TEST(IssuerOf, TakesEveryCheck) {
  IssuerWish all = wish();
  all.key_server = "https://portal.test/keys/";
  all.key_lifetime = "5 minutes";
  all.algorithms = {"ES256", "ES384"};
  all.issuers = {"a", "b"};
  all.audiences = {"us"};
  all.leeway = "5s";
  all.require_exp = true;
  all.require_room = false;
  all.verify_domain = true;
  all.allow_any_room = false;
  all.jti_once = true;
  const IssuerSetting setting = made(all);
  EXPECT_THAT(setting.issuer.algorithms, ElementsAre(Algorithm::ES256, Algorithm::ES384));
  EXPECT_THAT(setting.issuer.accepted_issuers, ElementsAre("a", "b"));
  EXPECT_THAT(setting.issuer.accepted_audiences, ElementsAre("us"));
  EXPECT_EQ(setting.issuer.leeway, std::chrono::seconds(5));
  EXPECT_TRUE(setting.issuer.require_exp && setting.issuer.verify_domain && setting.issuer.single_use);
  EXPECT_FALSE(setting.issuer.require_room || setting.issuer.allow_any_room);
  EXPECT_TRUE(setting.issuer.key_id_required);
  EXPECT_EQ(setting.source->lifetime, std::chrono::minutes(5));
}

TEST(IssuerOf, DefaultsAreItsNameAndAnyAudience) {
  IssuerWish one = wish();
  one.secret = kSecret;
  EXPECT_THAT(made(one).issuer.accepted_issuers, ElementsAre("portal"));
  EXPECT_THAT(made(one).issuer.accepted_audiences, ElementsAre("*"));
  EXPECT_THAT(notices_of(one), IsEmpty());
}

TEST(IssuerOf, NamesWhatIsWrongAndWhere) {
  EXPECT_THAT(error_of(wish()), AllOf(HasSubstr("issuer.secret"), HasSubstr("conclave.toml:7"), HasSubstr("no key")));
  const auto with = [](auto change) {
    IssuerWish one = wish();
    one.secret = kSecret;
    change(one);
    return error_of(one);
  };
  EXPECT_THAT(with([](auto& one) { one.name = ""; }), HasSubstr("issuer.name"));
  EXPECT_THAT(with([](auto& one) { one.algorithms = {"none"}; }), AllOf(HasSubstr("none"), HasSubstr("EdDSA")));
  EXPECT_THAT(with([](auto& one) { one.algorithms = {"HS256", "HS512"}; }), HasSubstr("one algorithm only"));
  EXPECT_THAT(with([](auto& one) { one.algorithms = {"RS256", "PS256"}; }), HasSubstr("one family"));
  EXPECT_THAT(with([](auto& one) { one.secret_file = "x"; }), HasSubstr("Keep one"));
  EXPECT_THAT(with([](auto& one) { one.public_key_file = "/nowhere.pem"; }), HasSubstr("/nowhere.pem"));
  EXPECT_THAT(with([](auto& one) { one.public_key_file = file_with("bad.pem", "x"); }), HasSubstr("no public key"));
  EXPECT_THAT(with([](auto& one) { one.jwks_file = file_with("bad.json", "{}"); }), HasSubstr("no key in it"));
  EXPECT_THAT(with([](auto& one) { one.ca_file = "/nowhere.pem", one.jwks_url = "https://a.test"; }),
              HasSubstr("issuer.ca_file"));
  EXPECT_THAT(with([](auto& one) { one.leeway = "soon"; }), HasSubstr("issuer.leeway"));
  EXPECT_THAT(with([](auto& one) { one.leeway = "2h"; }), HasSubstr("one hour"));
  EXPECT_THAT(with([](auto& one) { one.jwks_url = "https://a.test", one.key_server = "https://a.test"; }),
              HasSubstr("Keep one"));
  for (const char* url : {"", "keys.test", "ftp://keys.test", "https://", "https://u:p@keys.test/", "https://a b/"})
    EXPECT_THAT(with([&](auto& one) { one.jwks_url = url; }), HasSubstr("issuer.jwks_url")) << url;
}

TEST(IssuerOf, AKeyMustFitTheNamedAlgorithms) {
  IssuerWish one = wish();
  one.public_key_file = file_with("rsa.pem", access::TestSigner(Algorithm::RS256).pem());
  one.algorithms = {"ES256"};
  EXPECT_THAT(error_of(one), HasSubstr("fits none"));
  one.algorithms = {"PS384"};
  EXPECT_EQ(made(one).issuer.keys.front().algorithm(), Algorithm::PS384);
}

TEST(IssuerOf, WarnsOfWhatIsWorthASecondLook) {
  IssuerWish one = wish();
  one.secret = kSecret;
  one.issuers = {"*"};
  EXPECT_THAT(notices_of(one), HasSubstr("* accepts"));
  one.issuers = {};
  one.algorithms = {"HS512"};
  EXPECT_THAT(notices_of(one), HasSubstr("fewer than 64 bytes"));
  one.algorithms = {"RS256"};
  EXPECT_THAT(notices_of(one), HasSubstr("only a secret"));
  one.algorithms = {};
  one.jwks_url = "http://portal.test/";
  EXPECT_THAT(notices_of(one), HasSubstr("plain HTTP"));
  one.jwks_url = "http://127.0.0.1:80/";
  EXPECT_THAT(notices_of(one), IsEmpty());
}

TEST(WeakSecret, A9_GuessableSecretsAreNamedAndNeverShown) {
  for (const char* weak : {"secret", "Secret", "my_jitsi_app_secret", "changeme", "portal", "0123456789abcde", "",
                           "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}) {
    EXPECT_TRUE(weak_secret(weak, {"portal"})) << weak;
    IssuerWish one = wish();
    one.secret = weak;
    const std::string said = error_of(one);
    EXPECT_THAT(said, HasSubstr("issuer.secret"));
    if (std::string_view(weak) == "0123456789abcde") {
      EXPECT_THAT(said, Not(HasSubstr(weak)));
    }
  }
  EXPECT_FALSE(weak_secret(kSecret, {"portal"}));
}

TEST(AddIssuer, StandsBesideTheOthersUnderItsOwnName) {
  Settings settings = load_settings({}, {{"JWT_APP_ID", "app"}, {"JWT_APP_SECRET", kSecret}}, std::nullopt);
  IssuerWish one = wish();
  one.jwks_url = "https://portal.test/jwks.json";
  add_issuer(one, settings);
  ASSERT_THAT(settings.issuers, SizeIs(2));
  EXPECT_THAT(settings.key_sources, SizeIs(1));
  EXPECT_THAT(settings.issuers[1].own_names, Not(IsEmpty()));
  EXPECT_THROW(add_issuer(one, settings), ConfigError);
}

TEST(DockerIssuer, KeyServerAndKeySetAreEnough) {
  Environment env{{"AUTH_TYPE", "jwt"}, {"ENABLE_AUTH", "1"}, {"JWT_APP_ID", "app"}};
  EXPECT_THAT(docker_error(env), AllOf(HasSubstr("JWT_APP_SECRET"), HasSubstr("JWT_ASAP_KEYSERVER")));
  env["JWT_ASAP_KEYSERVER"] = "https://keys.test/";
  env["JWT_SIGN_TYPE"] = "ES256";
  const Settings server = load_settings({}, env, std::nullopt);
  EXPECT_THAT(server.issuers.front().algorithms, ElementsAre(Algorithm::ES256));
  EXPECT_THAT(server.key_sources, SizeIs(1));
  EXPECT_FALSE(server.secret_is_wanted || server.app_secret);
  env["CONCLAVE_JWT_JWKS_URL"] = "https://keys.test/jwks";
  EXPECT_THAT(docker_error(env), HasSubstr("JWT_ASAP_KEYSERVER"));
  env.erase("JWT_ASAP_KEYSERVER");
  EXPECT_EQ(load_settings({}, env, std::nullopt).key_sources.front().kind, keys::KeySource::Kind::KeySet);
}

TEST(DockerIssuer, ErrorsSayDockersNames) {
  Environment env{{"AUTH_TYPE", "jwt"}, {"ENABLE_AUTH", "1"}, {"JWT_APP_ID", "app"}, {"JWT_APP_SECRET", kSecret}};
  const auto with = [&](const char* name, const char* value) {
    Environment changed = env;
    changed[name] = value;
    return docker_error(changed);
  };
  EXPECT_THAT(with("JWT_SIGN_TYPE", "none"), AllOf(HasSubstr("JWT_SIGN_TYPE=none"), HasSubstr("environment")));
  EXPECT_THAT(with("CONCLAVE_JWT_LEEWAY", "soon"), HasSubstr("CONCLAVE_JWT_LEEWAY=soon"));
  EXPECT_THAT(with("CONCLAVE_JWT_JWKS_FILE", "/nowhere"), HasSubstr("CONCLAVE_JWT_JWKS_FILE=/nowhere"));
  EXPECT_THAT(with("JWT_APP_SECRET", "app"), AllOf(HasSubstr("JWT_APP_SECRET"), HasSubstr("guess")));
}

TEST(DockerIssuer, FirstStartMakesASecretUnlessThereIsAnotherKey) {
  EXPECT_TRUE(load_settings({}, {}, std::nullopt).secret_is_wanted);
  EXPECT_FALSE(load_settings({}, {{"CONCLAVE_JWT_JWKS_URL", "https://keys.test/"}}, std::nullopt).secret_is_wanted);
}

}  // namespace
}  // namespace conclave::ops
