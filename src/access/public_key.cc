#include "access/public_key.h"

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <optional>

#include "access/digest.h"
#include "base/check.h"

namespace conclave::access {
namespace {

using Kind = PublicKey::Kind;
using Pkey = std::shared_ptr<EVP_PKEY>;

// RFC 8017 §3.1 lets e be anything odd; common keys have 65537, and a huge one makes a check slow.
constexpr int kMaxExponentBits = 64;

struct CurveRow {
  Kind kind;
  const char* group;  // OpenSSL's name
  std::size_t coordinate_bytes;
};
constexpr CurveRow kCurves[] = {
    {Kind::P256, "prime256v1", 32}, {Kind::P384, "secp384r1", 48}, {Kind::P521, "secp521r1", 66}};

template <auto Free>
struct Freer {
  template <class T>
  void operator()(T* pointer) const {
    Free(pointer);
  }
};
using Bio = std::unique_ptr<BIO, Freer<BIO_free>>;
using Number = std::unique_ptr<BIGNUM, Freer<BN_free>>;
using Certificate = std::unique_ptr<X509, Freer<X509_free>>;
using Builder = std::unique_ptr<OSSL_PARAM_BLD, Freer<OSSL_PARAM_BLD_free>>;
using Params = std::unique_ptr<OSSL_PARAM, Freer<OSSL_PARAM_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Freer<EVP_PKEY_CTX_free>>;

// What OpenSSL noted on the way is nobody's business: answers are values here.
struct QuietErrors {
  ~QuietErrors() { ERR_clear_error(); }
};

Pkey owned(EVP_PKEY* key) {
  return {key, EVP_PKEY_free};
}

// Nobody is there to type a passphrase.
int no_passphrase(char*, int, int, void*) {
  return 0;
}

Pkey read_pem(std::string_view pem) {
  const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  if (!bio) return nullptr;
  if (pem.find("-----BEGIN CERTIFICATE-----") == std::string_view::npos)
    return owned(PEM_read_bio_PUBKEY(bio.get(), nullptr, no_passphrase, nullptr));
  const Certificate certificate(PEM_read_bio_X509(bio.get(), nullptr, no_passphrase, nullptr));
  return owned(certificate ? X509_get_pubkey(certificate.get()) : nullptr);
}

const unsigned char* bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

Number number_of(std::string_view big_endian) {
  return Number(BN_bin2bn(bytes(big_endian), static_cast<int>(big_endian.size()), nullptr));
}

Pkey from_params(const char* type, OSSL_PARAM_BLD* builder) {
  const Params params(OSSL_PARAM_BLD_to_param(builder));
  const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* key = nullptr;
  if (!params || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, params.get()) != 1) {
    return nullptr;
  }
  return owned(key);
}

std::optional<Kind> kind_of(EVP_PKEY* key) {
  switch (EVP_PKEY_get_base_id(key)) {
    case EVP_PKEY_RSA:
      return Kind::Rsa;
    case EVP_PKEY_RSA_PSS:
      return Kind::RsaPss;
    case EVP_PKEY_ED25519:
      return Kind::Ed25519;
    case EVP_PKEY_EC:
      break;
    default:
      return std::nullopt;
  }
  char group[64] = {};
  std::size_t length = 0;
  if (EVP_PKEY_get_group_name(key, group, sizeof group, &length) != 1) return std::nullopt;
  for (const CurveRow& one : kCurves) {
    if (std::string_view(group, length) == one.group) return one.kind;
  }
  return std::nullopt;
}

std::optional<KeyError> rsa_objection(EVP_PKEY* key) {
  if (EVP_PKEY_get_bits(key) < kMinRsaBits) return KeyError::TooShort;
  if (EVP_PKEY_get_bits(key) > kMaxRsaBits) return KeyError::TooLong;
  BIGNUM* raw = nullptr;
  if (EVP_PKEY_get_bn_param(key, OSSL_PKEY_PARAM_RSA_E, &raw) != 1) return KeyError::Unreadable;
  const Number exponent(raw);
  // With e = 1 everybody can sign.
  const bool good = BN_is_odd(raw) && !BN_is_one(raw) && BN_num_bits(raw) <= kMaxExponentBits;
  return good ? std::nullopt : std::optional(KeyError::BadExponent);
}

bool on_its_curve(EVP_PKEY* key) {
  const KeyContext context(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
  return context && EVP_PKEY_public_check(context.get()) == 1;
}

std::optional<std::string> fingerprint_of(EVP_PKEY* key) {
  unsigned char* der = nullptr;
  const int size = i2d_PUBKEY(key, &der);
  if (size <= 0) return std::nullopt;
  std::string text = sha256_hex({reinterpret_cast<const char*>(der), static_cast<std::size_t>(size)});
  OPENSSL_free(der);
  return text;
}

}  // namespace

std::string_view key_error_text(KeyError error) {
  switch (error) {
    case KeyError::WrongFamily:
      return "the key is of another kind than the algorithm";
    case KeyError::Unreadable:
      return "no public key of a kind that signs tokens (RSA, P-256, P-384, P-521, Ed25519), as PEM or JWK";
    case KeyError::TooShort:
      return "an RSA key under 2048 bits";
    case KeyError::TooLong:
      return "an RSA key over 8192 bits";
    case KeyError::BadExponent:
      return "an RSA key with an exponent that is 1, even, or huge";
    case KeyError::Empty:
      return "an empty secret";
  }
  return "";
}

std::size_t coordinate_bytes(Kind kind) {
  for (const CurveRow& one : kCurves) {
    if (one.kind == kind) return one.coordinate_bytes;
  }
  return 0;
}

PublicKey::PublicKey(Kind kind, Pkey key, std::string fingerprint)
    : kind_(kind), key_(std::move(key)), fingerprint_(std::move(fingerprint)) {}

Result<PublicKey, KeyError> PublicKey::checked(Pkey key) {
  if (!key) return failure(KeyError::Unreadable);
  const auto kind = kind_of(key.get());
  if (!kind) return failure(KeyError::Unreadable);
  const bool is_rsa = *kind == Kind::Rsa || *kind == Kind::RsaPss;
  if (const auto objection = is_rsa ? rsa_objection(key.get()) : std::nullopt) return failure(*objection);
  if (coordinate_bytes(*kind) != 0 && !on_its_curve(key.get())) return failure(KeyError::Unreadable);
  auto fingerprint = fingerprint_of(key.get());
  if (!fingerprint) return failure(KeyError::Unreadable);
  return PublicKey(*kind, std::move(key), *std::move(fingerprint));
}

Result<PublicKey, KeyError> PublicKey::from_pem(std::string_view pem) {
  const QuietErrors quiet;
  if (pem.size() > kMaxPemBytes) return failure(KeyError::Unreadable);
  return checked(read_pem(pem));
}

Result<PublicKey, KeyError> PublicKey::rsa(std::string_view modulus, std::string_view exponent) {
  const QuietErrors quiet;
  if (modulus.size() > kMaxRsaBits / 8 + 1) return failure(KeyError::TooLong);
  if (exponent.empty() || exponent.size() > kMaxExponentBits / 8) return failure(KeyError::BadExponent);
  const Number n = number_of(modulus);
  const Number e = number_of(exponent);
  const Builder builder(OSSL_PARAM_BLD_new());
  if (!n || !e || !builder || OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) != 1 ||
      OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) != 1) {
    return failure(KeyError::Unreadable);
  }
  return checked(from_params("RSA", builder.get()));
}

