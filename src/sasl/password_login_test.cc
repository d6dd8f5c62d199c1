#include "sasl/password_login.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/base64.h"
#include "loop/manual_loop.h"

namespace conclave::sasl {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

access::Identity person(access::IdentityKind kind, std::string_view name) {
  access::Identity identity = access::guest("x");
  identity.kind = kind;
  identity.subject = std::string(name);
  return identity;
}

// Somebody who knows one password each of some people, and remembers of whom he was asked.
class Book final : public PasswordCheck, public ScramDirectory {
 public:
  explicit Book(access::IdentityKind kind) : kind_(kind) {}

  void check(Loop& reply_to, std::string user, std::string password, PasswordReply reply) override {
    asked.push_back(user);
    auto answer = answer_to(user);
    if (answer && passwords[user] != password) answer = failure(PasswordFailure::Wrong);
    reply_to.post([answer = std::move(answer), reply = std::move(reply)]() mutable { reply(std::move(answer)); });
  }
  void who_is(Loop& reply_to, std::string user, PasswordReply reply) override {
    reply_to.post([answer = answer_to(user), reply = std::move(reply)]() mutable { reply(std::move(answer)); });
  }
  bool offers(ScramHash hash) const override { return sha256 || hash == ScramHash::Sha1; }
  void find(Loop& reply_to, std::string user, ScramHash hash, ScramReply reply) override {
    asked.push_back(user);
    if (down)
      return reply_to.post([reply = std::move(reply)]() mutable { reply(failure(PasswordFailure::Unavailable)); });
    ScramRecord record{.keys = derive_keys(hash, "nobody's", "salt", kMinIterations), .identity = {}};
    if (const auto at = passwords.find(user); at != passwords.end())
      record = {.keys = derive_keys(hash, at->second, "salt", kMinIterations),
                .identity = person(kind_, user),
                .locked = locked == user};
    reply_to.post([record = std::move(record), reply = std::move(reply)]() mutable { reply(record); });
  }

  std::map<std::string, std::string> passwords;
  std::string locked;
  bool down = false;
  bool sha256 = true;
  std::vector<std::string> asked;

 private:
  Result<access::Identity, PasswordFailure> answer_to(const std::string& user) const {
    if (down) return failure(PasswordFailure::Unavailable);
    if (user == locked) return failure(PasswordFailure::Locked);
    if (!passwords.contains(user)) return failure(PasswordFailure::Wrong);
    return person(kind_, user);
  }

  access::IdentityKind kind_;
};

class PasswordLoginTest : public ::testing::Test {
 protected:
  PasswordLoginTest() {
    accounts_.passwords = {{"alice", "wonderland"}};
    directory_.passwords = {{"bob", "builder"}, {"Carol", "singer"}};
    methods_.password = true;
  }

