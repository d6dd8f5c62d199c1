#pragma once
// What is kept of a password (RFC 5802 §3): enough to check it, not enough to log in with. Values; any thread, but what
// derives keys takes milliseconds and belongs on a worker.
#include <cstdint>
#include <string>
#include <string_view>

#include "base/random.h"

namespace conclave::sasl {

enum class ScramHash { Sha1, Sha256 };
std::string_view mechanism_of(ScramHash hash);  // "SCRAM-SHA-1", "SCRAM-SHA-256"
std::size_t digest_bytes(ScramHash hash);

inline constexpr std::uint32_t kIterations = 10'000;      // of keys that we make
inline constexpr std::uint32_t kMinIterations = 4096;     // of keys that are imported (RFC 5802 §5.1)
inline constexpr std::uint32_t kMaxIterations = 200'000;  // more would cost every client seconds
inline constexpr std::size_t kSaltBytes = 16;

struct ScramKeys {
  ScramHash hash = ScramHash::Sha256;
  std::string salt;  // raw bytes
  std::uint32_t iterations = kIterations;
  std::string stored_key;  // digest_bytes(hash) raw bytes, as is the next
  std::string server_key;

  friend bool operator==(const ScramKeys&, const ScramKeys&) = default;
};

// `password` is prepared (prepare.h). PBKDF2: slow on purpose.
ScramKeys derive_keys(ScramHash hash, std::string_view password, std::string salt, std::uint32_t iterations);
// With a salt of its own, as new accounts get them.
ScramKeys make_keys(ScramHash hash, std::string_view password, Random& random);
// Derives once more and compares in constant time.
bool is_password_of(const ScramKeys& keys, std::string_view password);

// The digest functions of `hash`, raw bytes in and out.
std::string scram_hmac(ScramHash hash, std::string_view key, std::string_view text);
std::string scram_digest(ScramHash hash, std::string_view text);
// In constant time; texts of different lengths differ.
bool same_bytes(std::string_view a, std::string_view b);

}  // namespace conclave::sasl
