// Key sets and the algorithms: first the examples of RFC 7515 appendix A, RFC 7520 §4 and RFC 8037 appendix A.
#include "access/jwk.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "access/test_signer.h"
#include "base/base64.h"

namespace conclave::access {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string set_of(std::string_view members) {
  return R"({"keys":[)" + std::string(members) + "]}";
}
std::vector<VerificationKey> keys(std::string_view json, const std::vector<Algorithm>& allowed = {}) {
  const auto set = read_key_set(json, allowed);
  return set ? set->keys : std::vector<VerificationKey>{};
}
std::vector<std::string_view> algorithms(const std::vector<VerificationKey>& list) {
  std::vector<std::string_view> names;
  for (const VerificationKey& key : list) names.push_back(algorithm_text(key.algorithm()));
  return names;
}
bool verified(const std::vector<VerificationKey>& list, std::string_view jws) {
  const std::size_t dot = jws.rfind('.');
  const auto signature = base64url_decode(jws.substr(dot + 1));
  return list.size() == 1 && signature && list.front().verifies(jws.substr(0, dot), *signature);
}

constexpr std::string_view kJoe =
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";

TEST(Rfc7515, A2_Rs256) {
  const auto key = keys(
      R"({"kty":"RSA","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ","e":"AQAB"})");
  EXPECT_THAT(algorithms(key), ElementsAre("RS256"));
  EXPECT_TRUE(
      verified(key, "eyJhbGciOiJSUzI1NiJ9." + std::string(kJoe) +
                        ".cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_"
                        "O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_"
                        "nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-"
                        "eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igc"
                        "N_IoypGlUPQGe77Rw"));
}

TEST(Rfc7515, A3_Es256) {
  const auto key = keys(
      R"({"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"})");
  EXPECT_THAT(algorithms(key), ElementsAre("ES256"));
  const std::string jws = "eyJhbGciOiJFUzI1NiJ9." + std::string(kJoe) +
                          ".DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
  EXPECT_TRUE(verified(key, jws));
  EXPECT_FALSE(verified(key, "e" + jws));
}

TEST(Rfc7515, A4_Es512) {
  const auto key = keys(
      R"({"kty":"EC","crv":"P-521","x":"AekpBQ8ST8a8VcfVOTNl353vSrDCLLJXmPk06wTjxrrjcBpXp5EOnYG_NjFZ6OvLFV1jSfS9tsz4qUxcWceqwQGk","y":"ADSmRA43Z1DSNx_RvcLI87cdL07l6jQyyBXMoxVg_l2Th-x3S1WDhjDly79ajL4Kkd0AZMaZmh9ubmf63e3kyMj2"})");
  EXPECT_THAT(algorithms(key), ElementsAre("ES512"));
  EXPECT_TRUE(verified(
      key,
      "eyJhbGciOiJFUzUxMiJ9.UGF5bG9hZA.AdwMgeerwtHoh-l192l60hp9wAHZFVJbLfD_UxMi70cwnZOYaRI1bKPWROc-mZZqwqT2SI-"
      "KGDKB34XO0aw_7XdtAG8GaSwFKdCAPZgoXD2YBJZCPEX3xKpRwcdOO8KpEHwJjyqOgzDO7iKvU8vcnwNrmxYbSW9ERBXukOXolLzeO_Jn"));
}

TEST(Rfc7520, Section4_2_Ps384) {
  const auto key = keys(
      R"({"kty":"RSA","kid":"bilbo.baggins@hobbiton.example","use":"sig","alg":"PS384","n":"n4EPtAOCc9AlkeQHPzHStgAbgs7bTZLwUBZdR8_KuKPEHLd4rHVTeT-O-XV2jRojdNhxJWTDvNd7nqQ0VEiZQHz_AJmSCpMaJMRBSFKrKb2wqVwGU_NsYOYL-QtiWN2lbzcEe6XC0dApr5ydQLrHqkHHig3RBordaZ6Aj-oBHqFEHYpPe7Tpe-OfVfHd1E6cS6M1FZcD1NNLYD5lFHpPI9bTwJlsde3uhGqC0ZCuEHg8lhzwOHrtIQbS0FVbb9k3-tVTU4fg_3L_vniUFAKwuCLqKnS2BYwdq_mzSnbLY7h_qixoR7jig3__kRhuaxwUkRz5iaiQkqgc5gHdrNP5zw","e":"AQAB"})");
  EXPECT_THAT(algorithms(key), ElementsAre("PS384"));
  EXPECT_TRUE(verified(
      key,
      "eyJhbGciOiJQUzM4NCIsImtpZCI6ImJpbGJvLmJhZ2dpbnNAaG9iYml0b24uZXhhbXBsZSJ9."
      "SXTigJlzIGEgZGFuZ2Vyb3VzIGJ1c2luZXNzLCBGcm9kbywgZ29pbmcgb3V0IHlvdXIgZG9vci4gWW91IHN0ZXAgb250byB0aGUgcm9hZCwgYW5k"
      "IGlmIHlvdSBkb24ndCBrZWVwIHlvdXIgZmVldCwgdGhlcmXigJlzIG5vIGtub3dpbmcgd2hlcmUgeW91IG1pZ2h0IGJlIHN3ZXB0IG9mZiB0by4"
      ".cu22eBqkYDKgIlTpzDXGvaFfz6WGoz7fUDcfT0kkOy42miAh2qyBzk1xEsnk2IpN6-tPid6VrklHkqsGqDqHCdP6O8TTB5dDDItllVo6_"
      "1OLPpcbUrhiUSMxbbXUvdvWXzg-UD8biiReQFlfz28zGWVsdiNAUf8ZnyPEgVFn442ZdNqiVJRmBqrYRXe8P_"
      "ijQ7p8Vdz0TTrxUeT3lm8d9shnr2lfJT8ImUjvAA2Xez2Mlp8cBE5awDzT0qI0n6uiP1aCN_2_"
      "jLAeQTlqRHtfa64QQSUmFAAjVKPbByi7xho0uTOcbH510a6GYmJUAfmWjwZ6oD4ifKo8DYM-X72Eaw"));
}

TEST(Rfc8037, A4_Ed25519) {
  const auto key = keys(R"({"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})");
  EXPECT_THAT(algorithms(key), ElementsAre("EdDSA"));
  EXPECT_TRUE(
      verified(key,
               "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWb"
               "hijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"));
}

