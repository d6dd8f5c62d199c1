// The checks of environment.md 7, one by one, in its order.
#include "ops/startup_checks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "ops/setting_table.h"
#include "ops/startup.h"

namespace conclave::ops {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string kJwt =
    "ENABLE_AUTH=1\nAUTH_TYPE=jwt\nJWT_APP_ID=school\nJWT_APP_SECRET=0123456789abcdef0123456789abcdef\n";
const std::string kLdap = "ENABLE_AUTH=1\nAUTH_TYPE=ldap\nLDAP_BASE=dc=example,dc=org\n";

struct Check {
  const char* name;
  std::string file;
  std::string said;  // part of the error, or of a warning
};

std::string outcome(const std::string& file) {
  try {
    const Settings settings = load_settings({}, {}, parse_env_file(file, ".env", {}));
    std::string text;
    for (const std::string& line : notice_lines(settings)) text += line + "\n";
    return text;
  } catch (const ConfigError& error) {
    return std::string("fatal: ") + error.what();
  }
}

TEST(StartupChecks, FatalOnes) {
  const Check checks[] = {
      {"jwt without any key", "ENABLE_AUTH=1\nAUTH_TYPE=jwt\nJWT_APP_ID=school\n", "JWT_APP_SECRET"},
      {"ldap without a directory", "ENABLE_AUTH=1\nAUTH_TYPE=ldap\n", "LDAP_URL"},
      {"a CA file of the directory", kLdap + "LDAP_URL=ldaps://d.example\nLDAP_TLS_CACERT_FILE=/nonexistent\n",
       "LDAP_TLS_CACERT_FILE"},
      {"a CA file of a key server", kJwt + "JWT_ASAP_KEYSERVER=https://k.example\nCONCLAVE_JWT_CA_FILE=/nonexistent\n",
       "CONCLAVE_JWT_CA_FILE"},
      {"a CA file of the booking server",
       kJwt + "CONCLAVE_BOOKING_URL=https://b.example\nCONCLAVE_BOOKING_CA_FILE=/nonexistent\n",
       "CONCLAVE_BOOKING_CA_FILE"},
      {"a key file", kJwt + "CONCLAVE_JWT_PUBLIC_KEY_FILE=/nonexistent\n", "CONCLAVE_JWT_PUBLIC_KEY_FILE"},
      {"a key set", kJwt + "CONCLAVE_JWT_JWKS_FILE=/nonexistent\n", "CONCLAVE_JWT_JWKS_FILE"},
      {"a published service password", kJwt + "JVB_AUTH_PASSWORD=passw0rd\n", "JVB_AUTH_PASSWORD"},
      {"the other one", kJwt + "JIBRI_XMPP_PASSWORD=s3cr37\n", "JIBRI_XMPP_PASSWORD"},
      {"two services with one password",
       kJwt + "JVB_AUTH_PASSWORD=0123456789abcdef\nJIBRI_XMPP_PASSWORD=0123456789abcdef\n", "JIBRI_XMPP_PASSWORD"},
      {"a short one", kJwt + "JVB_AUTH_PASSWORD=elevenbytes\n", "JVB_AUTH_PASSWORD"},
      {"a published secret", "ENABLE_AUTH=1\nAUTH_TYPE=jwt\nJWT_APP_ID=a\nJWT_APP_SECRET=my_jitsi_app_secret\n",
       "JWT_APP_SECRET"},
      {"a short secret", "ENABLE_AUTH=1\nAUTH_TYPE=jwt\nJWT_APP_ID=a\nJWT_APP_SECRET=fifteen-bytes-x\n",
       "JWT_APP_SECRET"},
      {"a weak admin token", kJwt + "CONCLAVE_ADMIN_TOKEN=aaaaaaaaaaaaaaaaaaaa\n", "CONCLAVE_ADMIN_TOKEN"},
      {"an unknown way to authenticate", "ENABLE_AUTH=1\nAUTH_TYPE=jwt,ldapp\n", "AUTH_TYPE"},
      {"matrix", "ENABLE_AUTH=1\nAUTH_TYPE=matrix\n", "not supported"},
      {"Let's Encrypt without an address", kJwt + "ENABLE_LETSENCRYPT=1\n", "LETSENCRYPT_EMAIL"},
      {"Let's Encrypt without TLS", kJwt + "ENABLE_LETSENCRYPT=1\nLETSENCRYPT_EMAIL=a@b.example\nDISABLE_HTTPS=1\n",
       "DISABLE_HTTPS"},
  };
  for (const Check& check : checks) {
    SCOPED_TRACE(check.name);
    const std::string said = outcome(check.file);
    EXPECT_THAT(said, testing::StartsWith("fatal: "));
    EXPECT_THAT(said, HasSubstr(check.said));
  }
}

TEST(StartupChecks, AnUnknownWordForAnyWordIsFatal) {
  for (const SettingSection& section : setting_sections()) {
    for (const SettingRow& row : section.rows) {
      if (row.kind != SettingKind::Word || row.words.empty()) continue;
      const bool of_ldap = section.name == "ldap";
      const std::string base = of_ldap ? kLdap + "LDAP_URL=ldaps://d.example\n" : kJwt;
      EXPECT_THAT(outcome(base + std::string(row.name) + "=nonsense\n"), testing::StartsWith("fatal: ")) << row.name;
    }
  }
}

TEST(StartupChecks, Warnings) {
  const Check checks[] = {
      {"nobody is authenticated", "JVB_AUTH_PASSWORD=0123456789abcdef\n", "warning: ENABLE_AUTH: Nobody"},
      {"guests without authentication", "ENABLE_GUESTS=1\n", "warning: ENABLE_GUESTS"},
      {"two names for one thing", kJwt + "ENABLE_GUESTS=1\nJWT_ALLOW_EMPTY=1\n", "warning: JWT_ALLOW_EMPTY"},
      {"a short secret", "ENABLE_AUTH=1\nAUTH_TYPE=jwt\nJWT_APP_ID=a\nJWT_APP_SECRET=twenty-bytes-secret!\n",
       "warning: JWT_APP_SECRET"},
      {"any issuer", kJwt + "JWT_ACCEPTED_ISSUERS=*\n", "warning: JWT_ACCEPTED_ISSUERS"},
      {"a directory without TLS", kLdap + "LDAP_URL=ldap://d.example\n", "warning: LDAP_URL"},
      {"a directory that is not verified", kLdap + "LDAP_URL=ldaps://d.example\nLDAP_TLS_CHECK_PEER=0\n",
       "warning: LDAP_TLS_CHECK_PEER"},
      {"a fixed TURN password", kJwt + "TURN_HOST=t.example\nTURN_USERNAME=u\nTURN_PASSWORD=p\n",
       "warning: TURN_PASSWORD: Everybody"},
      {"a TURN password without a server", kJwt + "TURN_USERNAME=u\nTURN_PASSWORD=p\n",
       "ignored: TURN_PASSWORD: No TURN server"},
      {"a TURN server without credentials", kJwt + "TURNS_HOST=t.example\n", "ignored: TURNS_HOST: Browsers"},
      {"a public port that is not ours", kJwt + "PUBLIC_URL=https://meet.example\n",
       "warning: PUBLIC_URL: People come to port 443"},
      {"a public port that is not ours, without TLS", kJwt + "DISABLE_HTTPS=1\nPUBLIC_URL=http://meet.example:81\n",
       "warning: PUBLIC_URL: People come to port 81"},
      {"accounts without encryption", kJwt + "DISABLE_HTTPS=1\nPUBLIC_URL=http://meet.example:8000\n",
       "warning: PUBLIC_URL: People authenticate"},
      {"encryption without accounts", "ENABLE_AUTH=0\nPUBLIC_URL=https://meet.example:8443\n",
       "nobody is authenticated all the same"},
      {"wide CORS with tokens in use", kJwt + "CORS_HEADER_ACCESS_CONTROL_ALLOW_ORIGIN=*\n",
       "warning: CORS_HEADER_ACCESS_CONTROL_ALLOW_ORIGIN"},
      {"a published password of an account that is not there", kJwt + "JICOFO_COMPONENT_SECRET=s3cr37\n",
       "warning: JICOFO_COMPONENT_SECRET"},
  };
  for (const Check& check : checks) {
    SCOPED_TRACE(check.name);
    EXPECT_THAT(outcome(check.file), HasSubstr(check.said));
  }
}

TEST(StartupChecks, NothingIsSaidWhereNothingIsToBeSaid) {
  EXPECT_EQ(outcome(kJwt), "");
  for (const char* url : {"https://meet.example:8443", "https://[2001:db8::1]:8443", "https://localhost:8443"})
    EXPECT_THAT(outcome(kJwt + "PUBLIC_URL=" + url + "\n"), Not(HasSubstr("PUBLIC_URL"))) << url;
  EXPECT_THAT(outcome(kJwt + "DISABLE_HTTPS=1\nPUBLIC_URL=https://meet.example\n"), Not(HasSubstr("PUBLIC_URL")))
      << "a proxy in front";
  EXPECT_THAT(outcome(kJwt + "HTTPS_PORT=0\nPUBLIC_URL=https://meet.example\n"), Not(HasSubstr("PUBLIC_URL")));
}

TEST(StartupChecks, FiveSentencesAlways) {
  for (const std::string& file : {kJwt, std::string("ENABLE_AUTH=0\n"), kJwt + "CONCLAVE_LOBBY=all\n"}) {
    const Settings settings = load_settings({}, {}, parse_env_file(file, ".env", {}));
    EXPECT_EQ(policy_sentences(settings).size(), 5U);
    for (const std::string& sentence : policy_sentences(settings)) EXPECT_FALSE(sentence.empty());
  }
}

std::string sentences(const std::string& file, const std::string& toml = "") {
  std::string text;
  const Settings settings = load_settings({}, {}, parse_env_file(file, ".env", {}), parse_toml_file(toml, "c.toml"));
  for (const std::string& sentence : policy_sentences(settings)) text += sentence + "\n";
  return text;
}

TEST(StartupChecks, S20_TheLobbyIsSaid) {
  EXPECT_THAT(sentences(kJwt), Not(HasSubstr("knock")));
  EXPECT_THAT(
      sentences(kJwt + "CONCLAVE_LOBBY=guests\n"),
      HasSubstr("In the lobby guests knock from the first second, until a moderator lets them in or they know the "
                "room's password."));
  EXPECT_THAT(
      sentences(kJwt + "CONCLAVE_LOBBY=all\nCONCLAVE_LOBBY_PASSWORD=no\n"),
      HasSubstr("In the lobby everybody but hosts knock from the first second, until a moderator lets them in."));
  EXPECT_THAT(sentences(kJwt + "CONCLAVE_LOBBY=all\nENABLE_LOBBY=0\n"), HasSubstr("There is no lobby"));
}

TEST(StartupChecks, S20_SeveralIssuersAreNamed) {
  const std::string clinic = "[[issuer]]\nname = \"clinic\"\nsecret = \"the-secret-of-the-clinic-has-32-bytes\"\n";
  EXPECT_THAT(sentences(kJwt), Not(HasSubstr("issuers")));
  EXPECT_THAT(sentences(kJwt, clinic), HasSubstr("Tokens of 2 issuers are taken: school, clinic."));
}

}  // namespace
}  // namespace conclave::ops
