// The checks of access.md 1.2, the claims of 1.3, and the attacks of part 5 by their numbers.
#include "access/token.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <memory>

#include "access/decide.h"
#include "access/mint.h"
#include "base/base64.h"

namespace conclave::access {
namespace {

const WallTime kNow{std::chrono::seconds(1'800'000'000)};
constexpr std::string_view kSecret = "a-secret-of-thirty-two-bytes-min";
constexpr std::string_view kOtherSecret = "another-secret-of-thirty-two-byt";
constexpr std::string_view kHeader = R"({"alg":"HS256","typ":"JWT"})";
constexpr std::string_view kBody = R"({"iss":"app","aud":"conclave","sub":"meet.test","room":"a"})";

VerificationKey secret_key(std::string_view secret, Algorithm algorithm = Algorithm::HS256, std::string key_id = {}) {
  return *VerificationKey::from_secret(algorithm, std::string(secret), std::move(key_id));
}
Issuer app() {
  return {.name = "app", .keys = {secret_key(kSecret)}, .accepted_issuers = {"app"}, .own_names = {"meet.test"}};
}

std::string verdict(std::string_view token, const Issuer& issuer = app(), WallTime now = kNow) {
  const auto identity = TokenVerifier({issuer}).verify(token, now);
  return identity ? "good" : std::string(slug_text(identity.error().slug));
}
std::string sasl_text(std::string_view token, const Issuer& issuer = app()) {
  const auto identity = TokenVerifier({issuer}).verify(token, kNow);
  return identity ? "good" : std::string(condition_text(identity.error().condition)) + ": " + identity.error().text;
}
std::string body(std::string_view json) {
  return sign_token(kHeader, json, kSecret);
}
std::string with_header(std::string_view json) {
  return sign_token(json, kBody, kSecret);
}
Identity good(std::string_view token, const Issuer& issuer = app()) {
  const auto identity = TokenVerifier({issuer}).verify(token, kNow);
  EXPECT_TRUE(identity) << identity.error().text;
  return identity.value_or(Identity{});
}
Identity context(std::string_view json) {
  return good(body(R"({"iss":"app","aud":"x","sub":"*","room":"*","context":)" + std::string(json) + "}"));
}
std::string scope_says(const Identity& identity, std::string_view name, std::string_view tenant = {}) {
  const auto room = canonical_room(name, tenant);
  if (!room) return "no room";
  switch (covers(identity.scope, *room, kNow)) {
    case ScopeVerdict::InScope:
      return "in";
    case ScopeVerdict::OtherRoom:
      return "other room";
    case ScopeVerdict::OtherTenant:
      return "other tenant";
    case ScopeVerdict::NotYet:
      return "not yet";
    case ScopeVerdict::Expired:
      return "expired";
  }
  return "";
}

struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using Key = std::unique_ptr<EVP_PKEY, FreeKey>;

Key rsa(unsigned bits) {
  return Key(EVP_RSA_gen(bits));
}
std::string public_pem(EVP_PKEY* key) {
  BIO* bio = BIO_new(BIO_s_mem());
  PEM_write_bio_PUBKEY(bio, key);
  char* data = nullptr;
  const auto size = BIO_get_mem_data(bio, &data);
  std::string pem(data, static_cast<std::size_t>(size));
  BIO_free(bio);
  return pem;
}
std::string rsa_token(EVP_PKEY* key, std::string_view header, std::string_view json) {
  const std::string text = base64url_encode(as_bytes(header)) + "." + base64url_encode(as_bytes(json));
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  EVP_DigestSignInit(context, nullptr, EVP_sha256(), nullptr, key);
  std::string signature(1024, '\0');
  std::size_t size = signature.size();
  EVP_DigestSign(context, reinterpret_cast<unsigned char*>(signature.data()), &size,
                 reinterpret_cast<const unsigned char*>(text.data()), text.size());
  EVP_MD_CTX_free(context);
  signature.resize(size);
  return text + "." + base64url_encode(as_bytes(signature));
}
Issuer rsa_issuer(std::string_view pem) {
  Issuer issuer = app();
  issuer.keys = {*VerificationKey::from_pem(Algorithm::RS256, pem)};
  return issuer;
}

// RFC 7515 appendix A.1: a token of somebody else's making.
TEST(Hmac, AgreesWithTheExampleOfRfc7515) {
  const auto key =
      base64url_decode("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow");
  ASSERT_TRUE(key);
  EXPECT_TRUE(secret_key(*key).verifies(
      "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9."
      "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ",
      *base64url_decode("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")));
}

TEST(TokenVerifier, AcceptsWhatItMints) {
  const Identity identity = good(mint_token({.issuer = "app",
                                             .audience = "conclave",
                                             .subject = "meet.test",
                                             .room = "Board",
                                             .role = ClaimedRole::Moderator,
                                             .user_name = "Ada",
                                             .user_id = "7",
                                             .expires = kNow + 1h},
                                            kSecret));
  EXPECT_EQ(identity.kind, IdentityKind::Token);
  EXPECT_EQ(identity.claimed_role, ClaimedRole::Moderator);
  EXPECT_EQ(identity.proof.role_claim, "context.user.moderator=true");
  EXPECT_EQ(identity.display.name, "Ada");
  EXPECT_TRUE(identity.display.verified);
  EXPECT_EQ(identity.subject, "token:app/app/meet.test/7");
  EXPECT_EQ(scope_says(identity, "board"), "in");
  EXPECT_EQ(scope_says(identity, "other"), "other room");
}

TEST(TokenVerifier, TakesAllAlgorithmsOfTheFamilies) {
  for (const Algorithm algorithm : {Algorithm::HS256, Algorithm::HS384, Algorithm::HS512}) {
    Issuer issuer = app();
    issuer.keys = {secret_key(kSecret, algorithm)};
    const std::string header = R"({"alg":")" + std::string(algorithm_text(algorithm)) + R"("})";
    EXPECT_EQ(verdict(sign_token(header, kBody, kSecret, algorithm), issuer), "good");
  }
  const Key key = rsa(2048);
  EXPECT_EQ(verdict(rsa_token(key.get(), R"({"alg":"RS256","typ":"JWT"})", kBody), rsa_issuer(public_pem(key.get()))),
            "good");
}

TEST(TokenVerifier, A1_UnsignedTokensAreRefused) {
  for (const char* header :
       {R"({"alg":"none"})", R"({"alg":"None"})", R"({"alg":"NONE"})", R"({"alg":""})", R"({"alg":"hs256"})"}) {
    EXPECT_EQ(verdict(with_header(header)), "token-algorithm") << header;
    const std::string token = with_header(header);
    EXPECT_EQ(verdict(token.substr(0, token.rfind('.') + 1)), "token-algorithm");
  }
  EXPECT_EQ(sasl_text(with_header(R"({"typ":"JWT"})")), "not-allowed: 'alg' claim is missing");
  const std::string token = body(kBody);
  EXPECT_EQ(verdict(token.substr(0, token.rfind('.') + 1)), "token-signature");
}

TEST(TokenVerifier, A2_PublicKeyIsNeverASecret) {
  const Key key = rsa(2048);
  const std::string pem = public_pem(key.get());
  EXPECT_EQ(verdict(sign_token(kHeader, kBody, pem), rsa_issuer(pem)), "token-algorithm");
  EXPECT_EQ(VerificationKey::from_secret(Algorithm::RS256, pem).error(), KeyError::WrongFamily);
  EXPECT_EQ(VerificationKey::from_pem(Algorithm::HS256, pem).error(), KeyError::WrongFamily);
}

TEST(TokenVerifier, A3_AlgorithmIsPinnedToItsKey) {
  const Key key = rsa(2048);
  EXPECT_EQ(sasl_text(rsa_token(key.get(), R"({"alg":"RS256"})", kBody)), "not-allowed: Invalid or incorrect alg");
  EXPECT_EQ(verdict(sign_token(R"({"alg":"HS384"})", kBody, kSecret, Algorithm::HS384)), "token-algorithm");
  const Key other = rsa(2048);
  EXPECT_EQ(verdict(rsa_token(other.get(), R"({"alg":"RS256"})", kBody), rsa_issuer(public_pem(key.get()))),
            "token-signature");
}

TEST(VerificationKey, A3_WeakAndForeignKeysAreRefused) {
  const Key weak = rsa(1024);
  EXPECT_EQ(VerificationKey::from_pem(Algorithm::RS256, public_pem(weak.get())).error(), KeyError::TooShort);
  const Key curve(EVP_EC_gen("P-256"));
  EXPECT_EQ(VerificationKey::from_pem(Algorithm::RS256, public_pem(curve.get())).error(), KeyError::WrongFamily);
  EXPECT_EQ(VerificationKey::from_pem(Algorithm::RS256, "garbage").error(), KeyError::Unreadable);
  EXPECT_EQ(VerificationKey::from_secret(Algorithm::HS256, "").error(), KeyError::Empty);
}

TEST(TokenVerifier, A4_KeysInsideATokenAreIgnoredAndCriticalExtensionsRefused) {
  EXPECT_EQ(
      verdict(with_header(
          R"({"alg":"HS256","jwk":{"kty":"oct","k":"YQ"},"jku":"https://evil.test","x5u":"https://evil.test","x5c":["a"]})")),
      "good");
  const std::string forged = sign_token(R"({"alg":"HS256","jwk":{"kty":"oct","k":"YQ"}})", kBody, "a");
  EXPECT_EQ(verdict(forged), "token-signature");
  EXPECT_EQ(verdict(with_header(R"({"alg":"HS256","crit":["exp"]})")), "token-malformed");
  EXPECT_EQ(verdict(with_header(R"({"alg":"HS256","crit":[]})")), "token-malformed");
}

TEST(TokenVerifier, A5_ShapeIsStrict) {
  const std::string token = body(kBody);
  const std::size_t dot = token.find('.');
  for (const std::string& bad :
       {std::string(), std::string("."), std::string(".."), std::string("..."), "." + token, token + ".", token + ".x",
        " " + token, token + " ", token + "\n", token + "=", token.substr(0, dot),
        std::string(token).replace(dot, 1, "\\"), std::string(token).insert(dot, "="),
        std::string(token).insert(3, " "), std::string(1 << 20, 'a'), std::string(1 << 20, '.')}) {
    EXPECT_EQ(verdict(bad), "token-malformed") << bad.substr(0, 100);
  }
  // Unused bits of the last character: one signature, one text.
  std::string other = token;
  other.back() = other.back() == 'A' ? 'B' : 'A';
  EXPECT_NE(verdict(other), "good");
}

TEST(TokenVerifier, A5_JsonIsStrict) {
  const std::string deep =
      R"({"iss":"app","aud":"x","sub":"*","room":"a","x":)" + std::string(5000, '[') + std::string(5000, ']') + "}";
  std::string wide = R"({"iss":"app","aud":"x","sub":"*","room":"a","x":[0)";
  for (int i = 0; i < 1000; ++i) wide += ",0";
  wide += "]}";
  for (
      const std::string& json : {
          std::string(R"({"iss":"app","aud":"x","sub":"*","room":"a","room":"b"})"),
          std::string(
              R"({"iss":"app","aud":"x","sub":"*","room":"a","context":{"user":{"moderator":false,"moderator":true}}})"),
          std::string(R"({"iss":"app","aud":"x","sub":"*","room":"a\u0000b"})"),
          std::string(R"({"iss":"app","aud":"x","sub":"*","room":"a",})"),
          std::string(R"({"iss":"app","aud":"x","sub":"*","room":"\xff"})"),
          std::string("[]"),
          std::string("null"),
          std::string(),
          std::string(R"({"iss":"app"} {})"),
          deep,
          wide,
      }) {
    EXPECT_EQ(verdict(body(json)), "token-malformed") << json.substr(0, 120);
  }
  EXPECT_EQ(verdict(with_header(R"({"alg":"HS256","alg":"none"})")), "token-malformed");
}

TEST(TokenVerifier, A5_TimesAreNumbersWithinTheCalendar) {
  for (const char* exp :
       {R"("1900000000")", "1e300", "-1", "[1900000000]", "true", "{}", "253402300800", "1e999", "NaN"}) {
    EXPECT_NE(verdict(body(R"({"iss":"app","aud":"x","sub":"*","room":"a","exp":)" + std::string(exp) + "}")), "good")
        << exp;
  }
  EXPECT_EQ(sasl_text(body(R"({"iss":"app","aud":"x","sub":"*","room":"a","exp":"1"})")),
            "not-allowed: exp must be number");
  EXPECT_EQ(sasl_text(body(R"({"iss":"app","aud":"x","sub":"*","room":"a","nbf":[]})")),
            "not-allowed: nbf must be number");
  EXPECT_EQ(verdict(body(R"({"iss":"app","aud":"x","sub":"*","room":"a","exp":1900000000.5})")), "good");
}

TEST(TokenVerifier, A6_RequiredClaimsAreRequired) {
  EXPECT_EQ(sasl_text(body(R"({"aud":"x","sub":"*","room":"a"})")), "not-allowed: 'iss' claim is missing");
  EXPECT_EQ(sasl_text(body(R"({"iss":"app","sub":"*","room":"a"})")), "not-allowed: 'aud' claim is missing");
  EXPECT_EQ(sasl_text(body(R"({"iss":"app","aud":"x","room":"a"})")), "not-authorized: sub claim is missing");
  EXPECT_EQ(sasl_text(body(R"({"iss":"app","aud":"x","sub":"*"})")), "not-authorized: room claim is missing");
  EXPECT_EQ(sasl_text(body(R"({"iss":"other","aud":"x","sub":"*","room":"a"})")), "not-allowed: invalid 'iss' claim");
  Issuer lenient = app();
  lenient.require_room = false;
  EXPECT_EQ(verdict(body(R"({"iss":"app","aud":"x","sub":"*"})"), lenient), "good");
  Issuer strict = app();
  strict.require_exp = true;
  EXPECT_EQ(verdict(body(kBody), strict), "token-malformed");
}

TEST(TokenVerifier, A6_AudienceIsAStringOrAList) {
  Issuer issuer = app();
  issuer.accepted_audiences = {"conclave"};
  EXPECT_EQ(verdict(body(R"({"iss":"app","aud":"conclave","sub":"*","room":"a"})"), issuer), "good");
  EXPECT_EQ(verdict(body(R"({"iss":"app","aud":["x","conclave"],"sub":"*","room":"a"})"), issuer), "good");
  EXPECT_EQ(verdict(body(R"({"iss":"app","aud":["x","y"],"sub":"*","room":"a"})"), issuer), "token-audience");
  EXPECT_EQ(verdict(body(R"({"iss":"app","aud":[],"sub":"*","room":"a"})"), issuer), "token-audience");
  EXPECT_EQ(verdict(body(R"({"iss":"app","aud":"*","sub":"*","room":"a"})"), issuer), "token-audience");
  EXPECT_EQ(verdict(body(R"({"iss":"app","aud":[1],"sub":"*","room":"a"})"), issuer), "token-malformed");
}

TEST(TokenVerifier, A6_OneIssuersKeyDoesNotSignForAnother) {
  Issuer other = app();
  other.name = "other";
  other.keys = {secret_key(kOtherSecret)};
  other.accepted_issuers = {"other"};
  const TokenVerifier verifier({app(), other});
  const std::string crossed = sign_token(kHeader, R"({"iss":"app","aud":"x","sub":"*","room":"a"})", kOtherSecret);
  EXPECT_EQ(verifier.verify(crossed, kNow).error().slug, Slug::TokenIssuer);
  const auto theirs =
      verifier.verify(sign_token(kHeader, R"({"iss":"other","aud":"x","sub":"*","room":"a"})", kOtherSecret), kNow);
  ASSERT_TRUE(theirs);
  EXPECT_EQ(theirs->proof.issuer, "other");
}

TEST(TokenVerifier, KeyIdChoosesAmongKeys) {
  Issuer issuer = app();
  issuer.keys = {secret_key(kSecret, Algorithm::HS256, "one"), secret_key(kOtherSecret, Algorithm::HS256, "two")};
  EXPECT_EQ(verdict(sign_token(R"({"alg":"HS256","kid":"two"})", kBody, kOtherSecret), issuer), "good");
  EXPECT_EQ(verdict(sign_token(R"({"alg":"HS256","kid":"one"})", kBody, kOtherSecret), issuer), "token-signature");
  EXPECT_EQ(sasl_text(sign_token(R"({"alg":"HS256","kid":"../../x"})", kBody, kSecret), issuer),
            "not-allowed: could not obtain public key");
  EXPECT_EQ(verdict(with_header(R"({"alg":"HS256","kid":7})"), issuer), "token-malformed");
}

TEST(TokenVerifier, TypeIsJwtOrAbsent) {
  EXPECT_EQ(verdict(with_header(R"({"alg":"HS256","typ":"jwt"})")), "good");
  EXPECT_EQ(verdict(with_header(R"({"alg":"HS256"})")), "good");
  EXPECT_EQ(sasl_text(with_header(R"({"alg":"HS256","typ":"JWE"})")), "not-allowed: Invalid typ");
}

TEST(TokenVerifier, WrongSignatureIsSaid) {
  EXPECT_EQ(sasl_text(sign_token(kHeader, kBody, kOtherSecret)), "not-allowed: Invalid signature");
}

TEST(TokenVerifier, A11_BoundsAreExact) {
  const auto timed = [](std::string_view claim, WallTime at) {
    return body(R"({"iss":"app","aud":"x","sub":"*","room":"a",")" + std::string(claim) +
                "\":" + std::to_string(at.time_since_epoch().count()) + "}");
  };
  EXPECT_EQ(verdict(timed("exp", kNow - 59s)), "good");
  EXPECT_EQ(verdict(timed("exp", kNow - 60s)), "token-expired");
  EXPECT_EQ(verdict(timed("nbf", kNow + 60s)), "good");
  EXPECT_EQ(verdict(timed("nbf", kNow + 61s)), "token-not-yet");
  Issuer exact = app();
  exact.leeway = 0s;
  EXPECT_EQ(verdict(timed("exp", kNow), exact), "token-expired");
  EXPECT_EQ(verdict(timed("exp", kNow + 1s), exact), "good");
  EXPECT_EQ(verdict(timed("nbf", kNow), exact), "good");
  EXPECT_EQ(verdict(timed("nbf", kNow + 1s), exact), "token-not-yet");
}

TEST(TokenVerifier, A11_ScopeEndsWhenTheTokenDoes) {
  const Identity identity = good(body(R"({"iss":"app","aud":"x","sub":"*","room":"a","exp":1800000100})"));
  EXPECT_EQ(covers(identity.scope, *canonical_room("a"), kNow + 159s), ScopeVerdict::InScope);
  EXPECT_EQ(covers(identity.scope, *canonical_room("a"), kNow + 160s), ScopeVerdict::Expired);
}

TEST(TokenVerifier, A12_EveryByteOfTheSignatureCounts) {
  const std::string token = body(kBody);
  const std::size_t start = token.rfind('.') + 1;
  for (std::size_t i = start; i < token.size(); ++i) {
    std::string other = token;
    other[i] = other[i] == 'A' ? 'B' : 'A';
    EXPECT_NE(verdict(other), "good") << i;
  }
}

Identity with_room(std::string_view room_json, std::string_view regex = "true") {
  return good(body(R"({"iss":"app","aud":"x","sub":"*","room":)" + std::string(room_json) +
                   R"(,"context":{"room":{"regex":)" + std::string(regex) + "}}}"));
}

TEST(TokenVerifier, A13_RoomPatterns) {
  EXPECT_EQ(scope_says(with_room(R"("team-%d+")", "false"), "team-1"), "other room");
  EXPECT_EQ(scope_says(with_room(R"("team%-%d+")"), "team-1"), "in");
  EXPECT_EQ(scope_says(with_room(R"("team%-%d+")", R"("true")"), "team-1"), "in");
  EXPECT_EQ(scope_says(with_room(R"("team%-%d+")", R"("yes")"), "team-1"), "other room");
  EXPECT_EQ(scope_says(with_room(R"("team%-%d+")", "1"), "team-1"), "other room");
  EXPECT_EQ(scope_says(with_room(R"("team%-%d+")"), "xteam-1"), "other room");
  EXPECT_EQ(scope_says(with_room(R"("(")"), "("), "other room");
  EXPECT_EQ(scope_says(with_room(R"("%")"), "a"), "other room");
  EXPECT_EQ(scope_says(with_room("\"" + std::string(9000, 'a') + "\""), "a"), "other room");
}

TEST(TokenVerifier, A14_WrongTypesNeverCrashAndNeverWiden) {
  for (const char* json : {
           R"({"iss":"app","aud":"x","sub":"*","room":7})",
           R"({"iss":"app","aud":"x","sub":"*","room":{}})",
           R"({"iss":"app","aud":"x","sub":"*","room":["a"]})",
           R"({"iss":7,"aud":"x","sub":"*","room":"a"})",
           R"({"iss":"app","aud":7,"sub":"*","room":"a"})",
           R"({"iss":"app","aud":"x","sub":[],"room":"a"})",
           R"({"iss":"app","aud":"x","sub":"*","room":"a","context":"x"})",
           R"({"iss":"app","aud":"x","sub":"*","room":"a","context":{"user":[]}})",
           R"({"iss":"app","aud":"x","sub":"*","room":"a","context":{"features":["recording"]}})",
           R"({"iss":"app","aud":"x","sub":"*","room":"a","context":{"room":"x"}})",
           R"({"iss":"app","aud":"x","sub":"*","room":"a","context":{"user":{"name":{}}}})",
           R"({"iss":"app","aud":"x","sub":"*","room":"a","jti":{}})",
       }) {
    EXPECT_EQ(verdict(body(json)), "token-malformed") << json;
  }
  EXPECT_EQ(context(R"({"user":{"moderator":[true]}})").claimed_role, ClaimedRole::Participant);
  EXPECT_EQ(context(R"({"user":{"affiliation":{}}})").claimed_role, ClaimedRole::Participant);
  EXPECT_EQ(context(R"({"user":{"lobby_bypass":"yes"}})").lobby_bypass, false);
}

// S10: all forms of the role claim.
TEST(TokenVerifier, S10_RoleClaims) {
  for (const char* user : {R"({"moderator":true})", R"({"moderator":"true"})", R"({"affiliation":"owner"})",
                           R"({"affiliation":"moderator"})", R"({"affiliation":"teacher"})",
                           R"({"affiliation":"member","moderator":true})"}) {
    EXPECT_EQ(context(R"({"user":)" + std::string(user) + "}").claimed_role, ClaimedRole::Moderator) << user;
  }
  for (const char* user : {R"({"moderator":false})", R"({"moderator":"false"})", R"({"moderator":"yes"})",
                           R"({"moderator":1})", R"({"affiliation":"member"})", R"({"affiliation":"Owner"})"}) {
    EXPECT_EQ(context(R"({"user":)" + std::string(user) + "}").claimed_role, ClaimedRole::Participant) << user;
  }
  EXPECT_EQ(context(R"({"user":{"role":"visitor"}})").claimed_role, ClaimedRole::Visitor);
  EXPECT_EQ(context(R"({"user":{"role":"moderator"}})").claimed_role, ClaimedRole::Unsaid);
  EXPECT_EQ(context(R"({"user":{"moderator":null}})").claimed_role, ClaimedRole::Unsaid);
  EXPECT_EQ(context("{}").claimed_role, ClaimedRole::Unsaid);
  EXPECT_EQ(good(body(R"({"iss":"app","aud":"x","sub":"*","room":"a","moderator":true})")).claimed_role,
            ClaimedRole::Moderator);
  EXPECT_EQ(good(body(R"({"iss":"app","aud":"x","sub":"*","room":"a","moderator":false})")).proof.role_claim,
            "moderator=false");
}

TEST(TokenVerifier, FeaturesAreTheTrueOnes) {
  EXPECT_EQ(context("{}").features, std::nullopt);
  EXPECT_EQ(context(R"({"features":{}})").features, FeatureSet{});
  EXPECT_EQ(
      context(R"({"features":{"recording":true,"livestreaming":"true","flip":false,"lobby":"false","x":1}})").features,
      (FeatureSet{"recording", "livestreaming"}));
}

TEST(TokenVerifier, DisplayComesFromTheContextThenFromTheTop) {
  const Identity inside = context(R"({"user":{"id":42,"name":"Ada","email":"a@x.test","avatarUrl":"u"},"group":"g"})");
  EXPECT_EQ(inside.display.user_id, "42");
  EXPECT_EQ(inside.display.name, "Ada");
  EXPECT_EQ(inside.display.avatar, "u");
  EXPECT_EQ(inside.display.group, "g");
  const Identity top =
      good(body(R"({"iss":"app","aud":"x","sub":"*","room":"a","user_id":"f1","name":"Bob","picture":"p"})"));
  EXPECT_EQ(top.display.name, "Bob");
  EXPECT_EQ(top.display.user_id, "f1");
}

// S23.
TEST(TokenVerifier, S23_SubjectsDifferByIssuerTenantAndPerson) {
  Issuer several = app();
  several.accepted_issuers = {"*"};
  std::set<std::string> subjects;
  for (const char* json :
       {R"({"iss":"a","aud":"x","sub":"t","room":"*","context":{"user":{"id":"1"}}})",
        R"({"iss":"b","aud":"x","sub":"t","room":"*","context":{"user":{"id":"1"}}})",
        R"({"iss":"a","aud":"x","sub":"u","room":"*","context":{"user":{"id":"1"}}})",
        R"({"iss":"a","aud":"x","sub":"t","room":"*","context":{"user":{"id":"2"}}})",
        R"({"iss":"a/t","aud":"x","sub":"","room":"*","context":{"user":{"id":"1"}}})",
        R"({"iss":"a","aud":"x","sub":"t/1","room":"*","context":{"user":{"id":""}}})",
        R"({"iss":"a","aud":"x","sub":"t","room":"*"})", R"({"iss":"a","aud":"x","sub":"t","room":"b"})"}) {
    EXPECT_TRUE(subjects.insert(good(body(json), several).subject).second) << json;
  }
  EXPECT_FALSE(subjects.contains(guest("a").subject));
}

// access.md 4.9, A16, A26.
TEST(TokenVerifier, TenantMustBeNamedAlways) {
  const Identity plain = good(body(kBody));
  EXPECT_EQ(scope_says(plain, "a"), "in");
  EXPECT_EQ(scope_says(plain, "a", "acme"), "other tenant");
  const Identity any = good(body(R"({"iss":"app","aud":"x","sub":"*","room":"a"})"));
  EXPECT_EQ(scope_says(any, "a", "acme"), "in");
  const Identity by_sub = good(body(R"({"iss":"app","aud":"x","sub":"Acme","room":"a"})"));
  EXPECT_EQ(scope_says(by_sub, "a", "acme"), "in");
  EXPECT_EQ(scope_says(by_sub, "a", "other"), "other tenant");
  const Identity by_context =
      good(body(R"({"iss":"app","aud":"x","sub":"meet.test","room":"a","context":{"tenant":"acme"}})"));
  EXPECT_EQ(scope_says(by_context, "a", "acme"), "in");
}

TEST(TokenVerifier, DomainVerificationBindsRoomsWithoutTenant) {
  Issuer strict = app();
  strict.verify_domain = true;
  EXPECT_EQ(scope_says(good(body(kBody), strict), "a"), "in");
  EXPECT_EQ(scope_says(good(body(R"({"iss":"app","aud":"x","sub":"MEET.test","room":"a"})"), strict), "a"), "in");
  EXPECT_EQ(scope_says(good(body(R"({"iss":"app","aud":"x","sub":"*","room":"a"})"), strict), "a"), "in");
  const Identity foreign = good(body(R"({"iss":"app","aud":"x","sub":"other.test","room":"a"})"), strict);
  EXPECT_EQ(scope_says(foreign, "a"), "other tenant");
}

TEST(TokenVerifier, RoomClaimsAreCanonicalNames) {
  const auto claim = [](std::string_view room) {
    return good(body(R"({"iss":"app","aud":"x","sub":"*","room":")" + std::string(room) + "\"}"));
  };
  EXPECT_EQ(scope_says(claim("ЗАЛ"), "зал"), "in");
  EXPECT_EQ(scope_says(claim("%d0%b7%d0%b0%d0%bb"), "Зал"), "in");
  EXPECT_EQ(scope_says(claim("[acme]a"), "a", "acme"), "other room");
  EXPECT_EQ(scope_says(claim(""), "a"), "other room");
  EXPECT_EQ(scope_says(claim("a*"), "ab"), "other room");
  Issuer no_wildcard = app();
  no_wildcard.allow_any_room = false;
  EXPECT_EQ(scope_says(good(body(R"({"iss":"app","aud":"x","sub":"*","room":"*"})"), no_wildcard), "a"), "other room");
}

TEST(TokenVerifier, NeverSaysWhatTheTokenWas) {
  const std::string token = sign_token(kHeader, kBody, kOtherSecret);
  const auto failed = TokenVerifier({app()}).verify(token, kNow);
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().sentence.find("eyJ"), std::string::npos);
  EXPECT_EQ(failed.error().text.find("eyJ"), std::string::npos);
}

TEST(TokenVerifier, WithoutIssuersRefusesEveryToken) {
  EXPECT_EQ(TokenVerifier({}).verify(body(kBody), kNow).error().slug, Slug::TokenAlgorithm);
}

}  // namespace
}  // namespace conclave::access