TEST(VerificationKey, ChecksEveryAsymmetricAlgorithmFromPemAndFromJwk) {
  for (const Algorithm algorithm : kAsymmetric) {
    const TestSigner signer(algorithm);
    const std::string text = "header.body";
    std::string signature = signer.signature(text);
    const auto from_pem = VerificationKey::from_pem(algorithm, signer.pem());
    const auto from_jwk = keys(set_of(signer.jwk(R"(,"kid":"one")")), {algorithm});
    ASSERT_TRUE(from_pem && from_jwk.size() == 1) << algorithm_text(algorithm);
    EXPECT_EQ(from_jwk.front().key_id(), "one");
    EXPECT_EQ(from_jwk.front().fingerprint(), from_pem->fingerprint());
    EXPECT_TRUE(from_pem->verifies(text, signature) && from_jwk.front().verifies(text, signature));
    EXPECT_FALSE(from_pem->verifies("header.bodY", signature));
    EXPECT_FALSE(from_pem->verifies(text, ""));
    EXPECT_FALSE(from_pem->verifies(text, signature + '\0'));
    signature[signature.size() / 2] = static_cast<char>(signature[signature.size() / 2] ^ 1);
    EXPECT_FALSE(from_pem->verifies(text, signature)) << algorithm_text(algorithm);
  }
}

