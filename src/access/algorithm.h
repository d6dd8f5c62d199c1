#pragma once
// The signature algorithms of tokens (RFC 7518 §3.1, RFC 8037 §3.1). Pure; any thread.
#include <optional>
#include <string_view>

namespace conclave::access {

enum class Algorithm { HS256, HS384, HS512, RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, EdDSA };

// What a key must be to be used with it.
enum class AlgorithmFamily { Hmac, RsaPkcs1, RsaPss, Ecdsa, EdDsa };

inline constexpr std::string_view kAlgorithmNames =
    "HS256, HS384, HS512, RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512, EdDSA";

std::string_view algorithm_text(Algorithm algorithm);
std::optional<Algorithm> algorithm_named(std::string_view text);  // exact case; "none" is not one
AlgorithmFamily family_of(Algorithm algorithm);
// Signed with a secret that both sides know.
inline bool is_symmetric(Algorithm algorithm) {
  return family_of(algorithm) == AlgorithmFamily::Hmac;
}

}  // namespace conclave::access
