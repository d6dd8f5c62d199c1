// Whatever the input is, it is read as a key set and as PEM. What comes out is bounded and public.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "access/jwk.h"

using namespace conclave::access;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  for (const std::vector<Algorithm>& allowed :
       {std::vector<Algorithm>{}, std::vector<Algorithm>{Algorithm::PS256, Algorithm::ES256, Algorithm::HS256}}) {
    const auto set = read_key_set(input, allowed);
    if (!set) continue;
    if (set->keys.empty() || set->keys.size() > kMaxKeysPerSet) std::abort();
    for (const VerificationKey& key : set->keys) {
      if (is_symmetric(key.algorithm()) || key.fingerprint().empty()) std::abort();
      if (key.verifies("text", "signature")) std::abort();
    }
  }
  (void)PublicKey::from_pem(input);
  return 0;
}