  xmpp::StreamRequest request(std::string_view ip = "192.0.2.1") const {
    xmpp::StreamRequest request;
    request.peer = *Address::parse(ip, 1);
    request.confidential = true;
    request.to = "meet.example";
    return request;
  }
  void with_directory() {
    sources_.directory = &directory_;
    methods_.ldap = true;
  }
  void plain(std::string_view name, std::string_view password, std::string_view authzid = {},
             std::string_view ip = "192.0.2.1") {
    std::string message(authzid);
    message.append(1, '\0').append(name).append(1, '\0').append(password);
    begin("PLAIN", std::move(message), ip);
  }
  void begin(std::string mechanism, std::string message, std::string_view ip = "192.0.2.1") {
    login_.begin(request(ip), {.mechanism = std::move(mechanism), .initial_response = std::move(message)},
                 [this](xmpp::SaslOutcome outcome) { outcomes_.push_back(std::move(outcome)); });
    loop_.run_ready();
  }
  // The whole of SCRAM-SHA-1 with that password, as a client does it (RFC 5802 §3).
  void scram(std::string_view name, std::string_view password) {
    const std::string bare = "n=" + std::string(name) + ",r=client";
    begin("SCRAM-SHA-1", "n,," + bare);
    auto* challenge = std::get_if<xmpp::SaslChallenge>(&outcomes_.back());
    ASSERT_NE(challenge, nullptr);
    const std::string server_first = challenge->data;
    const std::size_t end = server_first.find(",s=");
    const std::string nonce = server_first.substr(2, end - 2);
    const std::string salt = *base64_decode(server_first.substr(end + 3, server_first.find(",i=") - end - 3));
    const ScramKeys keys = derive_keys(ScramHash::Sha1, password, salt, kMinIterations);
    auto next = std::move(challenge->next);
    outcomes_.pop_back();
    next(client_final(bare, server_first, nonce, password, salt, keys),
         [this](xmpp::SaslOutcome outcome) { outcomes_.push_back(std::move(outcome)); });
    loop_.run_ready();
  }
  static std::string client_final(const std::string& bare, const std::string& server_first, const std::string& nonce,
                                  std::string_view password, const std::string& salt, const ScramKeys& keys) {
    const std::string without_proof = "c=biws,r=" + nonce;
    const std::string salted = salted_password(password, salt);
    std::string client_key = scram_hmac(ScramHash::Sha1, salted, "Client Key");
    const std::string signature =
        scram_hmac(ScramHash::Sha1, keys.stored_key, bare + "," + server_first + "," + without_proof);
    for (std::size_t i = 0; i < client_key.size(); ++i) client_key[i] = static_cast<char>(client_key[i] ^ signature[i]);
    return without_proof + ",p=" + base64_encode(as_bytes(client_key));
  }
  // Hi() of RFC 5802 §2.2, as its text says it.
  static std::string salted_password(std::string_view password, const std::string& salt) {
    std::string block = scram_hmac(ScramHash::Sha1, password, salt + std::string("\0\0\0\1", 4));
    std::string sum = block;
    for (std::uint32_t i = 1; i < kMinIterations; ++i) {
      block = scram_hmac(ScramHash::Sha1, password, block);
      for (std::size_t k = 0; k < sum.size(); ++k) sum[k] = static_cast<char>(sum[k] ^ block[k]);
    }
    return sum;
  }

  std::string last_subject() const {
    const auto* in = outcomes_.empty() ? nullptr : std::get_if<xmpp::Authenticated>(&outcomes_.back());
    return in == nullptr ? "" : std::any_cast<access::Identity>(in->proof).subject;
  }
  std::string_view last_slug() const {
    const auto* failed = outcomes_.empty() ? nullptr : std::get_if<xmpp::SaslFailure>(&outcomes_.back());
    return failed == nullptr ? "" : failed->slug;
  }
  std::string last_condition() const {
    const auto* failed = outcomes_.empty() ? nullptr : std::get_if<xmpp::SaslFailure>(&outcomes_.back());
    return failed == nullptr ? "" : failed->condition + ": " + failed->text;
  }