TEST(VerificationKey, A3_AKeyChecksOneAlgorithmOnly) {
  const TestSigner pss(Algorithm::PS256);
  EXPECT_FALSE(VerificationKey::from_pem(Algorithm::RS256, pss.pem())->verifies("text", pss.signature("text")));
  EXPECT_FALSE(VerificationKey::from_pem(Algorithm::PS384, pss.pem())->verifies("text", pss.signature("text")));
  for (const Algorithm algorithm : kAsymmetric) {
    const TestSigner signer(algorithm);
    for (const Algorithm other : kAsymmetric) {
      const bool both_rsa = algorithm_text(algorithm)[1] == 'S' && algorithm_text(other)[1] == 'S' &&
                            algorithm_text(algorithm)[0] != 'E' && algorithm_text(other)[0] != 'E';
      const bool fits = VerificationKey::from_pem(other, signer.pem()).has_value();
      EXPECT_EQ(fits, algorithm == other || both_rsa) << algorithm_text(algorithm) << " as " << algorithm_text(other);
    }
  }
}

// RFC 7515 A.3 has raw R‖S; the DER form that other libraries write is another text for the same signature.
TEST(VerificationKey, A5_EcdsaSignaturesHaveOneForm) {
  const TestSigner signer(Algorithm::ES256);
  const auto key = VerificationKey::from_pem(Algorithm::ES256, signer.pem());
  const std::string good = signer.signature("text");
  ASSERT_TRUE(key->verifies("text", good));
  EXPECT_FALSE(key->verifies("text", std::string(1, '\0') + good));
  EXPECT_FALSE(key->verifies("text", good.substr(0, 63)));
  EXPECT_FALSE(key->verifies("text", std::string(64, '\0')));  // R = S = 0
  EXPECT_FALSE(key->verifies("text", std::string(64, '\xff')));
}

TEST(KeySet, AlgorithmIsTheStatedOneElseTheAllowedOnesElseTheUsualOne) {
  const TestSigner rsa(Algorithm::RS256);
  EXPECT_THAT(algorithms(keys(set_of(rsa.jwk()))), ElementsAre("RS256"));
  EXPECT_THAT(algorithms(keys(set_of(rsa.jwk(R"(,"alg":"PS512")")))), ElementsAre("PS512"));
  EXPECT_THAT(algorithms(keys(set_of(rsa.jwk()), {Algorithm::RS512, Algorithm::PS256, Algorithm::ES256})),
              ElementsAre("RS512", "PS256"));
  EXPECT_THAT(keys(set_of(rsa.jwk(R"(,"alg":"RS256")")), {Algorithm::RS512}), IsEmpty());
  EXPECT_THAT(keys(set_of(rsa.jwk(R"(,"alg":"HS256")"))), IsEmpty());
  EXPECT_THAT(keys(set_of(rsa.jwk(R"(,"alg":"ES256")"))), IsEmpty());
  EXPECT_THAT(keys(set_of(rsa.jwk(R"(,"alg":7)"))), IsEmpty());
}

TEST(KeySet, A3_TakesOnlyPublicKeysForSignatures) {
  const TestSigner rsa(Algorithm::RS256);
  const std::map<std::string, std::string> refused = {
      {R"({"kty":"oct","k":"c2VjcmV0","alg":"HS256"})", "a secret"},
      {rsa.jwk(R"(,"use":"enc")"), "not for signatures"},
      {rsa.jwk(R"(,"use":["sig"])"), "not for signatures"},
      {rsa.jwk(R"(,"key_ops":["encrypt"])"), "not for signatures"},
      {TestSigner(Algorithm::RS256, 1024).jwk(), "under 2048 bits"},
      {R"({"kty":"OKP","crv":"X25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})", "no public key"},
      {R"({"kty":"OKP","crv":"Ed25519","x":"11qY"})", "no public key"},
      {R"({"kty":"EC","crv":"secp256k1","x":"AA","y":"AA"})", "no public key"},
      {R"({"kty":7})", "no public key"},
      {R"("kty")", "not a JSON object"},
      {rsa.jwk(R"(,"kid":7)"), "its kid"},
  };
  const std::string good = TestSigner(Algorithm::ES256).jwk();
  for (const auto& [jwk, why] : refused) {
    EXPECT_EQ(read_key_set(set_of(jwk), {}).error(), KeySetError::NoUsableKey) << jwk;
    const auto beside = read_key_set(set_of(jwk + "," + good), {});
    ASSERT_TRUE(beside) << jwk;
    EXPECT_THAT(algorithms(beside->keys), ElementsAre("ES256"));
    EXPECT_THAT(beside->passed_over, ElementsAre(HasSubstr(why)));
  }
  EXPECT_EQ(keys(set_of(rsa.jwk(R"(,"use":"sig","key_ops":["verify"])"))).size(), 1U);
}

