#include "sasl/scram_keys.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <utility>

#include "base/check.h"

namespace conclave::sasl {
namespace {

const EVP_MD* digest_of(ScramHash hash) {
  return hash == ScramHash::Sha1 ? EVP_sha1() : EVP_sha256();
}

const unsigned char* raw(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* raw(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}

}  // namespace

std::string_view mechanism_of(ScramHash hash) {
  return hash == ScramHash::Sha1 ? "SCRAM-SHA-1" : "SCRAM-SHA-256";
}

std::size_t digest_bytes(ScramHash hash) {
  return hash == ScramHash::Sha1 ? 20 : 32;
}

std::string scram_hmac(ScramHash hash, std::string_view key, std::string_view text) {
  std::string digest(digest_bytes(hash), '\0');
  unsigned length = 0;
  CONCLAVE_CHECK(HMAC(digest_of(hash), key.data(), static_cast<int>(key.size()), raw(text), text.size(), raw(digest),
                      &length) != nullptr);
  return digest;
}

std::string scram_digest(ScramHash hash, std::string_view text) {
  std::string digest(digest_bytes(hash), '\0');
  CONCLAVE_CHECK(EVP_Digest(text.data(), text.size(), raw(digest), nullptr, digest_of(hash), nullptr) == 1);
  return digest;
}

bool same_bytes(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

ScramKeys derive_keys(ScramHash hash, std::string_view password, std::string salt, std::uint32_t iterations) {
  std::string salted(digest_bytes(hash), '\0');
  CONCLAVE_CHECK(PKCS5_PBKDF2_HMAC(password.data(), static_cast<int>(password.size()), raw(std::string_view(salt)),
                                   static_cast<int>(salt.size()), static_cast<int>(iterations), digest_of(hash),
                                   static_cast<int>(salted.size()), raw(salted)) == 1);
  // RFC 5802 §3
  ScramKeys keys{.hash = hash, .salt = std::move(salt), .iterations = iterations, .stored_key = {}, .server_key = {}};
  keys.stored_key = scram_digest(hash, scram_hmac(hash, salted, "Client Key"));
  keys.server_key = scram_hmac(hash, salted, "Server Key");
  OPENSSL_cleanse(salted.data(), salted.size());
  return keys;
}

ScramKeys make_keys(ScramHash hash, std::string_view password, Random& random) {
  std::string salt(kSaltBytes, '\0');
  random.fill(std::as_writable_bytes(std::span(salt.data(), salt.size())));
  return derive_keys(hash, password, std::move(salt), kIterations);
}

bool is_password_of(const ScramKeys& keys, std::string_view password) {
  return same_bytes(derive_keys(keys.hash, password, keys.salt, keys.iterations).stored_key, keys.stored_key);
}

}  // namespace conclave::sasl
