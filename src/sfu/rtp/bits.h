#pragma once
// Bits of a byte string, the highest first.
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/byte_reader.h"

namespace conclave::rtp {

class BitReader {
 public:
  explicit BitReader(Bytes bytes) : bytes_(bytes) {}
  // Zero behind the end, where ok() turns false.
  std::uint32_t bits(std::size_t count) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < count; ++i) value = value << 1 | bit();
    return value;
  }
  bool flag() { return bits(1) != 0; }
  // ns(n) of the AV1 specification, §4.10.7: a number below n, in as few bits as it takes.
  std::uint32_t below(std::uint32_t n) {
    std::size_t width = 0;
    for (std::uint32_t x = n; x != 0; x >>= 1) ++width;
    const std::uint32_t shorter = (1u << width) - n;
    const std::uint32_t value = bits(width - 1);
    return value < shorter ? value : (value << 1) - shorter + bits(1);
  }
  std::size_t position() const { return at_; }
  std::size_t left() const { return bytes_.size() * 8 - at_; }
  bool ok() const { return ok_; }

 private:
  std::uint32_t bit() {
    if (at_ >= bytes_.size() * 8) {
      ok_ = false;
      return 0;
    }
    const auto byte = std::to_integer<std::uint32_t>(bytes_[at_ / 8]);
    return byte >> (7 - at_++ % 8) & 1;
  }
  Bytes bytes_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

class BitWriter {
 public:
  explicit BitWriter(std::span<std::byte> to) : to_(to) {}
  void bits(std::uint32_t value, std::size_t count) {
    for (std::size_t i = count; i-- > 0;) bit(value >> i & 1);
  }
  bool ok() const { return ok_; }
  // The last byte is filled up with zeros.
  Bytes written() const { return to_.first((at_ + 7) / 8); }

 private:
  void bit(std::uint32_t value) {
    if (at_ >= to_.size() * 8) {
      ok_ = false;
      return;
    }
    std::byte& byte = to_[at_ / 8];
    if (at_ % 8 == 0) byte = {};
    if (value != 0) byte |= static_cast<std::byte>(0x80 >> at_ % 8);
    ++at_;
  }
  std::span<std::byte> to_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

}  // namespace conclave::rtp
