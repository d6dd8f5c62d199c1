#include "base/same_secret.h"

#include <openssl/crypto.h>
#include <openssl/sha.h>

#include <array>

namespace conclave {
namespace {

using Digest = std::array<unsigned char, SHA256_DIGEST_LENGTH>;

Digest digest(std::string_view text) {
  Digest value{};
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), value.data());
  return value;
}

}  // namespace

bool same_secret(std::string_view secret, std::string_view given) {
  const Digest expected = digest(secret);
  const Digest found = digest(given);
  return CRYPTO_memcmp(expected.data(), found.data(), expected.size()) == 0;
}

}  // namespace conclave
