#pragma once
// Fingerprints of certificates as the signalling writes them (RFC 8122 §5). Values and pure functions.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct x509_st;

namespace conclave::dtls {

// `a=fingerprint`: algorithm ("sha-256") and upper-case hexadecimal bytes with colons.
struct Fingerprint {
  std::string algorithm;
  std::string value;
  friend bool operator==(const Fingerprint&, const Fingerprint&) = default;
};

// For "sha-1", "sha-256", "sha-384" and "sha-512", whatever their case; otherwise nothing.
std::optional<std::string> fingerprint_of(const x509_st* certificate, std::string_view algorithm);

// RFC 8122 §5: only the strongest algorithm among them that we know counts, and one of its values has to match.
bool matches(const x509_st* certificate, const std::vector<Fingerprint>& fingerprints);

}  // namespace conclave::dtls
