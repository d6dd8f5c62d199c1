#include "ops/settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "ops/startup.h"

namespace conclave::ops {
namespace {

using access::AutoPromote;
using access::Guests;
using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kSecret = "0123456789abcdef0123456789abcdef";

Settings from_environment(const Environment& environment) {
  return load_settings({}, environment, std::nullopt);
}
Settings from_file(std::string_view text, const Environment& environment = {}) {
  return load_settings({}, environment, parse_env_file(text, ".env", environment));
}
std::string error_of(const Environment& environment) {
  try {
    (void)from_environment(environment);
    return "none";
  } catch (const ConfigError& error) {
    return error.what();
  }
}
std::string file_error(std::string_view text) {
  try {
    (void)from_file(text);
    return "none";
  } catch (const ConfigError& error) {
    return error.what();
  }
}
std::string said(const Settings& settings) {
  std::string text;
  for (const auto& line : policy_sentences(settings)) text += line + "\n";
  for (const auto& line : notice_lines(settings)) text += line + "\n";
  return text;
}

TEST(Settings, FirstStartTakesTokensAndLetsGuestsJoin) {
  const Settings settings = from_environment({});
  EXPECT_TRUE(settings.policies.base.auth.token);
  EXPECT_EQ(settings.policies.base.guests, Guests::Join);
  EXPECT_EQ(settings.policies.base.auto_promote, std::nullopt);
  EXPECT_EQ(settings.app_id, "conclave");
  EXPECT_EQ(settings.http_port, 8000);
  EXPECT_EQ(settings.https_port, 8443);
  EXPECT_EQ(settings.public_url, "https://localhost:8443");
  EXPECT_EQ(settings.xmpp_domain, "meet.jitsi");
  EXPECT_EQ(settings.media_port, 10000);
  EXPECT_EQ(settings.policy_origin, "first start");
}

TEST(Settings, CommandLineThenEnvironmentThenFileThenDefault) {
  const auto file = parse_env_file("HTTP_PORT=1\nHTTPS_PORT=2\nJVB_PORT=3\n", ".env", {});
  const Settings settings =
      load_settings({.values = {{"HTTP_PORT", "7"}}}, {{"HTTP_PORT", "8"}, {"HTTPS_PORT", "9"}}, file);
  EXPECT_EQ(settings.http_port, 7);
  EXPECT_EQ(settings.https_port, 9);
  EXPECT_EQ(settings.media_port, 3);
}

TEST(Settings, EmptyIsUnset) {
  EXPECT_EQ(load_settings({}, {{"HTTP_PORT", " "}}, parse_env_file("HTTP_PORT=9\n", "f", {})).http_port, 9);
}

TEST(Settings, WrongValuesNamePlaceValueAndRemedy) {
  EXPECT_THAT(error_of({{"HTTP_PORT", "80000"}}),
              AllOf(HasSubstr("HTTP_PORT=80000"), HasSubstr("environment"), HasSubstr("65535")));
  EXPECT_THAT(file_error("CONCLAVE_GUESTS=yes\n"),
              AllOf(HasSubstr("CONCLAVE_GUESTS=yes"), HasSubstr(".env:1"), HasSubstr("join, deny, create")));
  EXPECT_THAT(error_of({{"DISABLE_HTTPS", "maybe"}}), HasSubstr("1 or 0"));
  EXPECT_THAT(error_of({{"PUBLIC_URL", "meet.example.com"}}), HasSubstr("https://"));
  EXPECT_THAT(error_of({{"PUBLIC_URL", "https://x/y"}}), HasSubstr("without a path"));
  EXPECT_THAT(error_of({{"JICOFO_AUTH_LIFETIME", "long"}}), HasSubstr("24 hours"));
  EXPECT_THAT(error_of({{"LOG_LEVEL", "loud"}}), HasSubstr("debug"));
  EXPECT_THAT(error_of({{"CONCLAVE_LOOPS", "0"}}), HasSubstr("from 1"));
  EXPECT_THAT(error_of({{"CONCLAVE_BIND", "localhost"}}),
              AllOf(HasSubstr("CONCLAVE_BIND=localhost"), HasSubstr("0.0.0.0")));
  for (const char* wrong : {"host", "192.0.2.1#", "192.0.2.1#0", "192.0.2.1#65536", "192.0.2.1#80x", "192.0.2.1#-1"}) {
    EXPECT_THAT(error_of({{"JVB_ADVERTISE_IPS", std::string("::1, ") + wrong}}),
                AllOf(HasSubstr(std::string("JVB_ADVERTISE_IPS=") + wrong), HasSubstr("#port")));
  }
  EXPECT_THAT(error_of({{"XMPP_DOMAIN", "a@b"}}), HasSubstr("host name"));
  EXPECT_THAT(error_of({{"CONCLAVE_GUEST_ROOMS", "a[b"}}), HasSubstr("a[b"));
}

TEST(Settings, WordsAreTakenInAnyCase) {
  const Settings settings =
      from_environment({{"CONCLAVE_GUESTS", " Deny "}, {"DISABLE_HTTPS", "TRUE"}, {"JICOFO_AUTH_LIFETIME", "2 Hours"}});
  EXPECT_EQ(settings.policies.base.guests, Guests::Deny);
  EXPECT_FALSE(settings.https);
  EXPECT_EQ(settings.public_url, "http://localhost:8000");
  EXPECT_EQ(settings.policies.base.ticket_lifetime, std::chrono::hours(2));
}

TEST(Settings, FileThatWasNamedIsReadAndMustBeThere) {
  const std::string path = testing::TempDir() + "conclave.env";
  std::ofstream(path) << "CONCLAVE_KICKED=barred\n";
  const Settings settings = load_settings({.values = {{"CONCLAVE_ENV_FILE", path}}});
  EXPECT_EQ(settings.policies.base.kicked, access::Kicked::Barred);
  EXPECT_EQ(settings.env_file, path);
  EXPECT_THROW((void)load_settings({.values = {{"CONCLAVE_ENV_FILE", "/nonexistent"}}}), ConfigError);
}

TEST(Settings, EveryPolicySwitchIsRead) {
  const access::Policy policy = from_environment({{"CONCLAVE_GUESTS", "create"},
                                                  {"CONCLAVE_GUEST_ROOMS", "walk-in-*, lounge/*"},
                                                  {"CONCLAVE_STARTERS", "authenticated"},
                                                  {"CONCLAVE_MODERATORS", "claimed"},
                                                  {"CONCLAVE_AUTO_PROMOTE", "authenticated"},
                                                  {"CONCLAVE_HOST_LEFT", "end"},
                                                  {"CONCLAVE_HOST_LEFT_GRACE", "5"},
                                                  {"CONCLAVE_RELOAD", "off"},
                                                  {"CONCLAVE_TOKEN_EXPIRY", "demote"},
                                                  {"CONCLAVE_KICKED", "barred"}})
                                    .policies.base;
  EXPECT_EQ(policy.guests, Guests::Create);
  EXPECT_EQ(policy.guest_rooms.size(), 2U);
  EXPECT_EQ(policy.starters, access::Starters::Authenticated);
  EXPECT_EQ(policy.moderators, access::Moderators::Claimed);
  EXPECT_EQ(policy.auto_promote, AutoPromote::Authenticated);
  EXPECT_EQ(policy.host_left, access::HostLeft::End);
  EXPECT_EQ(policy.host_left_grace, std::chrono::seconds(5));
  EXPECT_EQ(policy.reload, access::Reload::Off);
  EXPECT_EQ(policy.token_expiry, access::TokenExpiry::Demote);
  EXPECT_EQ(policy.kicked, access::Kicked::Barred);
}

TEST(DockerNames, WithoutEnableAuthEverybodyStartsRooms) {
  const Settings settings = from_file("JICOFO_AUTH_PASSWORD=0123456789abcdef\nHTTP_PORT=80\n");
  EXPECT_FALSE(settings.policies.base.auth.any());
  EXPECT_EQ(settings.policies.base.guests, Guests::Create);
  EXPECT_EQ(settings.policies.base.auto_promote, AutoPromote::Anyone);
  EXPECT_THAT(policy_sentences(settings).front(), HasSubstr("Everybody"));
}

TEST(DockerNames, PortsAndAddressesAloneAreNoDockerFile) {
  const Settings settings = from_file(
      "HTTP_PORT=80\nPUBLIC_URL=https://meet.test\nTZ=UTC\nXMPP_DOMAIN=meet.test\nJVB_ADVERTISE_IPS=192.0.2.1, ::1\n");
  EXPECT_TRUE(settings.policies.base.auth.token);
  EXPECT_THAT(settings.advertise_ips, testing::ElementsAre("192.0.2.1", "::1"));
}

TEST(DockerNames, SecretInTheEnvironmentOrBesideOwnWordsIsNoDockerFile) {
  EXPECT_TRUE(from_environment({{"JWT_APP_ID", "app"}, {"JWT_APP_SECRET", kSecret}}).policies.base.auth.token);
  EXPECT_TRUE(
      from_file(std::string("CONCLAVE_GUESTS=join\nJWT_APP_SECRET=") + kSecret + "\n").policies.base.auth.token);
}

TEST(DockerNames, GuestsFollowEitherSwitch) {
  const Environment base{
      {"ENABLE_AUTH", "1"}, {"AUTH_TYPE", "jwt"}, {"JWT_APP_ID", "app"}, {"JWT_APP_SECRET", kSecret}};
  EXPECT_EQ(from_environment(base).policies.base.guests, Guests::Deny);
  Environment guests = base;
  guests["ENABLE_GUESTS"] = "1";
  EXPECT_EQ(from_environment(guests).policies.base.guests, Guests::Join);
  Environment empty = base;
  empty["JWT_ALLOW_EMPTY"] = "1";
  EXPECT_EQ(from_environment(empty).policies.base.guests, Guests::Join);
  empty["CONCLAVE_GUESTS"] = "create";
  EXPECT_EQ(from_environment(empty).policies.base.guests, Guests::Create);
}

TEST(DockerNames, AuthTypeIsAList) {
  const Settings settings =
      from_file(std::string("ENABLE_AUTH=1\nAUTH_TYPE=jwt,internal\nJWT_APP_ID=app\nJWT_APP_SECRET=") + kSecret + "\n");
  EXPECT_TRUE(settings.policies.base.auth.token);
  EXPECT_TRUE(settings.policies.base.auth.password);
  EXPECT_THAT(file_error("ENABLE_AUTH=1\nAUTH_TYPE=jwt;internal\n"), HasSubstr("jwt, internal, ldap"));
  EXPECT_THAT(file_error("ENABLE_AUTH=1\nAUTH_TYPE=matrix\n"), HasSubstr("not supported"));
  EXPECT_THAT(file_error("ENABLE_AUTH=1\nAUTH_TYPE=ldap\n"), HasSubstr("LDAP_URL"));
}

TEST(DockerNames, AutoOwnerIsObeyedOnlyWhereNobodyIsAuthenticated) {
  EXPECT_EQ(from_file("ENABLE_AUTH=0\nENABLE_AUTO_OWNER=0\n").policies.base.auto_promote, AutoPromote::Never);
  const std::string jwt = std::string("ENABLE_AUTH=1\nAUTH_TYPE=jwt\nJWT_APP_ID=app\nJWT_APP_SECRET=") + kSecret + "\n";
  const Settings ignored = from_file(jwt + "ENABLE_AUTO_OWNER=1\n");
  EXPECT_EQ(ignored.policies.base.auto_promote, std::nullopt);
  EXPECT_THAT(said(ignored), HasSubstr("ignored: ENABLE_AUTO_OWNER"));
  const Settings open = from_file(jwt + "JICOFO_ENABLE_AUTH=0\n");
  EXPECT_EQ(open.policies.base.starters, access::Starters::Authenticated);
  EXPECT_EQ(open.policies.base.auto_promote, AutoPromote::Anyone);
}

TEST(DockerNames, ModulesThatCarryPolicyAreTranslated) {
  const std::string jwt = std::string("ENABLE_AUTH=1\nAUTH_TYPE=jwt\nJWT_APP_ID=app\nJWT_APP_SECRET=") + kSecret + "\n";
  EXPECT_EQ(from_file(jwt + "XMPP_MUC_MODULES=token_affiliation\n").policies.base.moderators,
            access::Moderators::Claimed);
  EXPECT_EQ(from_file(jwt + "XMPP_MUC_MODULES=token_owner_party\n").policies.base.host_left, access::HostLeft::End);
  EXPECT_FALSE(from_file(jwt + "XMPP_MUC_MODULES=token_no_wildcard\n").issuers.front().allow_any_room);
  EXPECT_THAT(said(from_file(jwt + "XMPP_MUC_MODULES=my_own\n")), HasSubstr("my_own"));
}

TEST(Issuers, AreMadeFromTheJwtVariables) {
  const Settings settings = from_environment({{"JWT_APP_ID", "app"},
                                              {"JWT_APP_SECRET", kSecret},
                                              {"JWT_ACCEPTED_ISSUERS", "one, two"},
                                              {"JWT_ACCEPTED_AUDIENCES", "here"},
                                              {"CONCLAVE_JWT_LEEWAY", "0"},
                                              {"JWT_SIGN_TYPE", "HS512"},
                                              {"PUBLIC_URL", "https://Meet.Test:8443"},
                                              {"JWT_ENABLE_DOMAIN_VERIFICATION", "1"}});
  ASSERT_EQ(settings.issuers.size(), 1U);
  const access::Issuer& issuer = settings.issuers.front();
  EXPECT_THAT(issuer.accepted_issuers, testing::ElementsAre("one", "two"));
  EXPECT_THAT(issuer.accepted_audiences, testing::ElementsAre("here"));
  EXPECT_EQ(issuer.leeway, std::chrono::seconds(0));
  EXPECT_EQ(issuer.keys.front().algorithm(), access::Algorithm::HS512);
  EXPECT_TRUE(issuer.verify_domain);
  EXPECT_THAT(issuer.own_names, testing::ElementsAre("meet.jitsi", "meet.test"));
  EXPECT_EQ(settings.app_id, "one");
  EXPECT_EQ(settings.app_audience, "here");
}

TEST(Issuers, WeakSecretsStopTheStart) {
  EXPECT_THAT(error_of({{"JWT_APP_SECRET", "short"}}), AllOf(HasSubstr("16 bytes"), Not(HasSubstr("short"))));
  EXPECT_THAT(error_of({{"JWT_APP_SECRET", "my_jitsi_app_secret"}}), HasSubstr("example"));
  EXPECT_THAT(error_of({{"JWT_APP_ID", "an-app-id-of-many-bytes"}, {"JWT_APP_SECRET", "an-app-id-of-many-bytes"}}),
              HasSubstr("guess"));
  EXPECT_THAT(said(from_environment({{"JWT_APP_SECRET", "twenty-bytes-secret!"}})), HasSubstr("32 bytes"));
  EXPECT_THAT(said(from_environment({{"JWT_APP_SECRET", kSecret}})), Not(HasSubstr("JWT_APP_SECRET")));
}

TEST(Issuers, KeyFilesMustHoldAKey) {
  const std::string path = testing::TempDir() + "not-a-key.pem";
  std::ofstream(path) << "nonsense";
  EXPECT_THAT(error_of({{"CONCLAVE_JWT_PUBLIC_KEY_FILE", path}}), HasSubstr("PEM"));
  EXPECT_THAT(error_of({{"CONCLAVE_JWT_PUBLIC_KEY_FILE", "/nonexistent"}}), HasSubstr("cannot be read"));
}

TEST(Issuers, SecretsMayStandInFiles) {
  const std::string path = testing::TempDir() + "app-secret";
  std::ofstream(path) << kSecret << "\n";
  EXPECT_EQ(from_environment({{"JWT_APP_SECRET_FILE", path}}).app_secret, kSecret);
  EXPECT_THAT(error_of({{"JWT_APP_SECRET_FILE", path}, {"JWT_APP_SECRET", kSecret}}), HasSubstr("Keep one"));
  EXPECT_THAT(error_of({{"JWT_APP_SECRET_FILE", "/nonexistent"}}), HasSubstr("cannot be read"));
}

// S20: the .env of the thread, with values filled in.
TEST(Settings, S20_TheThreadsFileStartsTheServer) {
  const std::string file =
      "JICOFO_COMPONENT_SECRET=s3cr37\nJICOFO_AUTH_PASSWORD=passw0rd\nJVB_AUTH_PASSWORD=b1c2d3e4f5a60718\nJIGASI_XMPP_"
      "PASSWORD=\n"
      "CONFIG=~/.jitsi-meet-cfg\nHTTP_PORT=8000\nHTTPS_PORT=8443\nTZ=UTC\nPUBLIC_URL=https://meet.example.com\n"
      "DOCKER_HOST_ADDRESS=192.168.1.1\nENABLE_AUTH=1\nENABLE_GUESTS=1\nAUTH_TYPE=jwt\nJWT_APP_ID=my_app\n"
      "JWT_APP_SECRET=twenty-bytes-secret!\nJWT_ACCEPTED_ISSUERS=my_web_client,my_app_client\nJWT_ACCEPTED_AUDIENCES="
      "my_server1,my_server2\n"
      "XMPP_DOMAIN=meet.jitsi\nXMPP_SERVER=xmpp.meet.jitsi\nXMPP_BOSH_URL_BASE=http://xmpp.meet.jitsi:5280\n"
      "XMPP_AUTH_DOMAIN=auth.meet.jitsi\nXMPP_MUC_DOMAIN=muc.meet.jitsi\nXMPP_GUEST_DOMAIN=guest.meet.jitsi\nXMPP_"
      "MODULES=\n"
      "JVB_BREWERY_MUC=jvbbrewery\nJVB_AUTH_USER=jvb\nJVB_STUN_SERVERS=stun.test:443\nJVB_PORT=10000\nJVB_TCP_"
      "HARVESTER_DISABLED=true\n"
      "JICOFO_AUTH_USER=focus\nENABLE_VISITORS=1\nJIBRI_XMPP_USER=jibri\nDISABLE_HTTPS=1\nRESTART_POLICY=unless-"
      "stopped\n";
  const Settings settings = from_file(file, {{"HOME", "/home/op"}});
  EXPECT_EQ(settings.policies.base.guests, Guests::Join);
  EXPECT_EQ(settings.data_dir, "/home/op/.jitsi-meet-cfg");
  EXPECT_THAT(settings.domain_aliases, Contains("guest.meet.jitsi"));
  EXPECT_THAT(settings.advertise_ips, Contains("192.168.1.1"));
  const std::string text = said(settings);
  for (const char* part :
       {"Rooms are started by", "Guests and mere participants wait", "is moderator", "last moderator", "token expires",
        "JICOFO_COMPONENT_SECRET: The password is a published example", "JICOFO_AUTH_PASSWORD: The password is",
        "JWT_APP_SECRET: The secret has fewer than 32", "ignored: XMPP_SERVER", "ignored: ENABLE_VISITORS"}) {
    EXPECT_THAT(text, HasSubstr(part));
  }
  EXPECT_THAT(text, AllOf(Not(HasSubstr("twenty-bytes")), Not(HasSubstr("passw0rd")),
                          Not(HasSubstr("ignored: RESTART_POLICY"))));
}

TEST(Settings, S20_JwtWithoutAKeyIsFatal) {
  EXPECT_THAT(file_error("ENABLE_AUTH=1\nAUTH_TYPE=jwt\nJWT_APP_ID=app\n"), HasSubstr("JWT_APP_SECRET"));
  EXPECT_THAT(file_error(std::string("ENABLE_AUTH=1\nAUTH_TYPE=jwt\nJWT_APP_SECRET=") + kSecret + "\n"),
              HasSubstr("JWT_APP_ID"));
  EXPECT_THAT(said(from_file("ENABLE_GUESTS=1\n")), HasSubstr("warning: ENABLE_GUESTS"));
}

TEST(Settings, NearMissesAreNamed) {
  EXPECT_THAT(said(from_file("ENABLE_LETS_ENCRYPT=1\n")), HasSubstr("ENABLE_LETSENCRYPT"));
  EXPECT_THAT(said(from_environment({{"CONCLAVE_GEUSTS", "deny"}})), HasSubstr("Did you mean CONCLAVE_GUESTS"));
  EXPECT_THAT(said(from_environment({{"CONCLAVE_NOVELTY", "x"}})), HasSubstr("CONCLAVE_NOVELTY"));
  EXPECT_THAT(said(from_environment({{"HTTP_PORTS", "x"}, {"EDITOR", "vi"}})), AllOf(Not(HasSubstr("EDITOR"))));
}

TEST(Settings, AccountsAndEncryptionAreSaidToBeDifferentThings) {
  EXPECT_THAT(said(from_environment({{"PUBLIC_URL", "http://meet.test"}})), HasSubstr("plain HTTP"));
}

class Secrets : public testing::Test {
 protected:
  void SetUp() override {
    directory =
        std::filesystem::path(testing::TempDir()) / testing::UnitTest::GetInstance()->current_test_info()->name();
    std::filesystem::remove_all(directory);
  }
  Settings completed(Environment environment = {}) {
    environment["CONCLAVE_DATA"] = directory.string();
    Settings settings = from_environment(environment);
    complete_secrets(settings);
    return settings;
  }
  std::filesystem::path directory;
};

TEST_F(Secrets, FirstStartMakesThemAndTheSecondKeepsThem) {
  const Settings first = completed();
  const Settings second = completed();
  ASSERT_TRUE(first.app_secret);
  EXPECT_GE(first.app_secret->size(), 32U);
  EXPECT_TRUE(first.secret_is_generated);
  EXPECT_EQ(first.app_secret, second.app_secret);
  EXPECT_EQ(first.admin_token, second.admin_token);
  EXPECT_NE(first.app_secret, first.admin_token);
  EXPECT_EQ(first.issuers.front().keys.size(), 1U);
  struct stat status {};
  ASSERT_EQ(::stat((directory / "jwt-secret").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST_F(Secrets, NoneIsMadeWhereTheOperatorGaveOne) {
  const Settings settings = completed({{"JWT_APP_SECRET", kSecret}, {"CONCLAVE_ADMIN_TOKEN", kSecret}});
  EXPECT_FALSE(settings.secret_is_generated);
  // The secret of personal links alone is always the server's own.
  EXPECT_FALSE(std::filesystem::exists(directory / "jwt-secret"));
  EXPECT_FALSE(std::filesystem::exists(directory / "admin-token"));
}

TEST_F(Secrets, NoTokenSecretIsMadeWhereTokensAreNotLookedAt) {
  EXPECT_FALSE(completed({{"CONCLAVE_AUTH", "none"}}).app_secret);
}

TEST_F(Secrets, EmptyFileAndUnwritablePlaceAreErrors) {
  std::filesystem::create_directories(directory);
  std::ofstream(directory / "admin-token") << "";
  EXPECT_THROW((void)completed(), ConfigError);
  directory = "/proc/nowhere";
  EXPECT_THROW((void)completed(), ConfigError);
}

}  // namespace
}  // namespace conclave::ops
