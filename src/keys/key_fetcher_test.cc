// Key sets and key servers on virtual time, against a fetcher that answers what the test says.
#include "keys/key_fetcher.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>

#include "access/mint.h"
#include "access/test_signer.h"
#include "base/log.h"
#include "keys/answer.h"
#include "keys/key_server_keys.h"
#include "keys/key_set_keys.h"
#include "loop/manual_loop.h"

namespace conclave::keys {
namespace {

using access::Algorithm;
using access::TestSigner;
using testing::EndsWith;
using testing::IsEmpty;
using testing::SizeIs;

const std::string kSet = "https://keys.test/set";
const std::string kServer = "https://keys.test/by-id/";

class FakeFetcher final : public HttpFetcher {
 public:
  struct Asked {
    HttpClientRequest request;
    Reply reply;
  };
  void send(HttpClientRequest request, Reply reply) override {
    asked.push_back({std::move(request), std::move(reply)});
  }

  void answer(int status, std::string body, std::string cache = {}) {
    HttpClientResponse response{.status = status, .headers = {}, .body = std::move(body)};
    if (!cache.empty()) response.headers.set("Cache-Control", cache);
    next()(std::move(response));
  }
  void fail() { next()(failure(HttpClientError{HttpClientError::Kind::Timeout, "took too long"})); }
  Reply next() {
    Reply reply = std::move(asked.front().reply);
    asked.pop_front();
    return reply;
  }

  std::deque<Asked> asked;
};

const TestSigner& signer(std::size_t index) {
  static const TestSigner kSigners[] = {TestSigner(Algorithm::RS256), TestSigner(Algorithm::RS256),
                                        TestSigner(Algorithm::RS256)};
  return kSigners[index];
}
std::string jwk(std::size_t index) {
  return signer(index).jwk(R"(,"kid":"k)" + std::to_string(index) + "\"");
}
std::string set_of(std::initializer_list<std::size_t> indices) {
  std::string text;
  for (const std::size_t index : indices) text += (text.empty() ? "" : ",") + jwk(index);
  return R"({"keys":[)" + text + "]}";
}
std::string token(std::size_t index, std::string_view issuer = "set", std::string kid = {}) {
  if (kid.empty()) kid = "k" + std::to_string(index);
  return signer(index).token(R"({"alg":"RS256","kid":")" + kid + R"("})",
                             R"({"iss":")" + std::string(issuer) + R"(","aud":"x","sub":"*","room":"*"})");
}

struct Fixture : testing::Test {
  Fixture() { log::set_level(log::Level::Off); }

  ManualLoop loop;
  FakeFetcher http;
  int changes = 0;
  std::deque<std::string> kept;
  std::vector<KeySource> sources = {{.issuer = "set", .kind = KeySource::Kind::KeySet, .url = kSet},
                                    {.issuer = "server", .kind = KeySource::Kind::KeyServer, .url = kServer}};
  KeyFetcher fetcher{loop, http, issuers(), sources, [this](const auto&) { ++changes; }};

