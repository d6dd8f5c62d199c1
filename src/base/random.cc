#include "base/random.h"

#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>

#include "base/check.h"

namespace conclave {

std::uint64_t Random::number() {
  std::array<std::byte, 8> bytes;
  fill(bytes);
  std::uint64_t value;
  std::memcpy(&value, bytes.data(), sizeof value);
  return value;
}

std::string Random::hex(std::size_t digits) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  std::string bytes(digits, '\0');
  fill(std::as_writable_bytes(std::span(bytes)));
  for (char& c : bytes) c = kDigits[static_cast<unsigned char>(c) & 15];
  return bytes;
}

std::string Random::token(std::size_t length) {
  static constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  std::string result;
  result.reserve(length);
  std::array<std::byte, 64> bytes;
  while (result.size() < length) {
    fill(bytes);
    for (const std::byte b : bytes) {
      // Values past the last whole multiple of 62 would make the first letters likelier.
      const auto value = std::to_integer<unsigned>(b);
      if (value < 248 && result.size() < length) result += kLetters[value % kLetters.size()];
    }
  }
  return result;
}

std::string Random::uuid() {
  std::string digits = hex(32);
  digits[12] = '4';
  static constexpr std::string_view kVariant = "89ab";
  digits[16] = kVariant[number() & 3];
  return digits.substr(0, 8) + '-' + digits.substr(8, 4) + '-' + digits.substr(12, 4) + '-' + digits.substr(16, 4) + '-' +
         digits.substr(20);
}

void SystemRandom::fill(std::span<std::byte> bytes) {
  CONCLAVE_CHECK(RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(bytes.size())) == 1);
}

void SeededRandom::fill(std::span<std::byte> bytes) {
  // splitmix64: small, and every seed gives another sequence.
  for (std::size_t i = 0; i < bytes.size(); i += 8) {
    state_ += 0x9e3779b97f4a7c15u;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    z ^= z >> 31;
    std::memcpy(bytes.data() + i, &z, std::min<std::size_t>(8, bytes.size() - i));
  }
}

}  // namespace conclave