  ManualLoop loop_;
  SeededRandom random_{1};
  GuessDesk desk_{loop_};
  Book accounts_{access::IdentityKind::Password};
  Book directory_{access::IdentityKind::Ldap};
  ServiceAccounts services_{{{.name = "recorder", .password = "machine", .domain = "hidden.example"}}, random_};
  PasswordSources sources_{.accounts = &accounts_, .scram = &accounts_, .directory = nullptr, .services = &services_};
  access::AuthMethods methods_;
  PasswordLogin login_{loop_, random_, desk_, sources_, [this] { return methods_; }};
  std::vector<xmpp::SaslOutcome> outcomes_;
};

TEST_F(PasswordLoginTest, OffersWhatFitsTheSourcesAndTheStream) {
  EXPECT_THAT(login_.mechanisms(request()), ElementsAre("SCRAM-SHA-256", "SCRAM-SHA-1", "PLAIN"));
  accounts_.sha256 = false;  // somebody has SHA-1 alone, and clients do not try another
  EXPECT_THAT(login_.mechanisms(request()), ElementsAre("SCRAM-SHA-1", "PLAIN"));
  auto readable = request();
  readable.confidential = false;
  EXPECT_THAT(login_.mechanisms(readable), ElementsAre("SCRAM-SHA-1"));
  with_directory();
  EXPECT_THAT(login_.mechanisms(request()), ElementsAre("PLAIN"));
  EXPECT_THAT(login_.mechanisms(readable), IsEmpty());
  methods_ = {};  // the policy in force counts, not the sources
  EXPECT_THAT(login_.mechanisms(request()), IsEmpty());
  auto hidden = request();
  hidden.to = "hidden.example";
  EXPECT_THAT(login_.mechanisms(hidden), ElementsAre("SCRAM-SHA-256", "SCRAM-SHA-1", "PLAIN"));
}

TEST_F(PasswordLoginTest, PlainLetsInByNameOrWholeAddress) {
  for (const auto* name : {"alice", "alice@meet.example"}) {
    plain(name, "wonderland");
    EXPECT_EQ(last_subject(), "alice") << name;
  }
  plain("alice@elsewhere.example", "wonderland");
  EXPECT_EQ(last_slug(), "password-wrong");
  EXPECT_EQ(login_.counters().accepted.value(), 2u);
}

TEST_F(PasswordLoginTest, AWrongNameHearsTheSameAsAWrongPassword) {
  plain("alice", "wonder");
  const std::string heard = last_condition();
  EXPECT_EQ(last_slug(), "password-wrong");
  plain("nobody", "wonder");
  EXPECT_EQ(last_condition(), heard);
  scram("alice", "wonder");
  EXPECT_EQ(last_condition(), heard);
  scram("nobody", "wonder");
  EXPECT_EQ(last_condition(), heard);
  plain("\x01", "wonder");
  EXPECT_EQ(last_condition(), heard);
  EXPECT_EQ(login_.counters().refused.value(), 5u);
}

TEST_F(PasswordLoginTest, NobodyActsForSomebodyElse) {
  plain("alice", "wonderland", "boss");
  EXPECT_EQ(last_slug(), "password-wrong");
  plain("alice", "wonderland", "alice@meet.example");
  EXPECT_EQ(last_subject(), "alice");
}

TEST_F(PasswordLoginTest, ScramProvesThePasswordToBothSides) {
  scram("alice", "wonderland");
  EXPECT_EQ(last_subject(), "alice");
  EXPECT_EQ(std::get<xmpp::Authenticated>(outcomes_.back()).additional_data.substr(0, 2), "v=");
  EXPECT_EQ(std::get<xmpp::Authenticated>(outcomes_.back()).username, "alice");
}

TEST_F(PasswordLoginTest, TheDirectoryIsAskedWhenTheAccountsKnowNobodyAndAsTyped) {
  with_directory();
  plain("Carol", "singer");
  EXPECT_EQ(last_subject(), "Carol");
  EXPECT_THAT(directory_.asked, ElementsAre("Carol"));
  plain("alice", "wonderland");
  EXPECT_THAT(directory_.asked, SizeIs(1));  // an account is an account
  accounts_.down = true;                     // who cannot be asked is not passed over: the name may be his
  plain("bob", "builder");
  EXPECT_EQ(last_slug(), "account-unavailable");
  EXPECT_THAT(directory_.asked, SizeIs(1));
}

TEST_F(PasswordLoginTest, ALockedAccountIsToldSoOnlyByTheRightPassword) {
  accounts_.locked = "alice";
  scram("alice", "wonderland");
  EXPECT_EQ(last_slug(), "account-locked");
  scram("alice", "guess");
  EXPECT_EQ(last_slug(), "password-wrong");
  EXPECT_EQ(login_.counters().locked.value(), 1u);
}

TEST_F(PasswordLoginTest, AServiceIsAskedForAtItsOwnDomainAlone) {
  auto at = request();
  at.to = "hidden.example";
  login_.begin(at, {.mechanism = "PLAIN", .initial_response = std::string("\0recorder\0machine", 17)},
               [this](xmpp::SaslOutcome outcome) { outcomes_.push_back(std::move(outcome)); });
  loop_.run_ready();
  EXPECT_THAT(last_subject(), ::testing::HasSubstr("recorder"));
  plain("recorder", "machine");
  EXPECT_EQ(last_slug(), "password-wrong");
}

// A name that is a service's is not told by what a wrong password of it costs.
TEST_F(PasswordLoginTest, A48TheNameOfAServiceTakesTheWayOfANameThatNobodyHas) {
  with_directory();
  auto at = request();
  at.to = "hidden.example";
  const auto keep = [this](xmpp::SaslOutcome outcome) { outcomes_.push_back(std::move(outcome)); };
  for (const char* name : {"nobody", "recorder"}) {
    accounts_.asked.clear();
    directory_.asked.clear();
    std::string message(1, '\0');
    message.append(name).append(1, '\0').append("guess");
    login_.begin(at, {.mechanism = "PLAIN", .initial_response = std::move(message)}, keep);
    loop_.run_ready();
    EXPECT_EQ(last_slug(), "password-wrong") << name;
    EXPECT_THAT(accounts_.asked, SizeIs(1)) << name;
    EXPECT_THAT(directory_.asked, SizeIs(1)) << name;
    login_.begin(at, {.mechanism = "SCRAM-SHA-1", .initial_response = "n,,n=" + std::string(name) + ",r=client"}, keep);
    loop_.run_ready();
    EXPECT_NE(std::get_if<xmpp::SaslChallenge>(&outcomes_.back()), nullptr) << name;
    EXPECT_THAT(accounts_.asked, SizeIs(2)) << name;
  }
  EXPECT_THAT(accounts_.asked, ::testing::Not(::testing::Contains("recorder"))) << "nobody counts tries of that name";
}

TEST_F(PasswordLoginTest, A48WhoHasPaidNothingIsGivenNothingBack) {
  for (unsigned i = 0; i < kPerAccount.free; ++i) plain("alice", "guess");
  accounts_.down = true;
  begin("SCRAM-SHA-1", "n,,n=alice,r=client");
  EXPECT_EQ(last_slug(), "account-unavailable");
  accounts_.down = false;
  const std::size_t before = outcomes_.size();
  plain("alice", "guess");
  EXPECT_THAT(outcomes_, SizeIs(before)) << "it waits";
}

TEST_F(PasswordLoginTest, A48GuessesAreSlowedForTheAccountAndNotForTheOthers) {
  for (unsigned i = 0; i < kPerAccount.free; ++i) plain("alice", "guess");
  EXPECT_THAT(outcomes_, SizeIs(kPerAccount.free));
  plain("alice", "guess");
  EXPECT_THAT(outcomes_, SizeIs(kPerAccount.free));  // waits
  plain("alice", "guess");
  EXPECT_EQ(last_slug(), "too-many-guesses");  // would wait too long
  accounts_.passwords["dora"] = "explorer";
  plain("dora", "explorer", {}, "198.51.100.1");
  EXPECT_EQ(last_subject(), "dora");
  loop_.advance(kPerAccount.interval);
  loop_.run_ready();
  EXPECT_EQ(last_slug(), "password-wrong");
  EXPECT_EQ(login_.counters().slowed.value(), 2u);
}

TEST_F(PasswordLoginTest, WhoCannotBeAskedCostsNoGuess) {
  accounts_.down = true;
  for (int i = 0; i < 40; ++i) plain("alice", "wonderland");
  EXPECT_THAT(outcomes_, SizeIs(40));
  EXPECT_EQ(last_slug(), "account-unavailable");
  EXPECT_EQ(login_.counters().unavailable.value(), 40u);
}

TEST_F(PasswordLoginTest, WhatIsNoMessageIsRefusedAtOnce) {
  begin("PLAIN", "alice");
  EXPECT_EQ(last_condition(), "malformed-request: ");
  begin("SCRAM-SHA-1", "n,,alice");
  EXPECT_EQ(last_condition(), "malformed-request: ");
  EXPECT_THAT(accounts_.asked, IsEmpty());
}

}  // namespace
}  // namespace conclave::sasl
