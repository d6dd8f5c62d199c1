#include "oidc/id_token.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "access/jwk.h"
#include "access/mint.h"
#include "access/test_signer.h"

namespace conclave::oidc {
namespace {

using access::Algorithm;
using access::TestSigner;
using testing::HasSubstr;

const WallTime kNow(std::chrono::seconds(1'800'000'000));
constexpr std::string_view kBody =
    R"({"iss":"https://idp.example","aud":"meet","sub":"ada","iat":1799999990,"exp":1800000300,"nonce":"n"})";

std::string part(std::string_view text) {
  return base64url_encode(as_bytes(text));
}

class IdTokenTest : public ::testing::Test {
 protected:
  std::string signed_token(std::string_view body, std::string_view header = R"({"alg":"ES256","kid":"a"})") const {
    const std::string text = part(header) + "." + part(body);
    return text + "." + part(signer_.signature(text));
  }
  std::string problem(std::string_view token) const {
    const auto result = verify_id_token(token, keys_, rules_, kNow);
    return result ? "none" : result.error().problem;
  }
  std::string problem_of(std::string_view body) const { return problem(signed_token(body)); }

  TestSigner signer_{Algorithm::ES256};
  IdTokenRules rules_{.issuer = "https://idp.example", .client_id = "meet", .nonce = "n"};
  std::vector<access::VerificationKey> keys_ =
      access::read_key_set(R"({"keys":[)" + signer_.jwk(R"(,"kid":"a","alg":"ES256")") + "]}", {})->keys;
};

TEST_F(IdTokenTest, IsBelievedWhenAllOfItFits) {
  const auto claims = verify_id_token(signed_token(kBody), keys_, rules_, kNow);
  ASSERT_TRUE(claims.has_value()) << claims.error().problem;
  EXPECT_EQ(*claims, kBody);
  EXPECT_EQ(
      problem_of(
          R"({"iss":"https://idp.example","aud":["x","meet"],"azp":"meet","sub":"a","iat":1,"exp":1800000000,"nonce":"n"})"),
      "none");
}

TEST_F(IdTokenTest, IsRefusedForEveryClaimThatDoesNotFit) {
  for (
      const auto& [body, why] : std::vector<std::pair<std::string, std::string>>{
          {R"({"iss":"https://idp.example/","aud":"meet","sub":"a","iat":1,"exp":1800000300,"nonce":"n"})", "issuer"},
          {R"({"aud":"meet","sub":"a","iat":1,"exp":1800000300,"nonce":"n"})", "issuer"},
          {R"({"iss":"https://idp.example","aud":"meet2","sub":"a","iat":1,"exp":1800000300,"nonce":"n"})", "client"},
          {R"({"iss":"https://idp.example","aud":["meet","x"],"sub":"a","iat":1,"exp":1800000300,"nonce":"n"})",
           "client"},
          {R"({"iss":"https://idp.example","aud":"meet","azp":"x","sub":"a","iat":1,"exp":1800000300,"nonce":"n"})",
           "client"},
          {R"({"iss":"https://idp.example","sub":"a","iat":1,"exp":1800000300,"nonce":"n"})", "client"},
          {R"({"iss":"https://idp.example","aud":"meet","sub":"a","iat":1,"exp":1799999940,"nonce":"n"})", "expired"},
          {R"({"iss":"https://idp.example","aud":"meet","sub":"a","iat":1,"exp":"1800000300","nonce":"n"})", "exp"},
          {R"({"iss":"https://idp.example","aud":"meet","sub":"a","exp":1800000300,"nonce":"n"})", "iat"},
          {R"({"iss":"https://idp.example","aud":"meet","sub":"a","iat":1800000061,"exp":1800000300,"nonce":"n"})",
           "future"},
          {R"({"iss":"https://idp.example","aud":"meet","sub":"a","iat":1,"nbf":1800000061,"exp":1800000300,"nonce":"n"})",
           "yet"},
          {R"({"iss":"https://idp.example","aud":"meet","sub":"a","iat":1,"exp":1800000300,"nonce":"N"})", "nonce"},
          {R"({"iss":"https://idp.example","aud":"meet","sub":"a","iat":1,"exp":1800000300})", "nonce"},
          {R"({"iss":"https://idp.example","aud":"meet","sub":"","iat":1,"exp":1800000300,"nonce":"n"})", "sub"},
          {R"({"iss":"https://idp.example","aud":"meet","sub":5,"iat":1,"exp":1800000300,"nonce":"n"})", "sub"},
          {R"({"sub":"a","sub":"b","iss":"https://idp.example","aud":"meet","iat":1,"exp":1800000300,"nonce":"n"})",
           "malformed"},
          {"[]", "malformed"},
          {"", "malformed"}}) {
    EXPECT_THAT(problem_of(body), HasSubstr(why)) << body;
  }
}

TEST_F(IdTokenTest, NeedsAKeyOfTheProviderWithItsOwnAlgorithm) {
  const std::string good = signed_token(kBody);
  EXPECT_EQ(problem(good), "none");
  const auto unknown = verify_id_token(signed_token(kBody, R"({"alg":"ES256","kid":"b"})"), keys_, rules_, kNow);
  ASSERT_FALSE(unknown.has_value());
  EXPECT_TRUE(unknown.error().unknown_key);
  EXPECT_THAT(problem(signed_token(kBody, R"({"alg":"none","kid":"a"})")), HasSubstr("signed"));
  EXPECT_THAT(problem(signed_token(kBody, R"({"alg":"ES384","kid":"a"})")), HasSubstr("signed"));
  EXPECT_THAT(problem(good.substr(0, good.rfind('.') + 1)), HasSubstr("signed"));
  EXPECT_THAT(problem(signed_token(kBody, R"({"alg":"ES256","kid":"a","crit":["x"]})")), HasSubstr("malformed"));
  EXPECT_EQ(problem(signed_token(kBody, R"({"alg":"ES256"})")), "none");
}

TEST_F(IdTokenTest, NeverAsksASecret) {
  keys_ = {*access::VerificationKey::from_secret(Algorithm::HS256, "0123456789abcdef0123456789abcdef")};
  EXPECT_THAT(problem(access::sign_token(R"({"alg":"HS256"})", kBody, "0123456789abcdef0123456789abcdef")),
              HasSubstr("signed"));
}

TEST_F(IdTokenTest, IsNoOtherText) {
  for (const auto* text : {"", ".", "..", "...", "a.b", "a.b.c.d", "é.é.é"}) {
    EXPECT_NE(problem(text), "none") << text;
  }
  EXPECT_THAT(problem(std::string(20000, 'a')), HasSubstr("long"));
}

}  // namespace
}  // namespace conclave::oidc
