#include "oidc/sign_in.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "access/test_signer.h"
#include "base/base64.h"
#include "loop/manual_loop.h"
#include "net/fake_fetcher.h"
#include "net/http_target.h"

namespace conclave::oidc {
namespace {

using testing::HasSubstr;
using testing::SizeIs;
using testing::StartsWith;

constexpr std::string_view kMetadata =
    R"({"issuer":"https://idp.example","authorization_endpoint":"https://idp.example/auth?tenant=1","token_endpoint":"https://idp.example/token",
        "jwks_uri":"https://idp.example/keys"})";

access::RoomName room() {
  return *access::canonical_room("a");
}

TEST(PendingLogins, AreFinishedOnceByTheBrowserThatBeganThem) {
  SeededRandom random(1);
  PendingLogins logins(random);
  const TimePoint t0{};
  const auto one = logins.begin(room(), t0);
  const auto two = logins.begin(room(), t0);
  EXPECT_EQ(logins.finish(one->state, two->browser, t0).error(), PendingLogins::Mismatch::OtherBrowser);
  EXPECT_EQ(logins.finish(one->state, one->browser, t0).error(), PendingLogins::Mismatch::Unknown);
  const auto finished = logins.finish(two->state, two->browser, t0);
  ASSERT_TRUE(finished.has_value());
  EXPECT_EQ(finished->nonce, two->nonce);
  EXPECT_EQ(finished->verifier, two->verifier);
  EXPECT_EQ(logins.size(), 0u);
}

TEST(PendingLogins, AreBoundedAndForgottenInTime) {
  SeededRandom random(1);
  PendingLogins logins(random);
  const TimePoint t0{};
  const auto first = logins.begin(room(), t0);
  for (std::size_t i = 1; i < PendingLogins::kMaxLogins; ++i) ASSERT_TRUE(logins.begin(room(), t0).has_value());
  EXPECT_FALSE(logins.begin(room(), t0).has_value());
  EXPECT_TRUE(logins.begin(room(), t0 + PendingLogins::kLifetime).has_value());
  EXPECT_EQ(logins.size(), 1u);
  EXPECT_EQ(logins.finish(first->state, first->browser, t0 + PendingLogins::kLifetime).error(),
            PendingLogins::Mismatch::Unknown);
}

TEST(SourceLimit, CountsByAddressAndByNetworkOfIpv6) {
  SourceLimit limit;
  const TimePoint t0{};
  const auto at = [](const char* ip) { return *Address::parse(ip, 1); };
  for (unsigned i = 0; i < SourceLimit::kPerMinute; ++i) EXPECT_TRUE(limit.allows(at("2001:db8::1"), t0));
  EXPECT_FALSE(limit.allows(at("2001:db8::2"), t0));
  EXPECT_TRUE(limit.allows(at("2001:db8:0:1::1"), t0));
  EXPECT_TRUE(limit.allows(at("192.0.2.1"), t0));
  EXPECT_TRUE(limit.allows(at("2001:db8::2"), t0 + 60s));
}

TEST(SourceLimit, RemembersOnlySoMany) {
  SourceLimit limit;
  for (std::uint32_t i = 0; i < SourceLimit::kMaxSources; ++i)
    EXPECT_TRUE(limit.allows(Address::v4(i, 1), TimePoint{}));
  EXPECT_FALSE(limit.allows(Address::v4(0xffffffff, 1), TimePoint{}));
  EXPECT_TRUE(limit.allows(Address::v4(1, 1), TimePoint{}));
}

class SignInTest : public ::testing::Test {
 protected:
  HttpRequest get(std::string_view target) {
    const auto parts = parse_http_target(target);
    HttpRequest request;
    request.method = "GET";
    request.path = parts->path;
    request.query = parts->query;
    request.peer = Address::v4(0x7f000001, 1);
    return request;
  }
  void ask(HttpRequest request) {
    sign_in_.request(request, [this](HttpResponse response) { answers_.push_back(std::move(response)); });
  }

  ManualLoop loop_;
  FakeFetcher fetcher_;
  SeededRandom random_{1};
  Options options_{
      .issuer = "https://idp.example", .client_id = "meet & co", .token_secret = "0123456789abcdef0123456789abcdef"};
  SignIn sign_in_{loop_, fetcher_, random_, options_, "https://meet.example"};
  std::vector<HttpResponse> answers_;
};

TEST_F(SignInTest, AsksForTheMetadataOnceForAllWhoWait) {
  for (int i = 0; i < 3; ++i) ask(get("/auth/login?room=a"));
  ASSERT_THAT(fetcher_.sent, SizeIs(1));
  EXPECT_EQ(fetcher_.next().url, "https://idp.example/.well-known/openid-configuration");
  fetcher_.answer(200, std::string(kMetadata));
  ASSERT_THAT(answers_, SizeIs(3));
  ask(get("/auth/login?room=a"));
  EXPECT_THAT(fetcher_.sent, SizeIs(0));
  EXPECT_THAT(answers_, SizeIs(4));
}

