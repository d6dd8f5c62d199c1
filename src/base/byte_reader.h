#pragma once
// Reads and writes network byte order within bounds: past the end a reader yields zeros and turns bad, once and for good.
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

namespace conclave {

using Bytes = std::span<const std::byte>;
using MutableBytes = std::span<std::byte>;

inline Bytes as_bytes(std::string_view text) { return std::as_bytes(std::span(text.data(), text.size())); }
inline std::string_view as_text(Bytes bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

class ByteReader {
 public:
  explicit ByteReader(Bytes bytes) : bytes_(bytes) {}

  std::uint8_t u8() { return static_cast<std::uint8_t>(number(1)); }
  std::uint16_t u16() { return static_cast<std::uint16_t>(number(2)); }
  std::uint32_t u24() { return static_cast<std::uint32_t>(number(3)); }
  std::uint32_t u32() { return static_cast<std::uint32_t>(number(4)); }
  std::uint64_t u64() { return number(8); }
  Bytes bytes(std::size_t count) {
    if (count > left()) return fail();
    const Bytes result = bytes_.subspan(position_, count);
    position_ += count;
    return result;
  }
  void skip(std::size_t count) { (void)bytes(count); }

  bool ok() const { return ok_; }
  std::size_t left() const { return bytes_.size() - position_; }
  std::size_t position() const { return position_; }

 private:
  Bytes fail() {
    ok_ = false;
    position_ = bytes_.size();
    return {};
  }
  std::uint64_t number(std::size_t count) {
    std::uint64_t value = 0;
    for (const std::byte b : bytes(count)) value = value << 8 | std::to_integer<std::uint64_t>(b);
    return value;
  }

  Bytes bytes_;
  std::size_t position_ = 0;
  bool ok_ = true;
};

class ByteWriter {
 public:
  explicit ByteWriter(MutableBytes bytes) : bytes_(bytes) {}

  void u8(std::uint8_t value) { number(value, 1); }
  void u16(std::uint16_t value) { number(value, 2); }
  void u24(std::uint32_t value) { number(value, 3); }
  void u32(std::uint32_t value) { number(value, 4); }
  void u64(std::uint64_t value) { number(value, 8); }
  void bytes(Bytes source) {
    if (!room(source.size())) return;
    if (!source.empty()) std::memcpy(bytes_.data() + position_, source.data(), source.size());
    position_ += source.size();
  }
  void fill(std::size_t count, std::byte value = std::byte{0}) {
    if (!room(count)) return;
    std::memset(bytes_.data() + position_, std::to_integer<int>(value), count);
    position_ += count;
  }

  bool ok() const { return ok_; }
  std::size_t position() const { return position_; }
  Bytes written() const { return bytes_.first(position_); }

 private:
  bool room(std::size_t count) {
    if (ok_ && count <= bytes_.size() - position_) return true;
    ok_ = false;
    return false;
  }
  void number(std::uint64_t value, std::size_t count) {
    if (!room(count)) return;
    for (std::size_t i = 0; i < count; ++i) {
      bytes_[position_ + i] = static_cast<std::byte>(value >> (8 * (count - 1 - i)));
    }
    position_ += count;
  }

  MutableBytes bytes_;
  std::size_t position_ = 0;
  bool ok_ = true;
};

}  // namespace conclave
