#include "sfu/dtls/fingerprint.h"

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>

namespace conclave::dtls {
namespace {

struct Algorithm {
  std::string_view name;
  const EVP_MD* (*digest)();
};
// Strongest first. sha-1 is weak, and still what some old clients send (media.md 8.2).
constexpr std::array<Algorithm, 4> kAlgorithms{
    {{"sha-512", EVP_sha512}, {"sha-384", EVP_sha384}, {"sha-256", EVP_sha256}, {"sha-1", EVP_sha1}}};

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return lower(x) == lower(y); });
}

}  // namespace

std::optional<std::string> fingerprint_of(const x509_st* certificate, std::string_view algorithm) {
  const auto known = std::find_if(kAlgorithms.begin(), kAlgorithms.end(),
                                  [&](const Algorithm& a) { return equal_ignoring_case(a.name, algorithm); });
  if (known == kAlgorithms.end()) return std::nullopt;
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int bytes = 0;
  if (X509_digest(certificate, known->digest(), digest.data(), &bytes) != 1) return std::nullopt;
  static constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string text;
  for (unsigned int i = 0; i < bytes; ++i) {
    if (i > 0) text += ':';
    text += kDigits[digest[i] >> 4];
    text += kDigits[digest[i] & 15];
  }
  return text;
}

bool matches(const x509_st* certificate, const std::vector<Fingerprint>& fingerprints) {
  for (const Algorithm& algorithm : kAlgorithms) {
    const auto is_it = [&](const Fingerprint& f) { return equal_ignoring_case(f.algorithm, algorithm.name); };
    if (std::none_of(fingerprints.begin(), fingerprints.end(), is_it)) continue;
    const auto value = fingerprint_of(certificate, algorithm.name);
    return value && std::any_of(fingerprints.begin(), fingerprints.end(),
                                [&](const Fingerprint& f) { return is_it(f) && equal_ignoring_case(f.value, *value); });
  }
  return false;
}

}  // namespace conclave::dtls
