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

TEST(LoginSeal, IsOpenedByItsStateForAWhile) {
  SeededRandom random(1);
  const LoginSeal seal(random);
  const TimePoint t0{};
  const auto room = *access::canonical_room("stand up", "acme");
  const SealedLogin one = seal.begin(random, room, t0);
  const auto opened = seal.open(one.secrets.state, one.cookie, t0 + LoginSeal::kLifetime - 1ms);
  ASSERT_TRUE(opened.has_value());
  EXPECT_EQ(opened->room, room);
  EXPECT_EQ(opened->nonce, one.secrets.nonce);
  EXPECT_EQ(opened->verifier, one.secrets.verifier);
  EXPECT_EQ(seal.open(one.secrets.state, one.cookie, t0 + LoginSeal::kLifetime).error(), LoginSeal::Mismatch::TooLate);
}

TEST(LoginSeal, TellsTheBrowserNothingAndTakesNothingThatIsNotItsOwn) {
  SeededRandom random(1);
  const LoginSeal seal(random);
  const LoginSeal of_another_server(random);
  const TimePoint t0{};
  const SealedLogin one = seal.begin(random, room(), t0);
  const SealedLogin two = seal.begin(random, room(), t0);
  const std::string sealed = *base64url_decode(one.cookie);
  for (const std::string& secret : {one.secrets.verifier, one.secrets.nonce, one.secrets.state}) {
    EXPECT_EQ(sealed.find(secret), std::string::npos);
    EXPECT_EQ(one.cookie.find(secret), std::string::npos);
  }
  const auto refused = [&](const std::string& state, const std::string& cookie) {
    const auto opened = seal.open(state, cookie, t0);
    return !opened && opened.error() == LoginSeal::Mismatch::OtherBrowser;
  };
  EXPECT_TRUE(refused(two.secrets.state, one.cookie));
  EXPECT_TRUE(refused("", one.cookie));
  EXPECT_TRUE(refused(one.secrets.state, ""));
  EXPECT_TRUE(refused(one.secrets.state, one.cookie + "AAAA"));
  EXPECT_TRUE(refused(one.secrets.state, one.cookie.substr(0, 20)));
  EXPECT_TRUE(refused(one.secrets.state, "not base64!"));
  EXPECT_TRUE(refused(one.secrets.state, of_another_server.begin(random, room(), t0).cookie));
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    std::string changed = sealed;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    ASSERT_TRUE(refused(one.secrets.state, base64url_encode(as_bytes(changed)))) << i;
  }
}

TEST(LoginSeal, FitsIntoACookieHoweverLongTheNameOfTheRoom) {
  SeededRandom random(1);
  const auto longest = *access::canonical_room(std::string(access::kMaxRoomNameBytes, 'r'), std::string(64, 't'));
  EXPECT_LE(LoginSeal(random).begin(random, longest, TimePoint{}).cookie.size(), 2048u);
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

TEST(SourceLimit, WhoAsksMostIsForgottenLast) {
  SourceLimit limit;
  const Address greedy = Address::v4(0xffffffff, 1);
  for (unsigned i = 0; i < SourceLimit::kPerMinute; ++i) EXPECT_TRUE(limit.allows(greedy, TimePoint{}));
  for (std::uint32_t i = 0; i <= SourceLimit::kMaxSources; ++i)
    EXPECT_TRUE(limit.allows(Address::v4(i, 1), TimePoint{}));
  EXPECT_FALSE(limit.allows(greedy, TimePoint{}));
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

// Nothing is kept for a login that was begun, so nobody can fill it up for the others, from however many addresses.
TEST_F(SignInTest, BeginsLoginsWithoutEndFromManyAddresses) {
  ask(get("/auth/login?room=a"));
  fetcher_.answer(200, std::string(kMetadata));
  for (std::uint32_t i = 0; i < 12'000; ++i) {
    HttpRequest request = get("/auth/login?room=a");
    request.peer = Address::v4(0x0a000000 + i / SourceLimit::kPerMinute, 1);
    ask(std::move(request));
    ASSERT_EQ(answers_.back().status, 302) << i;
  }
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
