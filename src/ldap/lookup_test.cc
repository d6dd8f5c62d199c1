#include "ldap/lookup.h"

#include <gmock/gmock.h>

#include "ldap/test_slapd.h"

namespace conclave::ldap {
namespace {

using access::ClaimedRole;
using access::Identity;
using sasl::PasswordFailure;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using namespace std::chrono_literals;
using namespace std::string_literals;

class LookUp : public testing::Test {
 protected:
  static void SetUpTestSuite() { slapd_ = new TestSlapd; }
  static void TearDownTestSuite() { delete slapd_; }

  static DirectoryOptions options() {
    DirectoryOptions options;
    options.urls = {slapd_->url()};
    options.base = TestSlapd::kBase;
    options.realm = "meet.example";
    options.timeout = 2s;
    options.tls.ca_file = slapd_->ca_file();
    return options;
  }
  static DirectoryOptions fastbind() {
    DirectoryOptions fast = options();
    fast.method = Method::FastBind;
    fast.filter = "uid=%u,ou=People,dc=example,dc=org";
    return fast;
  }
  static Found all(const DirectoryOptions& options, const std::string& user, const std::string& password,
                   Found (*work)(const Place&, const Attempt&) = look_up) {
    Attempt attempt{.user = user, .password = password, .servers = {}};
    for (std::size_t i = 0; i < options.urls.size(); ++i) attempt.servers.push_back(i);
    Place place{.options = options, .tls = std::nullopt};
    if (uses_tls(options)) place.tls = *TlsContext::make(options.tls);
    return work(place, attempt);
  }
  static Result<Identity, PasswordFailure> who(const DirectoryOptions& options, const std::string& user,
                                               const std::string& password) {
    return all(options, user, password).result;
  }
  static ClaimedRole role(const DirectoryOptions& options, const std::string& user) {
    const auto found = who(options, user, user + "-password");
    EXPECT_TRUE(found.has_value()) << user;
    return found ? found->claimed_role : ClaimedRole::Visitor;
  }

