#pragma once
// Arithmetic on RTP's wrapping numbers (RFC 3550 §A.1).
#include <cstdint>

namespace conclave::rtp {

// How far `a` is ahead of `b` on the shorter way round; negative when behind.
constexpr std::int16_t ahead(std::uint16_t a, std::uint16_t b) { return static_cast<std::int16_t>(static_cast<std::uint16_t>(a - b)); }
constexpr std::int32_t ahead(std::uint32_t a, std::uint32_t b) { return static_cast<std::int32_t>(a - b); }
constexpr std::uint16_t plus(std::uint16_t a, int n) { return static_cast<std::uint16_t>(a + n); }

// 16-bit numbers to ones that do not wrap. Each is taken as the nearest to the highest one seen.
class SequenceUnwrapper {
 public:
  std::int64_t unwrap(std::uint16_t sequence) {
    if (!started_) {
      started_ = true;
      highest_ = kStart + sequence;
      return highest_;
    }
    const std::int64_t value = peek(sequence);
    if (value > highest_) highest_ = value;
    return value;
  }
  std::int64_t peek(std::uint16_t sequence) const {
    if (!started_) return kStart + sequence;
    return highest_ + ahead(sequence, static_cast<std::uint16_t>(highest_));
  }
  bool started() const { return started_; }
  std::int64_t highest() const { return highest_; }

 private:
  static constexpr std::int64_t kStart = 0x10000;  // so that what came before the first one is not negative
  std::int64_t highest_ = 0;
  bool started_ = false;
};

// Likewise for the picture ids of VP8 and VP9, which have 7 or 15 bits.
class PictureUnwrapper {
 public:
  std::int64_t unwrap(std::uint16_t id, bool long_id) {
    const std::int64_t value = peek(id, long_id);
    if (!started_ || value > highest_) highest_ = value;
    started_ = true;
    return value;
  }
  std::int64_t peek(std::uint16_t id, bool long_id) const {
    const std::int64_t period = long_id ? 0x8000 : 0x80;
    if (!started_) return period + id;
    std::int64_t forward = (id - highest_) & (period - 1);
    if (forward >= period / 2) forward -= period;
    return highest_ + forward;
  }

 private:
  std::int64_t highest_ = 0;
  bool started_ = false;
};

}  // namespace conclave::rtp
