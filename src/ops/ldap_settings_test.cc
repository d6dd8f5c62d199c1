#include "ops/ldap_settings.h"

#include <gmock/gmock.h>

#include "ops/settings.h"

namespace conclave::ops {
namespace {

using ldap::Method;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Settings read(Environment more) {
  Environment all = {{"ENABLE_AUTH", "1"}, {"AUTH_TYPE", "ldap"}, {"LDAP_URL", "ldaps://ldap.example.com/"}};
  for (auto& [name, value] : more) all[name] = value;
  return load_settings({}, all, std::nullopt);
}

std::string error(Environment more) {
  try {
    read(std::move(more));
  } catch (const ConfigError& wrong) {
    return wrong.name() + ": " + wrong.remedy() + " [" + wrong.value() + "]";
  }
  return "no error";
}

std::vector<std::string> notices_of(const Settings& settings, const std::string& name) {
  std::vector<std::string> texts;
  for (const Notice& notice : settings.notices) {
    if (notice.name == name) texts.push_back(notice.text);
  }
  return texts;
}

TEST(LdapSettings, AreDockersWithSafeDefaults) {
  const auto options = *read({}).ldap;
  EXPECT_THAT(options.urls, ElementsAre("ldaps://ldap.example.com/"));
  EXPECT_EQ(options.filter, "(uid=%u)");
  EXPECT_EQ(options.method, Method::SearchAndBind);
  EXPECT_EQ(options.realm, "meet.jitsi");
  EXPECT_TRUE(options.tls.verify);
  EXPECT_FALSE(options.tls.start_tls);
}

TEST(LdapSettings, TakeEveryNameOfTheTable) {
  const Settings settings = read({{"LDAP_URL", "ldap://a.example ldap://b.example:3389"},
                                  {"LDAP_BASE", "DC=example,DC=domain,DC=com"},
                                  {"LDAP_BINDDN", "CN=binduser,OU=users,DC=example,DC=domain,DC=com"},
                                  {"LDAP_BINDPW", "a good password"},
                                  {"LDAP_FILTER", "(sAMAccountName=%u)"},
                                  {"LDAP_AUTH_METHOD", "bind"},
                                  {"LDAP_VERSION", "3"},
                                  {"LDAP_USE_TLS", "1"},
                                  {"LDAP_TLS_CIPHERS", "SECURE256:SECURE128"},
                                  {"LDAP_TLS_CHECK_PEER", "1"},
                                  {"LDAP_TLS_CACERT_FILE", "/etc/ssl/certs/ca-certificates.crt"},
                                  {"LDAP_TLS_CACERT_DIR", "/etc/ssl/certs"},
                                  {"LDAP_START_TLS", "1"},
                                  {"CONCLAVE_LDAP_HOST_GROUP", "cn=hosts,dc=example"},
                                  {"CONCLAVE_LDAP_MODERATOR_FILTER", "(member=%D)"},
                                  {"CONCLAVE_LDAP_NAME_ATTRIBUTE", "gecos"},
                                  {"CONCLAVE_LDAP_MAIL_ATTRIBUTE", "rfc822Mailbox"},
                                  {"CONCLAVE_LDAP_TIMEOUT", "3 seconds"},
                                  {"CONCLAVE_LDAP_CACHE", "0"}});
  const auto& options = *settings.ldap;
  EXPECT_THAT(options.urls, ElementsAre("ldap://a.example", "ldap://b.example:3389"));
  EXPECT_EQ(options.base, "DC=example,DC=domain,DC=com");
  EXPECT_EQ(options.bind_password, "a good password");
  EXPECT_EQ(options.filter, "(sAMAccountName=%u)");
  EXPECT_TRUE(options.tls.start_tls);
  EXPECT_EQ(options.tls.ciphers, "SECURE256:SECURE128");
  EXPECT_EQ(options.tls.ca_file, "/etc/ssl/certs/ca-certificates.crt");
  EXPECT_EQ(options.tls.ca_directory, "/etc/ssl/certs");
  EXPECT_EQ(options.host_group, "cn=hosts,dc=example");
  EXPECT_EQ(options.moderator_filter, "(member=%D)");
  EXPECT_THAT(options.name_attributes, ElementsAre("gecos"));
  EXPECT_EQ(options.mail_attribute, "rfc822Mailbox");
  EXPECT_EQ(options.timeout, std::chrono::seconds(3));
  EXPECT_EQ(options.cache.count(), 0);
  for (const Notice& notice : settings.notices)
    EXPECT_THAT(notice.name, testing::Not(HasSubstr("LDAP"))) << notice.text;
}

TEST(LdapSettings, AreReadOnlyWhereTheDirectoryCounts) {
  const Settings settings = load_settings({}, {{"LDAP_URL", "nonsense"}}, std::nullopt);
  EXPECT_FALSE(settings.ldap.has_value());
  EXPECT_THAT(notices_of(settings, "LDAP_URL"), ElementsAre(HasSubstr("no effect")));
}

TEST(LdapSettings, NameWhatIsWrongWithTheUrl) {
  EXPECT_THAT(error({{"LDAP_URL", ""}}), HasSubstr("say where the directory is"));
  for (const char* url : {"ldap.example.com", "http://ldap.example.com", "ldap://", "ldap://a/dc=x??sub?(uid=%u)",
                          "ldap://a,ldap://b", "ldap://user@host"}) {
    EXPECT_THAT(error({{"LDAP_URL", url}}), HasSubstr("LDAP_URL: Write ldap://host")) << url;
  }
}

TEST(LdapSettings, NameWhatIsWrongWithTheFilter) {
  EXPECT_THAT(error({{"LDAP_FILTER", "(uid=%x)"}}), HasSubstr("no placeholder %x"));
  EXPECT_THAT(error({{"LDAP_FILTER", "(objectClass=person)"}}), HasSubstr("nobody in particular"));
  EXPECT_THAT(error({{"LDAP_FILTER", "(&(uid=%u)"}}), HasSubstr("brackets"));
  EXPECT_THAT(error({{"LDAP_FILTER", "(&(uid=%u)(member=%D))"}}), HasSubstr("CONCLAVE_LDAP_MODERATOR_FILTER"));
  EXPECT_THAT(error({{"LDAP_AUTH_METHOD", "fastbind"}, {"LDAP_FILTER", "(uid=%u)"}}), HasSubstr("user's DN"));
  EXPECT_EQ(error({{"LDAP_AUTH_METHOD", "fastbind"}, {"LDAP_FILTER", "uid=%u,dc=x"}}), "no error");
  EXPECT_THAT(error({{"CONCLAVE_LDAP_MODERATOR_FILTER", "(member=%Z)"}}), HasSubstr("no placeholder %Z"));
}

TEST(LdapSettings, RefuseWhatCannotBeMeant) {
  EXPECT_THAT(error({{"LDAP_AUTH_METHOD", "custom"}}), HasSubstr("LDAP_AUTH_METHOD: Passwords are checked"));
  EXPECT_THAT(error({{"LDAP_AUTH_METHOD", "fast"}}), HasSubstr("bind, fastbind"));
  EXPECT_THAT(error({{"LDAP_VERSION", "2"}}), HasSubstr("version 3"));
  EXPECT_THAT(error({{"LDAP_BASE", "example.com"}}), HasSubstr("distinguished name"));
  EXPECT_THAT(error({{"LDAP_START_TLS", "1"}}), HasSubstr("Use one of the two"));
  EXPECT_THAT(error({{"LDAP_USE_TLS", "1"}, {"LDAP_URL", "ldap://a"}}), HasSubstr("clear text"));
  EXPECT_THAT(error({{"LDAP_USE_TLS", "0"}}), HasSubstr("asks for TLS"));
  EXPECT_THAT(error({{"LDAP_TLS_CACERT_FILE", "/nowhere.pem"}}), HasSubstr("cannot be read"));
  EXPECT_THAT(error({{"LDAP_TLS_CACERT_FILE", "/etc/hostname"}}), HasSubstr("PEM"));
  EXPECT_THAT(error({{"LDAP_TLS_CACERT_DIR", "/nowhere"}}), HasSubstr("no such folder"));
  EXPECT_THAT(error({{"CONCLAVE_LDAP_TIMEOUT", "5 minutes"}}), HasSubstr("1 to 60 seconds"));
  EXPECT_THAT(error({{"CONCLAVE_LDAP_CACHE", "1 day"}}), HasSubstr("at most an hour"));
}

TEST(LdapSettings, ShowNoPassword) {
  EXPECT_THAT(error({{"LDAP_BINDDN", "cn=x"}}), HasSubstr("LDAP_BINDPW: LDAP_BINDDN is set"));
  const std::string example = error({{"LDAP_BINDDN", "cn=x"}, {"LDAP_BINDPW", "LdapUserPassw0rd"}});
  EXPECT_THAT(example, HasSubstr("published example"));
  EXPECT_THAT(example, testing::Not(HasSubstr("LdapUserPassw0rd")));
}

TEST(LdapSettings, WarnOfWhatIsUnwise) {
  EXPECT_THAT(notices_of(read({{"LDAP_TLS_CHECK_PEER", "0"}}), "LDAP_TLS_CHECK_PEER"),
              ElementsAre(HasSubstr("not verified")));
  EXPECT_THAT(notices_of(read({{"LDAP_URL", "ldap://far.example"}}), "LDAP_URL"), ElementsAre(HasSubstr("clear text")));
  EXPECT_THAT(notices_of(read({{"LDAP_URL", "ldap://127.0.0.1:3890"}}), "LDAP_URL"), IsEmpty());
  EXPECT_THAT(notices_of(read({{"LDAP_TLS_CIPHERS", "HIGH:!aNULL"}}), "LDAP_TLS_CIPHERS"),
              ElementsAre(HasSubstr("GnuTLS")));
  EXPECT_THAT(notices_of(read({{"LDAP_BINDPW", "alone"}}), "LDAP_BINDPW"), ElementsAre(HasSubstr("anonymous")));
  constexpr const char* kModerators = "CONCLAVE_LDAP_MODERATOR_FILTER";
  EXPECT_THAT(notices_of(read({{kModerators, "(uid=%u)"}}), kModerators), ElementsAre(HasSubstr("Use %D")));
  EXPECT_THAT(notices_of(read({{kModerators, "(member=%D)"}}), kModerators), IsEmpty());
}

}  // namespace
}  // namespace conclave::ops
