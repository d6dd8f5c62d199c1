#pragma once
// Key sets as issuers publish them: JWKS and single JWK (RFC 7517, RFC 7518 §6, RFC 8037 §2), and the form that
// Firebase has, a JSON object of kid → PEM certificate. Only public keys for signatures are taken; what else stands
// there (oct, use=enc, x5c, x5u, jku) is passed over, with a reason. Pure; any thread.
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "access/signature.h"
#include "base/result.h"

namespace conclave::access {

constexpr std::size_t kMaxKeySetBytes = 256 * 1024;
constexpr std::size_t kMaxKeysPerSet = 64;  // further ones are passed over
constexpr std::size_t kMaxKeyIdBytes = 1024;

enum class KeySetError { TooLarge, Malformed, NoUsableKey };
std::string_view key_set_error_text(KeySetError error);

struct KeySet {
  std::vector<VerificationKey> keys;
  std::vector<std::string> passed_over;  // one sentence each, without key material; for the log
};

// The keys of `text`, each pinned to one algorithm: the one that the JWK states (alg), which must be among `allowed`; a
// key that states none becomes one key for each of `allowed` that fits it. Nothing in `allowed`: what the key states,
// else RS256 for RSA, and for the others the one algorithm that their curve has.
Result<KeySet, KeySetError> read_key_set(std::string_view text, const std::vector<Algorithm>& allowed);

// The same for one key without alg: a PEM file, or what a key server answered. Empty: nothing allowed fits it.
std::vector<VerificationKey> keys_of(const PublicKey& key, const std::string& key_id,
                                     const std::vector<Algorithm>& allowed);

}  // namespace conclave::access
