#include "net/framing.h"

#include <algorithm>
#include <string>

namespace conclave {
namespace {

// SSL 2's form of a ClientHello: thirteen cipher suites and a challenge of sixteen bytes.
constexpr unsigned char kHello[kMostFirstBytes] = {
    0x80, 0x46, 0x01, 0x03, 0x01, 0x00, 0x2d, 0x00, 0x00, 0x00, 0x10, 0x01, 0x00, 0x80, 0x03, 0x00, 0x80, 0x07,
    0x00, 0xc0, 0x06, 0x00, 0x40, 0x02, 0x00, 0x80, 0x04, 0x00, 0x80, 0x00, 0x00, 0x04, 0x00, 0xfe, 0xff, 0x00,
    0x00, 0x0a, 0x00, 0xfe, 0xfe, 0x00, 0x00, 0x09, 0x00, 0x00, 0x64, 0x00, 0x00, 0x62, 0x00, 0x00, 0x03, 0x00,
    0x00, 0x06, 0x1f, 0x17, 0x0c, 0xa6, 0x2f, 0x00, 0x78, 0xfc, 0x46, 0x55, 0x2e, 0xb1, 0x83, 0x39, 0xf1, 0xea};

// A ServerHello of TLS 1.0 with that random and session id, which clients compare byte by byte.
constexpr unsigned char kAnswer[] = {0x16, 0x03, 0x01, 0x00, 0x4a, 0x02, 0x00, 0x00, 0x46, 0x03, 0x01, 0x42, 0x85, 0x45,
                                     0xa7, 0x27, 0xa9, 0x5d, 0xa0, 0xb3, 0xc5, 0xe7, 0x53, 0xda, 0x48, 0x2b, 0x3f, 0xc6,
                                     0x5a, 0xca, 0x89, 0xc1, 0x58, 0x52, 0xa1, 0x78, 0x3c, 0x5b, 0x17, 0x46, 0x00, 0x85,
                                     0x3f, 0x20, 0x0e, 0xd3, 0x06, 0x72, 0x5b, 0x5b, 0x1b, 0x5f, 0x15, 0xac, 0x13, 0xf9,
                                     0x88, 0x53, 0x9d, 0x9b, 0xe8, 0x3d, 0x7b, 0x0c, 0x30, 0x32, 0x6e, 0x38, 0x4d, 0xa2,
                                     0x75, 0x57, 0x41, 0x6c, 0x34, 0x5c, 0x00, 0x04, 0x00};

template <std::size_t N>
std::string_view text(const unsigned char (&bytes)[N]) {
  return {reinterpret_cast<const char*>(bytes), N};
}

// Frame's length, then type, length and cookie of a Binding request (RFC 8489 §5).
bool may_be_framed(Bytes bytes) {
  constexpr int kExpected[] = {-1, -1, 0x00, 0x01, -1, -1, 0x21, 0x12, 0xa4, 0x42};
  for (std::size_t i = 0; i < std::min(bytes.size(), std::size(kExpected)); ++i) {
    if (kExpected[i] >= 0 && std::to_integer<int>(bytes[i]) != kExpected[i]) return false;
  }
  return std::to_integer<std::size_t>(bytes[0]) <= kMaxFrameBytes >> 8;
}

}  // namespace

std::array<char, kFrameHeadBytes> frame_head(std::size_t size) {
  return {static_cast<char>(size >> 8 & 0xff), static_cast<char>(size & 0xff)};
}

std::size_t Deframer::receive(Bytes input) {
  // An empty packet (RFC 4571 §2) is one to skip.
  if (whole() || (have_ == kFrameHeadBytes && length() == 0)) have_ = 0;
  std::size_t used = 0;
  const auto take = [&](std::size_t until) {
    const std::size_t count = std::min(until - have_, input.size() - used);
    std::copy_n(input.begin() + static_cast<std::ptrdiff_t>(used), count,
                buffer_.begin() + static_cast<std::ptrdiff_t>(have_));
    have_ += count;
    used += count;
  };
  if (have_ < kFrameHeadBytes) take(kFrameHeadBytes);
  if (have_ >= kFrameHeadBytes && !too_long()) take(kFrameHeadBytes + length());
  return used;
}

FirstBytes first_bytes(Bytes bytes) {
  if (bytes.empty()) return FirstBytes::Undecided;
  const std::string_view seen = as_text(bytes);
  const std::string_view hello = pseudo_tls_hello();
  if (seen.starts_with(hello)) return FirstBytes::PseudoTls;
  if (hello.starts_with(seen)) return FirstBytes::Undecided;
  if (!may_be_framed(bytes)) return FirstBytes::Other;
  return bytes.size() < 10 ? FirstBytes::Undecided : FirstBytes::Framed;
}

std::string_view pseudo_tls_hello() {
  return text(kHello);
}
std::string_view pseudo_tls_answer() {
  return text(kAnswer);
}

}  // namespace conclave
