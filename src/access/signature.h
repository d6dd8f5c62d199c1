#pragma once
// Keys that check the signature of a token (RFC 7515, RFC 7518 §3). A key is pinned to exactly one algorithm, so that
// no header can turn a public key into a secret (access.md A2, A3). Immutable after construction; any thread.
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace conclave::access {

constexpr int kMinRsaBits = 2048;  // RFC 7518 §3.3
constexpr int kMaxRsaBits = 8192;  // more costs milliseconds a token

// ES, PS and EdDSA get a row here and a case in verifies(); a key set (JWKS) is just several keys with ids.
enum class Algorithm { HS256, HS384, HS512, RS256, RS384, RS512 };
std::string_view algorithm_text(Algorithm algorithm);
std::optional<Algorithm> algorithm_named(std::string_view text);  // exact case; "none" is not one

enum class KeyError { WrongFamily, Unreadable, NotRsa, TooShort, TooLong, Empty };
std::string_view key_error_text(KeyError error);

class VerificationKey {
 public:
  static Result<VerificationKey, KeyError> from_secret(Algorithm algorithm, std::string secret,
                                                       std::string key_id = {});
  // PEM of a public key or a certificate.
  static Result<VerificationKey, KeyError> from_pem(Algorithm algorithm, std::string_view pem, std::string key_id = {});

  Algorithm algorithm() const { return algorithm_; }
  const std::string& key_id() const { return key_id_; }  // "": any kid in a token's header will do
  // HMACs are compared in constant time.
  bool verifies(std::string_view signed_text, std::string_view signature) const;

 private:
  struct Material;
  VerificationKey(Algorithm algorithm, std::string key_id, std::shared_ptr<const Material> material);

  Algorithm algorithm_;
  std::string key_id_;
  std::shared_ptr<const Material> material_;
};

// RFC 2104 over SHA-2; `algorithm` is one of the HS family.
std::string hmac(Algorithm algorithm, std::string_view secret, std::string_view text);
std::string sha256(std::string_view text);  // 32 raw bytes
std::string sha256_hex(std::string_view text);

}  // namespace conclave::access
