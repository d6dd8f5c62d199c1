#include "access/digest.h"

#include <openssl/evp.h>

#include "base/check.h"

namespace conclave::access {

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
