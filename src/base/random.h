#pragma once
// Where unpredictable bytes come from. Passed in, so that tests choose them.
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace conclave {

class Random {
 public:
  virtual ~Random() = default;
  virtual void fill(std::span<std::byte> bytes) = 0;

  std::uint64_t number();
  // `digits` lower-case hexadecimal digits.
  std::string hex(std::size_t digits);
  // `length` characters of A-Z a-z 0-9: what ufrag, pwd and resumption ids may consist of (RFC 8839 §5.4, XEP-0198).
  std::string token(std::size_t length);
  // RFC 9562 §5.4, version 4.
  std::string uuid();
};

// The operating system's generator through OpenSSL. Any thread.
class SystemRandom final : public Random {
 public:
  void fill(std::span<std::byte> bytes) override;
};

// A fixed sequence for tests: the same seed gives the same bytes.
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed) : state_(seed) {}
  void fill(std::span<std::byte> bytes) override;

 private:
  std::uint64_t state_;
};

}  // namespace conclave
