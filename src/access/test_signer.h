#pragma once
// For tests and benchmarks: signs with keys of every kind, and shows their public halves as PEM and as JWK.
#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <memory>
#include <string>
#include <string_view>

#include "access/signature.h"
#include "base/base64.h"
#include "base/check.h"

namespace conclave::access {

class TestSigner {
 public:
  explicit TestSigner(Algorithm algorithm, unsigned rsa_bits = 2048) : algorithm_(algorithm), key_(make(rsa_bits)) {}

  Algorithm algorithm() const { return algorithm_; }

  std::string pem() const {
    const std::unique_ptr<BIO, decltype(&BIO_free)> bio(BIO_new(BIO_s_mem()), BIO_free);
    PEM_write_bio_PUBKEY(bio.get(), key_.get());
    char* data = nullptr;
    const auto size = BIO_get_mem_data(bio.get(), &data);
    return {data, static_cast<std::size_t>(size)};
  }

  // Members of the public JWK without braces; `more` is put behind: ,"kid":"a"
  std::string jwk(std::string_view more = {}) const {
    std::string members;
    if (is_rsa()) {
      members = R"("kty":"RSA","n":")" + number(OSSL_PKEY_PARAM_RSA_N, 0) + R"(","e":")" +
                number(OSSL_PKEY_PARAM_RSA_E, 0) + '"';
    } else if (algorithm_ == Algorithm::EdDSA) {
      std::string x(32, '\0');
      std::size_t size = x.size();
      EVP_PKEY_get_raw_public_key(key_.get(), reinterpret_cast<unsigned char*>(x.data()), &size);
      members = R"("kty":"OKP","crv":"Ed25519","x":")" + base64url_encode(as_bytes(x)) + '"';
    } else {
      const char* curve = algorithm_ == Algorithm::ES256 ? "P-256" : algorithm_ == Algorithm::ES384 ? "P-384" : "P-521";
      members = R"("kty":"EC","crv":")" + std::string(curve) + R"(","x":")" + number(OSSL_PKEY_PARAM_EC_PUB_X, half()) +
                R"(","y":")" + number(OSSL_PKEY_PARAM_EC_PUB_Y, half()) + '"';
    }
    return "{" + members + std::string(more) + "}";
  }

  std::string signature(std::string_view text) const {
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
    EVP_PKEY_CTX* options = nullptr;
    CONCLAVE_CHECK(EVP_DigestSignInit(context.get(), &options, digest(), nullptr, key_.get()) == 1);
    if (family_of(algorithm_) == AlgorithmFamily::RsaPss) {
      EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING);
      EVP_PKEY_CTX_set_rsa_pss_saltlen(options, RSA_PSS_SALTLEN_DIGEST);
    }
    std::string out(2048, '\0');
    std::size_t size = out.size();
    CONCLAVE_CHECK(EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(out.data()), &size,
                                  reinterpret_cast<const unsigned char*>(text.data()), text.size()) == 1);
    out.resize(size);
    return family_of(algorithm_) == AlgorithmFamily::Ecdsa ? halves_of(out) : out;
  }

  std::string token(std::string_view header_json, std::string_view body_json) const {
    const std::string text = base64url_encode(as_bytes(header_json)) + "." + base64url_encode(as_bytes(body_json));
    return text + "." + base64url_encode(as_bytes(signature(text)));
  }
  std::string token(std::string_view body_json) const {
    return token(R"({"alg":")" + std::string(algorithm_text(algorithm_)) + R"(","typ":"JWT"})", body_json);
  }

 private:
  using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

  bool is_rsa() const {
    return family_of(algorithm_) == AlgorithmFamily::RsaPkcs1 || family_of(algorithm_) == AlgorithmFamily::RsaPss;
  }
  std::size_t half() const { return algorithm_ == Algorithm::ES256 ? 32 : algorithm_ == Algorithm::ES384 ? 48 : 66; }

  Key make(unsigned rsa_bits) const {
    EVP_PKEY* key = is_rsa()                         ? EVP_RSA_gen(rsa_bits)
                    : algorithm_ == Algorithm::EdDSA ? EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")
                    : algorithm_ == Algorithm::ES256 ? EVP_EC_gen("P-256")
                    : algorithm_ == Algorithm::ES384 ? EVP_EC_gen("P-384")
                                                     : EVP_EC_gen("P-521");
    CONCLAVE_CHECK(key != nullptr);
    return {key, EVP_PKEY_free};
  }

  const EVP_MD* digest() const {
    const std::string_view name = algorithm_text(algorithm_);
    if (name == "EdDSA") return nullptr;
    return name.ends_with("256") ? EVP_sha256() : name.ends_with("384") ? EVP_sha384() : EVP_sha512();
  }

  static std::string padded(const BIGNUM* number, std::size_t bytes) {
    std::string out(bytes != 0 ? bytes : static_cast<std::size_t>(BN_num_bytes(number)), '\0');
    BN_bn2binpad(number, reinterpret_cast<unsigned char*>(out.data()), static_cast<int>(out.size()));
    return out;
  }
  std::string number(const char* name, std::size_t bytes) const {
    BIGNUM* raw = nullptr;
    CONCLAVE_CHECK(EVP_PKEY_get_bn_param(key_.get(), name, &raw) == 1);
    const std::string text = padded(raw, bytes);
    BN_free(raw);
    return base64url_encode(as_bytes(text));
  }
  std::string halves_of(std::string_view der) const {
    const auto* begin = reinterpret_cast<const unsigned char*>(der.data());
    ECDSA_SIG* parts = d2i_ECDSA_SIG(nullptr, &begin, static_cast<long>(der.size()));
    CONCLAVE_CHECK(parts != nullptr);
    std::string out = padded(ECDSA_SIG_get0_r(parts), half()) + padded(ECDSA_SIG_get0_s(parts), half());
    ECDSA_SIG_free(parts);
    return out;
  }

  Algorithm algorithm_;
  Key key_;
};

inline constexpr Algorithm kAsymmetric[] = {Algorithm::RS256, Algorithm::RS384, Algorithm::RS512, Algorithm::PS256,
                                            Algorithm::PS384, Algorithm::PS512, Algorithm::ES256, Algorithm::ES384,
                                            Algorithm::ES512, Algorithm::EdDSA};

}  // namespace conclave::access
