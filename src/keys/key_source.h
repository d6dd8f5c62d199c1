#pragma once
// Where an issuer publishes its keys. A value; any thread.
#include <chrono>
#include <string>

namespace conclave::keys {

struct KeySource {
  enum class Kind {
    KeySet,    // `url` is a JWKS, or an object of kid → PEM certificate
    KeyServer  // "<url>/<hex of SHA-256 of the kid>.pem" is one key (ASAP)
  };

  std::string issuer;  // access::Issuer::name
  Kind kind = Kind::KeySet;
  std::string url;           // http or https
  std::string ca_file = {};  // PEM of the roots that its certificate must lead to; empty: the system's
  // How long a key stays good after the issuer last confirmed it: of a set, after the refresh that was due next.
  std::chrono::seconds lifetime{90 * 60};

  friend bool operator==(const KeySource&, const KeySource&) = default;
};

}  // namespace conclave::keys
