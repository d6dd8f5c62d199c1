#include "access/signature.h"

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <variant>

#include "base/check.h"

namespace conclave::access {
namespace {

struct AlgorithmRow {
  Algorithm algorithm;
  std::string_view name;
  bool symmetric;
  const EVP_MD* (*digest)();
};
constexpr AlgorithmRow kAlgorithms[] = {
    {Algorithm::HS256, "HS256", true, EVP_sha256},  {Algorithm::HS384, "HS384", true, EVP_sha384},
    {Algorithm::HS512, "HS512", true, EVP_sha512},  {Algorithm::RS256, "RS256", false, EVP_sha256},
    {Algorithm::RS384, "RS384", false, EVP_sha384}, {Algorithm::RS512, "RS512", false, EVP_sha512},
};

const AlgorithmRow& row(Algorithm algorithm) {
  return kAlgorithms[static_cast<std::size_t>(algorithm)];
}

const unsigned char* bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

template <auto Free>
struct Freer {
  template <class T>
  void operator()(T* pointer) const {
    Free(pointer);
  }
};
using Bio = std::unique_ptr<BIO, Freer<BIO_free>>;
using Pkey = std::unique_ptr<EVP_PKEY, Freer<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freer<X509_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Freer<EVP_MD_CTX_free>>;

// Nobody is there to type a passphrase.
int no_passphrase(char*, int, int, void*) {
  return 0;
}

Pkey public_key_of(std::string_view pem) {
  Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  if (!bio) return nullptr;
  if (pem.find("-----BEGIN CERTIFICATE-----") != std::string_view::npos) {
    const Certificate certificate(PEM_read_bio_X509(bio.get(), nullptr, no_passphrase, nullptr));
    return Pkey(certificate ? X509_get_pubkey(certificate.get()) : nullptr);
  }
  return Pkey(PEM_read_bio_PUBKEY(bio.get(), nullptr, no_passphrase, nullptr));
}

bool rsa_verifies(EVP_PKEY* key, const EVP_MD* digest, std::string_view signed_text, std::string_view signature) {
  const DigestContext context(EVP_MD_CTX_new());
  if (!context) return false;
  const bool good =
      EVP_DigestVerifyInit(context.get(), nullptr, digest, nullptr, key) == 1 &&
      EVP_DigestVerify(context.get(), bytes(signature), signature.size(), bytes(signed_text), signed_text.size()) == 1;
  ERR_clear_error();
  return good;
}

constexpr std::size_t kMaxPemBytes = 64 * 1024;

}  // namespace

struct VerificationKey::Material {
  std::variant<std::string, Pkey> secret_or_key;
};

std::string_view algorithm_text(Algorithm algorithm) {
  return row(algorithm).name;
}

std::optional<Algorithm> algorithm_named(std::string_view text) {
  for (const AlgorithmRow& one : kAlgorithms) {
    if (one.name == text) return one.algorithm;
  }
  return std::nullopt;
}

std::string_view key_error_text(KeyError error) {
  switch (error) {
    case KeyError::WrongFamily:
      return "the algorithm is of another kind than the key";
    case KeyError::Unreadable:
      return "not a public key or certificate in PEM form";
    case KeyError::NotRsa:
      return "not an RSA key";
    case KeyError::TooShort:
      return "an RSA key under 2048 bits";
    case KeyError::TooLong:
      return "an RSA key over 8192 bits";
    case KeyError::Empty:
      return "an empty secret";
  }
  return "";
}

VerificationKey::VerificationKey(Algorithm algorithm, std::string key_id, std::shared_ptr<const Material> material)
    : algorithm_(algorithm), key_id_(std::move(key_id)), material_(std::move(material)) {}

Result<VerificationKey, KeyError> VerificationKey::from_secret(Algorithm algorithm, std::string secret,
                                                               std::string key_id) {
  if (!row(algorithm).symmetric) return failure(KeyError::WrongFamily);
  if (secret.empty()) return failure(KeyError::Empty);
  return VerificationKey(algorithm, std::move(key_id), std::make_shared<Material>(Material{std::move(secret)}));
}

Result<VerificationKey, KeyError> VerificationKey::from_pem(Algorithm algorithm, std::string_view pem,
                                                            std::string key_id) {
  if (row(algorithm).symmetric) return failure(KeyError::WrongFamily);
  if (pem.size() > kMaxPemBytes) return failure(KeyError::Unreadable);
  Pkey key = public_key_of(pem);
  ERR_clear_error();
  if (!key) return failure(KeyError::Unreadable);
  if (EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_RSA) return failure(KeyError::NotRsa);
  if (EVP_PKEY_get_bits(key.get()) < kMinRsaBits) return failure(KeyError::TooShort);
  if (EVP_PKEY_get_bits(key.get()) > kMaxRsaBits) return failure(KeyError::TooLong);
  return VerificationKey(algorithm, std::move(key_id), std::make_shared<Material>(Material{std::move(key)}));
}

bool VerificationKey::verifies(std::string_view signed_text, std::string_view signature) const {
  if (const auto* secret = std::get_if<std::string>(&material_->secret_or_key)) {
    const std::string expected = hmac(algorithm_, *secret, signed_text);
    return expected.size() == signature.size() &&
           CRYPTO_memcmp(expected.data(), signature.data(), expected.size()) == 0;
  }
  return rsa_verifies(std::get<Pkey>(material_->secret_or_key).get(), row(algorithm_).digest(), signed_text, signature);
}

std::string hmac(Algorithm algorithm, std::string_view secret, std::string_view text) {
  CONCLAVE_CHECK(row(algorithm).symmetric);
  std::string out(EVP_MAX_MD_SIZE, '\0');
  std::size_t length = 0;
  const auto* digest_name = EVP_MD_get0_name(row(algorithm).digest());
  const auto* made =
      EVP_Q_mac(nullptr, "HMAC", nullptr, digest_name, nullptr, secret.data(), secret.size(), bytes(text), text.size(),
                reinterpret_cast<unsigned char*>(out.data()), out.size(), &length);
  CONCLAVE_CHECK(made != nullptr);
  out.resize(length);
  return out;
}

std::string sha256(std::string_view text) {
  std::string out(32, '\0');
  unsigned int length = 0;
  const int made = EVP_Digest(text.data(), text.size(), reinterpret_cast<unsigned char*>(out.data()), &length,
                              EVP_sha256(), nullptr);
  CONCLAVE_CHECK(made == 1);
  return out;
}

std::string sha256_hex(std::string_view text) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  for (const char c : sha256(text)) {
    const auto byte = static_cast<unsigned char>(c);
    out += kDigits[byte >> 4U];
    out += kDigits[byte & 15U];
  }
  return out;
}

}  // namespace conclave::access
