#pragma once
// Keys that check the signature of a token (RFC 7515, RFC 7518 §3, RFC 8037). A key is pinned to exactly one algorithm,
// so that no header can turn a public key into a secret (access.md A2, A3). Immutable after construction; any thread.
#include <memory>
#include <string>
#include <string_view>

#include "access/algorithm.h"
#include "access/digest.h"
#include "access/public_key.h"
#include "base/result.h"

namespace conclave::access {

class VerificationKey {
 public:
  static Result<VerificationKey, KeyError> from_secret(Algorithm algorithm, std::string secret,
                                                       std::string key_id = {});
  // PEM of a public key or a certificate.
  static Result<VerificationKey, KeyError> from_pem(Algorithm algorithm, std::string_view pem, std::string key_id = {});
  static Result<VerificationKey, KeyError> from_public_key(Algorithm algorithm, PublicKey key, std::string key_id = {});

  Algorithm algorithm() const { return algorithm_; }
  const std::string& key_id() const { return key_id_; }  // "": any kid in a token's header will do
  // Of the public key; "" for a secret, of which nothing is told.
  const std::string& fingerprint() const;
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

}  // namespace conclave::access