Result<PublicKey, KeyError> PublicKey::on_curve(Kind kind, std::string_view x, std::string_view y) {
  const QuietErrors quiet;
  const std::size_t length = coordinate_bytes(kind);
  CONCLAVE_CHECK(length != 0);
  if (x.size() != length || y.size() != length) return failure(KeyError::Unreadable);
  // SEC 1 §2.3.3: 04 says that both coordinates follow.
  const std::string point = "\x04" + std::string(x) + std::string(y);
  const Builder builder(OSSL_PARAM_BLD_new());
  const char* group = nullptr;
  for (const CurveRow& one : kCurves) group = one.kind == kind ? one.group : group;
  if (!builder || OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, group, 0) != 1 ||
      OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()) != 1) {
    return failure(KeyError::Unreadable);
  }
  return checked(from_params("EC", builder.get()));
}

Result<PublicKey, KeyError> PublicKey::ed25519(std::string_view x) {
  const QuietErrors quiet;
  return checked(owned(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, bytes(x), x.size())));
}

bool PublicKey::fits(Algorithm algorithm) const {
  switch (kind_) {
    case Kind::Rsa:
      return family_of(algorithm) == AlgorithmFamily::RsaPkcs1 || family_of(algorithm) == AlgorithmFamily::RsaPss;
    case Kind::RsaPss:
      return family_of(algorithm) == AlgorithmFamily::RsaPss;
    // RFC 7518 §3.4: each algorithm has its own curve.
    case Kind::P256:
      return algorithm == Algorithm::ES256;
    case Kind::P384:
      return algorithm == Algorithm::ES384;
    case Kind::P521:
      return algorithm == Algorithm::ES512;
    case Kind::Ed25519:
      return algorithm == Algorithm::EdDSA;
  }
  return false;
}

}  // namespace conclave::access
