#pragma once
// Public keys as tokens are checked with: read from PEM or made from the numbers of a JWK (RFC 7518 §6, RFC 8037 §2),
// and refused if they are weak or no point of their curve. Immutable; copies are cheap; any thread.
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "access/algorithm.h"
#include "base/result.h"

struct evp_pkey_st;  // OpenSSL's EVP_PKEY

namespace conclave::access {

constexpr int kMinRsaBits = 2048;  // RFC 7518 §3.3
constexpr int kMaxRsaBits = 8192;  // more costs milliseconds a token
constexpr std::size_t kMaxPemBytes = 64 * 1024;

enum class KeyError { WrongFamily, Unreadable, TooShort, TooLong, BadExponent, Empty };
std::string_view key_error_text(KeyError error);

class PublicKey {
 public:
  enum class Kind { Rsa, RsaPss, P256, P384, P521, Ed25519 };

  // PEM of a public key or of a certificate, whose own signature and dates are not looked at.
  static Result<PublicKey, KeyError> from_pem(std::string_view pem);
  // All numbers are big-endian bytes.
  static Result<PublicKey, KeyError> rsa(std::string_view modulus, std::string_view exponent);
  // `kind` is one of the curves P…; x and y have exactly the length of the field.
  static Result<PublicKey, KeyError> on_curve(Kind kind, std::string_view x, std::string_view y);
  static Result<PublicKey, KeyError> ed25519(std::string_view x);

  Kind kind() const { return kind_; }
  bool fits(Algorithm algorithm) const;
  // SHA-256 of the key's DER form, in hex: the same key is the same text, wherever it came from.
  const std::string& fingerprint() const { return fingerprint_; }
  evp_pkey_st* get() const { return key_.get(); }

 private:
  PublicKey(Kind kind, std::shared_ptr<evp_pkey_st> key, std::string fingerprint);
  static Result<PublicKey, KeyError> checked(std::shared_ptr<evp_pkey_st> key);

  Kind kind_;
  std::shared_ptr<evp_pkey_st> key_;
  std::string fingerprint_;
};

// Bytes of one coordinate, and of half a signature (RFC 7518 §3.4, §6.2.1.2). 0 for kinds that are no P… curve.
std::size_t coordinate_bytes(PublicKey::Kind kind);

}  // namespace conclave::access