TEST_F(SignInTest, SendsTheBrowserThereWithStateNonceAndChallenge) {
  ask(get("/auth/login?room=a"));
  fetcher_.answer(200, std::string(kMetadata));
  const std::string location(*answers_.front().headers.find("Location"));
  EXPECT_THAT(location,
              StartsWith("https://idp.example/auth?tenant=1&response_type=code&client_id=meet%20%26%20co&redirect_uri="
                         "https%3A%2F%2Fmeet.example%2Fauth%2Fcallback&scope=openid%20profile%20email&state="));
  EXPECT_THAT(location, HasSubstr("&code_challenge_method=S256"));
  EXPECT_THAT(std::string(*answers_.front().headers.find("Set-Cookie")), HasSubstr("; HttpOnly; SameSite=Lax; Secure"));
}

TEST_F(SignInTest, KeepsOldMetadataWhenTheProviderCannotBeReached) {
  ask(get("/auth/login?room=a"));
  fetcher_.answer(200, std::string(kMetadata));
  loop_.advance(Provider::kDocumentLife);
  ask(get("/auth/login?room=a"));
  fetcher_.fail(HttpClientError::Kind::Connect);
  ASSERT_THAT(answers_, SizeIs(2));
  EXPECT_EQ(answers_.back().status, 302);
}

// A token that the provider gives for the login that is under way, signed by `signer`.
std::string answer_of(const access::TestSigner& signer, const std::string& nonce) {
  const auto part = [](std::string_view text) { return base64url_encode(as_bytes(text)); };
  const std::string text =
      part(R"({"alg":"ES256"})") + "." +
      part(
          R"({"iss":"https://idp.example","aud":"meet & co","sub":"ada","name":"Ada","iat":1789999999,"exp":1800000000,"nonce":")" +
          nonce + "\"}");
  return R"({"id_token":")" + text + "." + part(signer.signature(text)) + "\"}";
}

TEST_F(SignInTest, FetchesNewKeysForAnUnknownSignatureButNotEveryTime) {
  const access::TestSigner old_signer(access::Algorithm::ES256);
  const access::TestSigner new_signer(access::Algorithm::ES256);
  const auto keys = [](const access::TestSigner& signer) {
    return R"({"keys":[)" + signer.jwk(R"(,"alg":"ES256")") + "]}";
  };
  std::vector<bool> redeemed;
  Provider provider(loop_, fetcher_, options_);
  const auto redeem = [&] {
    provider.redeem({.code = "c", .verifier = "v", .nonce = "n", .redirect_uri = "r"},
                    [&](Result<Person, Problem> person) { redeemed.push_back(person.has_value()); });
  };
  redeem();
  fetcher_.answer(200, std::string(kMetadata));
  EXPECT_THAT(
      fetcher_.next().body,
      HasSubstr("grant_type=authorization_code&code=c&redirect_uri=r&code_verifier=v&client_id=meet%20%26%20co"));
  fetcher_.answer(200, answer_of(old_signer, "n"));
  fetcher_.answer(200, keys(old_signer));
  EXPECT_THAT(redeemed, testing::ElementsAre(true));

  redeem();  // at once: the keys are young
  fetcher_.answer(200, answer_of(new_signer, "n"));
  EXPECT_THAT(fetcher_.sent, SizeIs(0));
  EXPECT_THAT(redeemed, testing::ElementsAre(true, false));

  loop_.advance(Provider::kYoungKeys);
  redeem();
  fetcher_.answer(200, answer_of(new_signer, "n"));
  EXPECT_EQ(fetcher_.next().url, "https://idp.example/keys");
  fetcher_.answer(200, keys(new_signer));
  EXPECT_THAT(redeemed, testing::ElementsAre(true, false, true));
}

TEST_F(SignInTest, GoesHomeOnLogoutWhenTheProviderHasNoEndOfSession) {
  ask(get("/auth/logout"));
  fetcher_.answer(200, std::string(kMetadata));
  EXPECT_EQ(answers_.front().headers.find("Location"), "https://meet.example/");
}

TEST_F(SignInTest, WritesNothingOfTheRequestIntoAPageUnescaped) {
  ask(get("/auth/login?room=%3Cb%3E"));
  ASSERT_THAT(answers_, SizeIs(1));
  EXPECT_EQ(answers_.front().status, 400);
  EXPECT_EQ(answers_.front().body.find("<b>"), std::string::npos);
}

}  // namespace
}  // namespace conclave::oidc
