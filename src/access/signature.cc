#include "access/signature.h"

#include <openssl/bn.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <optional>
#include <variant>

#include "base/check.h"

namespace conclave::access {
namespace {

const EVP_MD* digest_of(Algorithm algorithm) {
  switch (algorithm) {
    case Algorithm::HS256:
    case Algorithm::RS256:
    case Algorithm::PS256:
    case Algorithm::ES256:
      return EVP_sha256();
    case Algorithm::HS384:
    case Algorithm::RS384:
    case Algorithm::PS384:
    case Algorithm::ES384:
      return EVP_sha384();
    case Algorithm::HS512:
    case Algorithm::RS512:
    case Algorithm::PS512:
    case Algorithm::ES512:
      return EVP_sha512();
    case Algorithm::EdDSA:
      return nullptr;  // hashes for itself (RFC 8032 §5.1)
  }
  return nullptr;
}

const unsigned char* bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
struct FreeSignature {
  void operator()(ECDSA_SIG* signature) const { ECDSA_SIG_free(signature); }
};

// RFC 7518 §3.4: R and S, each as long as the curve's field, one behind the other. OpenSSL wants DER.
std::optional<std::string> der_of(std::string_view signature, std::size_t half) {
  if (signature.size() != 2 * half) return std::nullopt;
  const std::unique_ptr<ECDSA_SIG, FreeSignature> parts(ECDSA_SIG_new());
  BIGNUM* r = BN_bin2bn(bytes(signature), static_cast<int>(half), nullptr);
  BIGNUM* s = BN_bin2bn(bytes(signature) + half, static_cast<int>(half), nullptr);
  if (!parts || r == nullptr || s == nullptr || ECDSA_SIG_set0(parts.get(), r, s) != 1) {
    BN_free(r);
    BN_free(s);
    return std::nullopt;
  }
  unsigned char* der = nullptr;
  const int size = i2d_ECDSA_SIG(parts.get(), &der);
  if (size <= 0) return std::nullopt;
  std::string text(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size));
  OPENSSL_free(der);
  return text;
}

// RFC 7518 §3.5: MGF1 with the same hash, and a salt exactly as long.
bool set_pss(EVP_PKEY_CTX* context) {
  return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1 &&
         EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) == 1;
}

bool public_key_verifies(const PublicKey& key, Algorithm algorithm, std::string_view signed_text,
                         std::string_view signature) {
  const std::unique_ptr<EVP_MD_CTX, FreeContext> context(EVP_MD_CTX_new());
  std::string der;
  if (family_of(algorithm) == AlgorithmFamily::Ecdsa) {
    auto converted = der_of(signature, coordinate_bytes(key.kind()));
    if (!converted) return false;
    der = *std::move(converted);
    signature = der;
  }
  EVP_PKEY_CTX* options = nullptr;  // belongs to the other context
  const bool good =
      context && EVP_DigestVerifyInit(context.get(), &options, digest_of(algorithm), nullptr, key.get()) == 1 &&
      (family_of(algorithm) != AlgorithmFamily::RsaPss || set_pss(options)) &&
      EVP_DigestVerify(context.get(), bytes(signature), signature.size(), bytes(signed_text), signed_text.size()) == 1;
  if (!good) ERR_clear_error();
  return good;
}

}  // namespace

struct VerificationKey::Material {
  std::variant<std::string, PublicKey> secret_or_key;
};

VerificationKey::VerificationKey(Algorithm algorithm, std::string key_id, std::shared_ptr<const Material> material)
    : algorithm_(algorithm), key_id_(std::move(key_id)), material_(std::move(material)) {}

Result<VerificationKey, KeyError> VerificationKey::from_secret(Algorithm algorithm, std::string secret,
                                                               std::string key_id) {
  if (!is_symmetric(algorithm)) return failure(KeyError::WrongFamily);
  if (secret.empty()) return failure(KeyError::Empty);
  return VerificationKey(algorithm, std::move(key_id), std::make_shared<Material>(Material{std::move(secret)}));
}

Result<VerificationKey, KeyError> VerificationKey::from_pem(Algorithm algorithm, std::string_view pem,
                                                            std::string key_id) {
  if (is_symmetric(algorithm)) return failure(KeyError::WrongFamily);
  auto key = PublicKey::from_pem(pem);
  if (!key) return failure(key.error());
  return from_public_key(algorithm, *std::move(key), std::move(key_id));
}

Result<VerificationKey, KeyError> VerificationKey::from_public_key(Algorithm algorithm, PublicKey key,
                                                                   std::string key_id) {
  if (!key.fits(algorithm)) return failure(KeyError::WrongFamily);
  return VerificationKey(algorithm, std::move(key_id), std::make_shared<Material>(Material{std::move(key)}));
}

const std::string& VerificationKey::fingerprint() const {
  static const std::string kNone;
  const auto* key = std::get_if<PublicKey>(&material_->secret_or_key);
  return key != nullptr ? key->fingerprint() : kNone;
}

bool VerificationKey::verifies(std::string_view signed_text, std::string_view signature) const {
  if (const auto* secret = std::get_if<std::string>(&material_->secret_or_key)) {
    const std::string expected = hmac(algorithm_, *secret, signed_text);
    return expected.size() == signature.size() &&
           CRYPTO_memcmp(expected.data(), signature.data(), expected.size()) == 0;
  }
  return public_key_verifies(std::get<PublicKey>(material_->secret_or_key), algorithm_, signed_text, signature);
}

std::string hmac(Algorithm algorithm, std::string_view secret, std::string_view text) {
  CONCLAVE_CHECK(is_symmetric(algorithm));
  std::string out(EVP_MAX_MD_SIZE, '\0');
  std::size_t length = 0;
  const auto* digest_name = EVP_MD_get0_name(digest_of(algorithm));
  const auto* made =
      EVP_Q_mac(nullptr, "HMAC", nullptr, digest_name, nullptr, secret.data(), secret.size(), bytes(text), text.size(),
                reinterpret_cast<unsigned char*>(out.data()), out.size(), &length);
  CONCLAVE_CHECK(made != nullptr);
  out.resize(length);
  return out;
}

}  // namespace conclave::access