TEST(KeySet, A3_ExponentOneSignsEverything) {
  const TestSigner rsa(Algorithm::RS256);
  std::string jwk = rsa.jwk();
  const std::size_t e = jwk.find("AQAB");
  for (const char* bad : {"AQ", "AA", "Ag", "AQAA", "______________8AAQ"}) {
    EXPECT_EQ(read_key_set(set_of(std::string(jwk).replace(e, 4, bad)), {}).error(), KeySetError::NoUsableKey) << bad;
  }
}

TEST(KeySet, PointsThatAreNotOnTheirCurveAreNoKeys) {
  const TestSigner signer(Algorithm::ES256);
  std::string jwk = signer.jwk();
  const std::size_t y = jwk.find(R"("y":")") + 5;
  jwk.replace(y, 43, std::string(42, 'B') + "A");
  EXPECT_THAT(keys(set_of(jwk)), IsEmpty());
}

TEST(KeySet, A4_CertificatesAndAddressesInAJwkAreIgnored) {
  const TestSigner rsa(Algorithm::RS256);
  const auto key = keys(set_of(rsa.jwk(R"(,"x5c":["MIIB"],"x5u":"http://127.0.0.1:1/","jku":"http://127.0.0.1:1/")")));
  ASSERT_EQ(key.size(), 1U);
  EXPECT_TRUE(key.front().verifies("text", rsa.signature("text")));
}

TEST(KeySet, FirebaseFormIsKidAndPem) {
  const TestSigner one(Algorithm::RS256);
  const TestSigner two(Algorithm::RS256);
  const auto escaped = [](std::string pem) {
    for (std::size_t at = 0; (at = pem.find('\n', at)) != std::string::npos; at += 2) pem.replace(at, 1, "\\n");
    return pem;
  };
  const auto both =
      keys(R"({"first":")" + escaped(one.pem()) + R"(","second":")" + escaped(two.pem()) + R"(","third":7})");
  ASSERT_EQ(both.size(), 2U);
  EXPECT_EQ(both[1].key_id(), "second");
  EXPECT_TRUE(both[1].verifies("text", two.signature("text")));
}

TEST(KeySet, WhatIsNoKeySetIsSaid) {
  for (const char* bad : {"", "<html></html>", "[]", "7", R"({"keys":{}})", R"({"keys":[)", R"({"keys":[],"keys":[]})"})
    EXPECT_EQ(read_key_set(bad, {}).error(), KeySetError::Malformed) << bad;
  for (const char* empty : {R"({"keys":[]})", "{}", R"({"error":"not found"})"})
    EXPECT_EQ(read_key_set(empty, {}).error(), KeySetError::NoUsableKey) << empty;
  EXPECT_EQ(read_key_set(std::string(kMaxKeySetBytes + 1, ' '), {}).error(), KeySetError::TooLarge);
}

TEST(KeySet, HoldsABoundedNumberOfKeys) {
  const std::string jwk = TestSigner(Algorithm::EdDSA).jwk();
  std::string many = jwk;
  for (std::size_t i = 0; i < kMaxKeysPerSet + 10; ++i) many += "," + jwk;
  const auto set = read_key_set(set_of(many), {});
  ASSERT_TRUE(set);
  EXPECT_EQ(set->keys.size(), kMaxKeysPerSet);
  EXPECT_LE(set->passed_over.size(), 16U);
}

}  // namespace
}  // namespace conclave::access
