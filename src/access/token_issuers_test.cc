// Several issuers side by side, keys that are not at hand yet, and the claims that others act on.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "access/jwk.h"
#include "access/mint.h"
#include "access/test_signer.h"
#include "access/token.h"
#include "access/token_claims.h"

namespace conclave::access {
namespace {

using testing::ElementsAre;
using testing::Field;
using testing::IsEmpty;

const WallTime kNow{std::chrono::seconds(1'800'000'000)};
constexpr std::string_view kSecret = "a-secret-of-thirty-two-bytes-min";

Issuer signed_by(const TestSigner& signer, std::string name, std::string key_id = {}) {
  return {.name = name,
          .keys = {*VerificationKey::from_pem(signer.algorithm(), signer.pem(), std::move(key_id))},
          .accepted_issuers = {name}};
}
Issuer by_secret() {
  return {.name = "app",
          .keys = {*VerificationKey::from_secret(Algorithm::HS256, std::string(kSecret))},
          .accepted_issuers = {"app"}};
}
std::string body_of(std::string_view issuer, std::string_view more = {}) {
  return R"({"iss":")" + std::string(issuer) + R"(","aud":"x","sub":"*","room":"*")" + std::string(more) + "}";
}
std::string verdict(const TokenVerifier& verifier, std::string_view token) {
  const auto identity = verifier.verify(token, kNow);
  return identity ? "good by " + identity->proof.issuer : std::string(slug_text(identity.error().slug));
}
Identity good(std::string_view body, const Issuer& issuer = by_secret()) {
  const auto identity = TokenVerifier({issuer}).verify(sign_token(R"({"alg":"HS256"})", body, kSecret), kNow);
  EXPECT_TRUE(identity) << identity.error().text;
  return identity.value_or(Identity{});
}
auto wants(std::string issuer, std::string key_id) {
  return testing::AllOf(Field(&MissingKey::issuer, issuer), Field(&MissingKey::key_id, key_id));
}

TEST(Issuers, EachHasItsOwnKeysAndAlgorithms) {
  const TestSigner rs(Algorithm::RS256);
  const TestSigner es(Algorithm::ES384);
  const TestSigner ed(Algorithm::EdDSA);
  const TestSigner ps(Algorithm::PS512);
  const TokenVerifier verifier(
      {by_secret(), signed_by(rs, "rs"), signed_by(es, "es"), signed_by(ed, "ed"), signed_by(ps, "ps")});
  EXPECT_EQ(verdict(verifier, sign_token(R"({"alg":"HS256"})", body_of("app"), kSecret)), "good by app");
  EXPECT_EQ(verdict(verifier, rs.token(body_of("rs"))), "good by rs");
  EXPECT_EQ(verdict(verifier, es.token(body_of("es"))), "good by es");
  EXPECT_EQ(verdict(verifier, ed.token(body_of("ed"))), "good by ed");
  EXPECT_EQ(verdict(verifier, ps.token(body_of("ps"))), "good by ps");
}

TEST(Issuers, A6_NobodySignsForAnotherNotEvenBehindAStar) {
  const TestSigner one(Algorithm::RS256);
  const TestSigner two(Algorithm::RS256);
  Issuer any = signed_by(one, "one");
  any.accepted_issuers = {"*"};
  const TokenVerifier verifier({any, signed_by(two, "two")});
  EXPECT_EQ(verdict(verifier, one.token(body_of("whoever"))), "good by one");
  EXPECT_EQ(verdict(verifier, two.token(body_of("two"))), "good by two");
  EXPECT_EQ(verdict(verifier, one.token(body_of("two"))), "token-issuer");
  EXPECT_EQ(verdict(verifier, two.token(body_of("one"))), "token-issuer");
}

TEST(MissingKeys, AreNamedOnlyWhereAnAnswerMayChange) {
  const TestSigner known(Algorithm::RS256);
  const TestSigner later(Algorithm::RS256);
  Issuer server = signed_by(known, "server", "known");
  server.algorithms = {Algorithm::RS256};
  server.more_keys = true;
  const TokenVerifier verifier({by_secret(), server});
  const auto missing = [&](std::string_view token) { return verifier.verify(token, kNow).error().missing_keys; };
  const auto header = [](std::string_view kid, std::string_view alg = "RS256") {
    return R"({"alg":")" + std::string(alg) + R"(","kid":")" + std::string(kid) + R"("})";
  };
  EXPECT_THAT(missing(later.token(header("new"), body_of("server"))), ElementsAre(wants("server", "new")));
  EXPECT_THAT(missing(later.token(body_of("server"))), ElementsAre(wants("server", "")));
  // A known key said no; another issuer; an algorithm that is not allowed; the issuer with the secret has no more keys.
  EXPECT_THAT(missing(later.token(header("known"), body_of("server"))), IsEmpty());
  EXPECT_THAT(missing(later.token(header("new"), body_of("elsewhere"))), IsEmpty());
  EXPECT_THAT(missing(later.token(header("new", "RS512"), body_of("server"))), IsEmpty());
  EXPECT_THAT(missing(sign_token(header("new", "HS256"), body_of("server"), later.pem())), IsEmpty());
  EXPECT_THAT(missing(sign_token(R"({"alg":"HS256"})", body_of("app"), "wrong")), IsEmpty());
  EXPECT_THAT(missing(later.token(header("new"), "nonsense")), IsEmpty());
}

TEST(MissingKeys, AKeyServersTokensNameTheirKey) {
  const TestSigner signer(Algorithm::RS256);
  const Issuer server{.name = "asap", .more_keys = true, .key_id_required = true, .accepted_issuers = {"*"}};
  const auto refused = TokenVerifier({server}).verify(signer.token(body_of("anybody")), kNow);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().slug, Slug::TokenKeyUnknown);
  EXPECT_EQ(refused.error().text, "'kid' claim is missing");
  EXPECT_THAT(refused.error().missing_keys, IsEmpty());
}

TEST(TokenVerifier, TriesABoundedNumberOfNamelessKeys) {
  const TestSigner signer(Algorithm::EdDSA);
  const TestSigner other(Algorithm::EdDSA);
  Issuer issuer = signed_by(other, "many");
  for (std::size_t i = 1; i < kMaxSignatureChecks; ++i) issuer.keys.push_back(issuer.keys.front());
  issuer.keys.push_back(*VerificationKey::from_pem(Algorithm::EdDSA, signer.pem()));
  EXPECT_EQ(verdict(TokenVerifier({issuer}), signer.token(body_of("many"))), "token-signature");
  issuer.keys.erase(issuer.keys.begin());
  EXPECT_EQ(verdict(TokenVerifier({issuer}), signer.token(body_of("many"))), "good by many");
}

TEST(TokenVerifier, A10_SingleUseNeedsAnIdAndAnEnd) {
  Issuer once = by_secret();
  once.single_use = true;
  const TokenVerifier verifier({once});
  const auto of = [&](std::string_view more) {
    return verdict(verifier, sign_token(R"({"alg":"HS256"})", body_of("app", more), kSecret));
  };
  EXPECT_EQ(of(R"(,"exp":1900000000,"jti":"a")"), "good by app");
  EXPECT_EQ(of(R"(,"exp":1900000000)"), "token-malformed");
  EXPECT_EQ(of(R"(,"exp":1900000000,"jti":"")"), "token-malformed");
  EXPECT_EQ(of(R"(,"jti":"a")"), "token-malformed");
}

TEST(Claims, ProofNamesTheTokenForRevocations) {
  const std::string token =
      sign_token(R"({"alg":"HS256"})", body_of("app", R"(,"iat":1700000000,"jti":"j7")"), kSecret);
  const auto identity = TokenVerifier({by_secret()}).verify(token, kNow);
  ASSERT_TRUE(identity);
  EXPECT_EQ(identity->proof.token_hash, sha256_hex(token));
  EXPECT_EQ(identity->proof.issued_at, WallTime(std::chrono::seconds(1'700'000'000)));
  EXPECT_EQ(identity->proof.jti, "j7");
}

TEST(Claims, RoomWishesAreCarried) {
  const auto wishes = [](std::string_view room) {
    return good(body_of("app", R"(,"context":{"room":)" + std::string(room) + "}")).room_wishes;
  };
  EXPECT_FALSE(wishes("{}"));
  EXPECT_FALSE(wishes(R"({"regex":false,"lobby":"yes","lobby_autostart":1,"password":""})"));
  const auto all = wishes(R"({"lobby":"true","password":"k7","lobby_autostart":true})");
  ASSERT_TRUE(all);
  EXPECT_EQ(all->lobby, true);
  EXPECT_EQ(all->password, "k7");
  EXPECT_TRUE(all->lobby_autostart);
  EXPECT_EQ(wishes(R"({"lobby":false})")->lobby, false);
}

TEST(Claims, UserSwitchesAreCarried) {
  const auto user = [](std::string_view claims) {
    return good(body_of("app", R"(,"context":{"user":)" + std::string(claims) + "}"));
  };
  EXPECT_TRUE(user(R"({"hidden-from-recorder":"true"})").hidden_from_recorder);
  EXPECT_FALSE(user(R"({"hidden-from-recorder":1})").hidden_from_recorder);
  EXPECT_EQ(user(R"({"lobby":true})").user_lobby, true);
  EXPECT_EQ(user(R"({"lobby":"false"})").user_lobby, false);
  EXPECT_EQ(user(R"({"lobby":0})").user_lobby, std::nullopt);
}

TEST(Claims, A14_NewOnesOfTheWrongTypeAreRefused) {
  const auto refused = [](std::string_view more) {
    return TokenVerifier({by_secret()})
        .verify(sign_token(R"({"alg":"HS256"})", body_of("app", more), kSecret), kNow)
        .error()
        .slug;
  };
  EXPECT_EQ(refused(R"(,"iat":"now")"), Slug::TokenMalformed);
  EXPECT_EQ(refused(R"(,"jti":7)"), Slug::TokenMalformed);
  EXPECT_EQ(refused(R"(,"jti":")" + std::string(kMaxTokenIdBytes + 1, 'x') + '"'), Slug::TokenMalformed);
  EXPECT_EQ(refused(R"(,"context":{"room":{"password":7}})"), Slug::TokenMalformed);
  EXPECT_EQ(refused(R"(,"context":{"room":{"password":")" + std::string(kMaxRoomPasswordBytes + 1, 'x') + R"("}})"),
            Slug::TokenMalformed);
}

}  // namespace
}  // namespace conclave::access