  static TestSlapd* slapd_;
};
TestSlapd* LookUp::slapd_ = nullptr;

constexpr auto kWrong = PasswordFailure::Wrong;
constexpr auto kUnavailable = PasswordFailure::Unavailable;

TEST_F(LookUp, FindsThePersonThenBindsAsHim) {
  const auto bob = who(options(), "bob", "bob-password");
  ASSERT_TRUE(bob.has_value());
  EXPECT_EQ(bob->kind, access::IdentityKind::Ldap);
  EXPECT_EQ(bob->subject, "ldap:uid=bob,ou=people,dc=example,dc=org");
  EXPECT_EQ(bob->claimed_role, ClaimedRole::Unsaid);
  EXPECT_EQ(bob->display.name, "Bob the Host");
  EXPECT_EQ(bob->display.email, "bob@example.org");
  EXPECT_TRUE(bob->display.verified);
  EXPECT_EQ(who(options(), "alice", "alice-password")->display.name, "Alice Liddell");
}

TEST_F(LookUp, SearchesAsTheAccountThatIsSet) {
  DirectoryOptions with_account = options();
  with_account.bind_dn = "cn=admin,dc=example,dc=org";
  with_account.bind_password = "admin-password";
  EXPECT_TRUE(who(with_account, "alice", "alice-password").has_value());
  with_account.bind_password = "not that";
  EXPECT_EQ(who(with_account, "alice", "alice-password").error(), kUnavailable);
}

TEST_F(LookUp, AWrongNameAndAWrongPasswordAreOneAnswer) {
  EXPECT_EQ(who(options(), "alice", "wrong").error(), kWrong);
  EXPECT_EQ(who(options(), "nobody", "wrong").error(), kWrong);
  EXPECT_EQ(who(fastbind(), "alice", "wrong").error(), kWrong);
  EXPECT_EQ(who(fastbind(), "nobody", "wrong").error(), kWrong);
}

TEST_F(LookUp, FastBindIsTheSamePersonHoweverTheNameIsTyped) {
  const auto alice = who(fastbind(), "alice", "alice-password");
  ASSERT_TRUE(alice.has_value());
  EXPECT_EQ(alice->subject, "ldap:uid=alice,ou=people,dc=example,dc=org");
  EXPECT_EQ(alice->display.name, "Alice Liddell");
  EXPECT_EQ(who(fastbind(), "ALICE", "alice-password")->subject, alice->subject);
}

TEST_F(LookUp, A49NamesThatAreSyntaxFindNobody) {
  for (const std::string& name : {"*"s, "ali*"s, ")(uid=*"s, "alice)(uid=*"s, "*)(|(uid=*"s, "alice\0"s, "\0"s, ""s,
                                  "\\2a"s, "a\nb"s, "alice,ou=People"s, "x+uid=alice"s, std::string(300, 'a')}) {
    EXPECT_EQ(who(options(), name, "alice-password").error(), kWrong) << name;
    EXPECT_EQ(who(fastbind(), name, "alice-password").error(), kWrong) << name;
  }
}

TEST_F(LookUp, A49AnEmptyPasswordIsNoPassword) {
  // This slapd would let the unauthenticated bind succeed.
  for (const std::string& password : {""s, "\0"s, "alice-password\0"s, std::string(2000, 'p')}) {
    EXPECT_EQ(who(options(), "alice", password).error(), kWrong);
    EXPECT_EQ(who(fastbind(), "alice", password).error(), kWrong);
  }
}

TEST_F(LookUp, A49ReferralsAreNotFollowed) {
  DirectoryOptions elsewhere = options();
  elsewhere.base = "ou=Elsewhere,dc=example,dc=org";
  EXPECT_EQ(who(elsewhere, "alice", "alice-password").error(), kUnavailable);
  DirectoryOptions fast = fastbind();
  fast.filter = "uid=%u,ou=Elsewhere,dc=example,dc=org";
  EXPECT_EQ(who(fast, "alice", "alice-password").error(), kWrong);
}

TEST_F(LookUp, TwoPeopleUnderOneNameAreNobody) {
  DirectoryOptions twins = options();
  twins.filter = "employeeType=%u";
  EXPECT_EQ(who(twins, "twin", "twin1-password").error(), kWrong);
}

TEST_F(LookUp, GroupsMakeHostsAndParticipants) {
  DirectoryOptions group = options();
  group.host_group = "cn=hosts,ou=Groups,dc=example,dc=org";
  EXPECT_EQ(role(group, "bob"), ClaimedRole::Moderator);
  EXPECT_EQ(role(group, "carol"), ClaimedRole::Participant);
  EXPECT_EQ(who(group, "bob", "bob-password")->proof.role_claim, "group cn=hosts,ou=Groups,dc=example,dc=org");
  group.host_group = "cn=unique,ou=Groups,dc=example,dc=org";
  EXPECT_EQ(role(group, "carol"), ClaimedRole::Moderator);
  group.host_group = "cn=gone,ou=Groups,dc=example,dc=org";
  EXPECT_EQ(role(group, "bob"), ClaimedRole::Participant);
  DirectoryOptions fast = fastbind();
  fast.host_group = "cn=hosts,ou=Groups,dc=example,dc=org";
  EXPECT_EQ(role(fast, "bob"), ClaimedRole::Moderator);
  EXPECT_EQ(role(fast, "carol"), ClaimedRole::Participant);
}

TEST_F(LookUp, AFilterMakesHosts) {
  DirectoryOptions filter = options();
  filter.moderator_filter = "(&(cn=hosts)(member=%D))";
  EXPECT_EQ(role(filter, "bob"), ClaimedRole::Moderator);
  EXPECT_EQ(role(filter, "alice"), ClaimedRole::Participant);
  filter.moderator_filter = "title=Chief";  // of the user's own entry
  EXPECT_EQ(role(filter, "bob"), ClaimedRole::Moderator);
  EXPECT_EQ(role(filter, "alice"), ClaimedRole::Participant);
}

// With (mail=%u) people choose what they type.
TEST_F(LookUp, AGroupOfUserIdsHasWhoseEntrySaysSoNotWhoTypesAMembersName) {
  DirectoryOptions group = options();
  group.host_group = "cn=posix,ou=Groups,dc=example,dc=org";
  EXPECT_EQ(role(group, "bob"), ClaimedRole::Moderator);
  EXPECT_EQ(role(group, "alice"), ClaimedRole::Participant);
  group.filter = "mail=%u";
  const auto dave = who(group, "bob@elsewhere.example", "dave-password");
  ASSERT_TRUE(dave.has_value());
  EXPECT_EQ(dave->claimed_role, ClaimedRole::Participant);
  const auto bob = who(group, "bob@example.org", "bob-password");
  ASSERT_TRUE(bob.has_value());
  EXPECT_EQ(bob->claimed_role, ClaimedRole::Moderator);
}

// Each in a filter that finds Alice only if it means what it should.
TEST_F(LookUp, EveryPlaceholderFindsThePersonItSpells) {
  constexpr const char* kAlice = "alice@people.example.org";
  DirectoryOptions filter = options();
  for (const auto* pattern : {"uid=%U", "mail=%U@%2.%1", "(&(uid=%U)(mail=*@%2.%1))", "(&(uid=%U)(!(uid=%u)))",
                              "(&(uid=%U)(ou:dn:=%3))", "(&(uid=%U)(!(sn=%4%5%6%7%8%9x)))"}) {
    filter.filter = pattern;
    EXPECT_TRUE(who(filter, kAlice, "alice-password").has_value()) << pattern;
    EXPECT_EQ(who(filter, "alice@people.example.net", "alice-password").has_value(),
              std::string_view(pattern).find("%2.%1") == std::string_view::npos)
        << pattern;
  }
  filter.realm = "example.org";  // %r, and %d of a name without a domain
  for (const auto* pattern : {"mail=%u@%r", "mail=%U@%d", "(&(uid=%u)(dc:dn:=%2))", "(&(uid=%u)(!(sn=%s)))"}) {
    filter.filter = pattern;
    EXPECT_TRUE(who(filter, "alice", "alice-password").has_value()) << pattern;
  }
  DirectoryOptions fast = fastbind();
  fast.filter = "uid=%U,ou=%3,dc=%2,dc=%1";
  EXPECT_TRUE(who(fast, kAlice, "alice-password").has_value());
}

TEST_F(LookUp, WhoIsOnlyAskedAboutNeedsNoPassword) {
  const auto asked = [](const DirectoryOptions& options, const std::string& user) {
    return all(options, user, {}, look_at).result;
  };
  DirectoryOptions group = options();
  group.host_group = "cn=hosts,ou=Groups,dc=example,dc=org";
  const auto bob = asked(group, "bob");
  ASSERT_TRUE(bob.has_value());
  EXPECT_EQ(bob->subject, who(group, "bob", "bob-password")->subject);
  EXPECT_EQ(bob->claimed_role, ClaimedRole::Moderator);
  EXPECT_EQ(asked(group, "carol")->claimed_role, ClaimedRole::Participant);
  EXPECT_EQ(asked(fastbind(), "alice")->subject, "ldap:uid=alice,ou=people,dc=example,dc=org");
  for (const std::string& nobody : {"nobody"s, "*"s, ")(uid=*"s, ""s, "a\nb"s, std::string(300, 'a')}) {
    EXPECT_EQ(asked(options(), nobody).error(), kWrong) << nobody;
    EXPECT_EQ(asked(fastbind(), nobody).error(), kWrong) << nobody;
  }
  DirectoryOptions down = options();
  down.urls = {"ldap://127.0.0.1:" + std::to_string(free_port())};
  EXPECT_EQ(asked(down, "bob").error(), kUnavailable);
}

TEST_F(LookUp, AsksTheNextServerWhenOneIsDown) {
  DirectoryOptions two = options();
  two.urls = {"ldap://127.0.0.1:" + std::to_string(free_port()), slapd_->url()};
  const Found found = all(two, "alice", "alice-password");
  EXPECT_TRUE(found.result.has_value());
  EXPECT_THAT(found.failed, ElementsAre(0));
  const Found wrong = all(two, "alice", "wrong");
  EXPECT_EQ(wrong.result.error(), kWrong);
}

TEST_F(LookUp, AWrongPasswordIsNotTriedElsewhere) {
  DirectoryOptions two = options();
  two.urls = {slapd_->url(), slapd_->url()};
  EXPECT_THAT(all(two, "alice", "wrong").failed, IsEmpty());
}

TEST_F(LookUp, SpeaksTls) {
  DirectoryOptions tls = options();
  tls.urls = {slapd_->tls_url()};
  EXPECT_TRUE(who(tls, "alice", "alice-password").has_value());
  tls.urls = {slapd_->url()};
  tls.tls.start_tls = true;
  EXPECT_TRUE(who(tls, "alice", "alice-password").has_value());
}

TEST_F(LookUp, A49ACertificateForAnotherNameIsRefused) {
  DirectoryOptions tls = options();
  tls.urls = {slapd_->tls_url("localhost")};
  const Found found = all(tls, "alice", "alice-password");
  EXPECT_EQ(found.result.error(), kUnavailable);
  EXPECT_THAT(found.failed, ElementsAre(0));
  tls.urls = {slapd_->url("localhost")};
  tls.tls.start_tls = true;
  EXPECT_EQ(who(tls, "alice", "alice-password").error(), kUnavailable);
  tls.tls.verify = false;
  EXPECT_TRUE(who(tls, "alice", "alice-password").has_value());
}

TEST_F(LookUp, A49ACertificateOfAnUnknownIssuerIsRefused) {
  DirectoryOptions tls = options();
  tls.urls = {slapd_->tls_url()};
  tls.tls.ca_file.clear();
  EXPECT_EQ(who(tls, "alice", "alice-password").error(), kUnavailable);
  tls.tls.ca_directory = "/etc/ssl/certs";
  EXPECT_EQ(who(tls, "alice", "alice-password").error(), kUnavailable);
}

TEST(TlsContext, NamesWhatTheLibraryDoesNotTake) {
  EXPECT_TRUE(TlsContext::make({}).has_value());
  EXPECT_TRUE(TlsContext::make({.ciphers = "SECURE256:SECURE128"}).has_value());
  EXPECT_FALSE(TlsContext::make({.ciphers = "HIGH:!aNULL"}).has_value());
  EXPECT_FALSE(TlsContext::make({.ca_file = "/nowhere/ca.pem"}).has_value());
}

TEST_F(LookUp, A49AServerThatHangsCostsTheTimeoutAndNoMore) {
  const SilentServer silent;
  for (const std::string scheme : {"ldap", "ldaps"}) {
    for (const bool start_tls : {false, true}) {
      if (scheme == "ldaps" && start_tls) continue;
      DirectoryOptions hanging = options();
      hanging.urls = {silent.url(scheme)};
      hanging.timeout = 300ms;
      hanging.tls.start_tls = start_tls;
      const auto begun = std::chrono::steady_clock::now();
      const Found found = all(hanging, "alice", "alice-password");
      EXPECT_EQ(found.result.error(), kUnavailable);
      EXPECT_THAT(found.failed, ElementsAre(0));
      EXPECT_LT(std::chrono::steady_clock::now() - begun, 5s) << scheme << start_tls;
    }
  }
}

}  // namespace
}  // namespace conclave::ldap