  static std::vector<access::Issuer> issuers() {
    return {{.name = "set", .algorithms = {Algorithm::RS256}, .accepted_issuers = {"set"}},
            {.name = "server", .algorithms = {Algorithm::RS256}, .accepted_issuers = {"server"}},
            {.name = "secret",
             .keys = {*access::VerificationKey::from_secret(Algorithm::HS256, "a-secret-of-thirty-two-bytes-min")},
             .accepted_issuers = {"secret"}}};
  }
  std::string verdict(std::string_view shown) const {
    const auto identity = fetcher.verifier()->verify(shown, loop.wall_now());
    return identity ? "good" : std::string(slug_text(identity.error().slug));
  }
  // As a login does it: the answer now, or after the keys have come.
  void show(std::string shown, std::string* answer) {
    *answer = "waits";
    const auto identity = fetcher.verifier()->verify(shown, loop.wall_now());
    if (identity || identity.error().missing_keys.empty()) {
      *answer = verdict(shown);
      return;
    }
    fetcher.want(identity.error().missing_keys, [this, shown, answer](const auto&) { *answer = verdict(shown); });
  }
  std::string shown(std::string text) {
    std::string& answer = kept.emplace_back();  // whoever waits may be answered later
    show(std::move(text), &answer);
    return answer;
  }
};

struct KeySets : Fixture {
  KeySets() { fetcher.start(); }
};
using KeyServers = Fixture;

TEST_F(KeySets, AreFetchedAtTheStartAndTokensWaitForThem) {
  ASSERT_THAT(http.asked, SizeIs(1));
  EXPECT_EQ(http.asked[0].request.url, kSet);
  std::string first;
  std::string second;
  show(token(0), &first);
  show(token(1), &second);
  EXPECT_EQ(first, "waits");
  http.answer(200, set_of({0}));
  EXPECT_EQ(first, "good");
  EXPECT_EQ(second, "token-key-unknown");
  EXPECT_EQ(changes, 1);
  EXPECT_THAT(http.asked, IsEmpty());
}

TEST_F(KeySets, AreRefreshedAMinuteBeforeMaxAgeIsOver) {
  http.answer(200, set_of({0}), "public, max-age=600, must-revalidate");
  loop.advance(539s);
  EXPECT_THAT(http.asked, IsEmpty());
  loop.advance(1s);
  EXPECT_THAT(http.asked, SizeIs(1));
  http.answer(200, set_of({0}));
  loop.advance(6h - 1s);
  EXPECT_THAT(http.asked, IsEmpty());
  loop.advance(1s);
  EXPECT_THAT(http.asked, SizeIs(1));
  http.answer(200, set_of({0}), "no-cache");
  loop.advance(KeySetKeys::kSoonest);
  EXPECT_THAT(http.asked, SizeIs(1));
}

TEST_F(KeySets, AreAskedForAgainAfterAFailureAndKeepWhatTheyHave) {
  http.answer(200, set_of({0}));
  loop.advance(6h);
  http.fail();
  EXPECT_EQ(verdict(token(0)), "good");
  loop.advance(30s);
  EXPECT_THAT(http.asked, SizeIs(1));
  http.answer(500, "oops");
  loop.advance(30s);
  http.answer(200, "<html></html>");
  EXPECT_EQ(verdict(token(0)), "good");
  EXPECT_EQ(fetcher.counters().failures.value(), 3U);
}

TEST_F(KeySets, A8_AnIssuerThatIsDownTooLongIsRefused) {
  http.answer(200, set_of({0}));
  const auto lifetime = sources[0].lifetime;
  for (Duration passed{}; passed < 6h + lifetime; passed += 30s) {
    EXPECT_EQ(verdict(token(0)), "good");
    loop.advance(30s);
    if (!http.asked.empty()) http.fail();
  }
  EXPECT_EQ(shown(token(0)), "waits");
  http.fail();
  EXPECT_EQ(verdict(token(0)), "token-key-unknown");
}

TEST_F(KeySets, A8_AWithdrawnKeyEndsWithinItsLifetime) {
  http.answer(200, set_of({0, 1}), "max-age=660");
  loop.advance(10min);
  http.answer(200, set_of({1}));
  loop.advance(90min - 1s);
  EXPECT_EQ(verdict(token(0)), "good");
  loop.advance(1s);
  EXPECT_EQ(verdict(token(0)), "token-key-unknown");
  EXPECT_EQ(verdict(token(1)), "good");
}

TEST_F(KeySets, A8_ARotatedKeyIsFetchedWhenATokenNamesIt) {
  http.answer(200, set_of({0}));
  std::string answer;
  show(token(1), &answer);
  ASSERT_THAT(http.asked, SizeIs(1));
  http.answer(200, set_of({0, 1}));
  EXPECT_EQ(answer, "good");
}

TEST_F(KeySets, A8_AnswersThatAreNoKeysAreRefused) {
  const std::string good = set_of({0});
  const std::pair<int, std::string> answers[] = {{204, ""},   {200, ""},   {200, "<html>"},
                                                 {302, good}, {404, good}, {200, R"({"keys":[]})"}};
  for (const auto& [status, body] : answers) {
    http.answer(status, body);
    EXPECT_EQ(verdict(token(0)), "token-key-unknown") << status;
    loop.advance(30s);
  }
}

TEST_F(KeySets, A7_UnknownKeysAreAskedForOnlySoOften) {
  http.answer(200, set_of({0}));
  int fetches = 0;
  for (int i = 0; i < 1000; ++i) {
    std::string answer;
    show(token(1, "set", "kid-" + std::to_string(i)), &answer);
    if (!http.asked.empty()) {
      ++fetches;
      http.answer(200, set_of({0}));
    }
    EXPECT_EQ(answer, "token-key-unknown");
  }
  EXPECT_EQ(fetches, KeySetKeys::kBurst);
  EXPECT_EQ(fetcher.counters().limited.value(), 1000U - KeySetKeys::kBurst);
  loop.advance(KeySetKeys::kBudgetInterval);
  EXPECT_EQ(shown(token(1)), "waits");
}

TEST_F(KeySets, ABoundedNumberOfTokensWaits) {
  std::deque<std::string> answers(KeySetKeys::kMaxWaiting + 1);
  for (auto& answer : answers) show(token(0), &answer);
  EXPECT_EQ(answers.back(), "token-key-unknown");
  http.answer(200, set_of({0}));
  EXPECT_EQ(answers[KeySetKeys::kMaxWaiting - 1], "good");
}

TEST_F(KeyServers, GetTheHashOfTheKeyId) {
  std::string answer;
  show(token(0, "server", "../../x"), &answer);
  ASSERT_THAT(http.asked, SizeIs(1));
  EXPECT_EQ(http.asked[0].request.url, kServer + access::sha256_hex("../../x") + ".pem");
  EXPECT_EQ(answer, "waits");
  http.answer(200, signer(0).pem());
  EXPECT_EQ(answer, "good");
  EXPECT_EQ(shown(token(0, "server", "../../x")), "good");
  EXPECT_THAT(http.asked, IsEmpty());
}

TEST_F(KeyServers, A7_WhatIsMissedIsRemembered) {
  EXPECT_EQ(shown(token(0, "server")), "waits");
  http.answer(404, "");
  EXPECT_EQ(shown(token(0, "server")), "token-key-unknown");
  EXPECT_THAT(http.asked, IsEmpty());
  loop.advance(KeyServerKeys::kMissLifetime);
  EXPECT_EQ(shown(token(0, "server")), "waits");
  http.fail();
  EXPECT_EQ(shown(token(0, "server")), "token-key-unknown");
  loop.advance(KeyServerKeys::kErrorLifetime);
  EXPECT_EQ(shown(token(0, "server")), "waits");
}

TEST_F(KeyServers, A7_QuestionsAreLimited) {
  int fetches = 0;
  for (int i = 0; i < 1000; ++i) {
    std::string answer;
    show(token(0, "server", "kid-" + std::to_string(i)), &answer);
    if (!http.asked.empty()) {
      ++fetches;
      http.answer(404, "");
    }
    EXPECT_EQ(answer, "token-key-unknown");
  }
  EXPECT_EQ(fetches, KeyServerKeys::kBurst);
  EXPECT_EQ(shown(token(0, "server", std::string(access::kMaxKeyIdBytes + 1, 'k'))), "token-key-unknown");
  loop.advance(KeyServerKeys::kBudgetInterval);
  EXPECT_EQ(shown(token(0, "server")), "waits");
}

TEST_F(KeyServers, A8_AServerThatHangsHoldsABoundedNumberOfTokensAndNoOtherIssuer) {
  std::deque<std::string> answers(KeyServerKeys::kMaxRunning + 1);
  for (std::size_t i = 0; i < answers.size(); ++i) show(token(0, "server", "kid-" + std::to_string(i)), &answers[i]);
  EXPECT_THAT(http.asked, SizeIs(KeyServerKeys::kMaxRunning));
  EXPECT_EQ(answers.back(), "token-key-unknown");
  EXPECT_EQ(shown(access::sign_token(R"({"alg":"HS256"})", R"({"iss":"secret","aud":"x","sub":"*","room":"*"})",
                                     "a-secret-of-thirty-two-bytes-min")),
            "good");
  std::string other;
  show(token(1), &other);
  EXPECT_EQ(http.asked.back().request.url, kSet);
  std::swap(http.asked.front(), http.asked.back());
  http.answer(200, set_of({1}));
  EXPECT_EQ(other, "good");
  EXPECT_EQ(answers.front(), "waits");
}

TEST_F(KeyServers, A8_KeysHaveALifetime) {
  EXPECT_EQ(shown(token(0, "server")), "waits");
  http.answer(200, signer(0).pem(), "max-age=300");
  loop.advance(299s);
  EXPECT_EQ(shown(token(0, "server")), "good");
  loop.advance(1s);
  EXPECT_EQ(shown(token(0, "server")), "waits");
  http.answer(200, signer(0).pem());
  loop.advance(90min - 1s);
  EXPECT_EQ(shown(token(0, "server")), "good");
  loop.advance(1s);
  EXPECT_EQ(shown(token(0, "server")), "waits");
  http.answer(404, "");
  EXPECT_EQ(shown(token(0, "server")), "token-key-unknown");
}

TEST_F(KeyServers, A8_AnswersThatAreNoKeyAreRefused) {
  const std::string weak = TestSigner(Algorithm::RS256, 1024).pem();
  const std::string curve = TestSigner(Algorithm::ES256).pem();
  const std::pair<int, std::string> answers[] = {{204, ""},   {200, ""},   {200, "<html>"}, {301, signer(0).pem()},
                                                 {200, weak}, {200, curve}};
  for (const auto& [status, body] : answers) {
    std::string answer;
    show(token(0, "server"), &answer);
    http.answer(status, body);
    EXPECT_EQ(answer, "token-key-unknown") << status << body;
    loop.advance(KeyServerKeys::kMissLifetime);
  }
}

TEST_F(KeyServers, KeepABoundedNumberOfKeys) {
  for (std::size_t i = 0; i <= KeyServerKeys::kMaxKeys; ++i) {
    std::string answer;
    show(token(0, "server", "kid-" + std::to_string(i)), &answer);
    ASSERT_EQ(answer, "waits") << i;
    http.answer(200, signer(0).pem());
    loop.advance(KeyServerKeys::kBudgetInterval);
  }
  EXPECT_THAT(fetcher.verifier()->issuer("server")->keys, SizeIs(KeyServerKeys::kMaxKeys));
  EXPECT_EQ(shown(token(0, "server", "kid-0")), "waits");
  EXPECT_EQ(shown(token(0, "server", "kid-1")), "good");
}

TEST_F(KeySets, SettingsReadAnewKeepWhatIsTheSame) {
  http.answer(200, set_of({0}));
  std::string waits;
  show(token(1, "server"), &waits);
  fetcher.replace(issuers(), {sources[0]});
  EXPECT_EQ(waits, "token-key-unknown");  // that issuer is gone
  EXPECT_EQ(verdict(token(0)), "good");
  http.next()(HttpClientResponse{.status = 200, .headers = {}, .body = signer(1).pem()});  // nobody listens
  sources[0].url = "https://keys.test/other";
  fetcher.replace(issuers(), {sources[0]});
  EXPECT_EQ(verdict(token(0)), "token-key-unknown");
  EXPECT_THAT(http.asked, SizeIs(1));
  EXPECT_THAT(http.asked[0].request.url, EndsWith("/other"));
}

TEST(MaxAge, IsReadFromCacheControl) {
  const auto age = [](std::string_view text) { return max_age(Headers{{"cache-control", std::string(text)}}); };
  EXPECT_EQ(age("max-age=5"), 5s);
  EXPECT_EQ(age("private,Max-Age = \"7\" , x"), 7s);
  EXPECT_EQ(age("max-age=10, no-cache"), 0s);
  EXPECT_EQ(age("no-store"), 0s);
  EXPECT_EQ(age("max-age=99999999999999999999"), std::chrono::hours(365 * 24));
  for (const char* none : {"", ",", "max-age", "max-age=", "max-age=-1", "max-age=1x", "s-maxage=5"})
    EXPECT_EQ(age(none), std::nullopt) << none;
  EXPECT_EQ(max_age(Headers{}), std::nullopt);
}

}  // namespace
}  // namespace conclave::keys
