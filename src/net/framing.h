#pragma once
// Packets in a byte stream, each behind its length in two bytes (RFC 4571 §2), and what the first bytes of a connection
// say. Pure. Inside net/ only.
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/byte_reader.h"

namespace conclave {

inline constexpr std::size_t kFrameHeadBytes = 2;
inline constexpr std::size_t kMaxFrameBytes = 1536;  // as a datagram

// `size` up to 65535, most significant byte first.
std::array<char, kFrameHeadBytes> frame_head(std::size_t size);

class Deframer {
 public:
  // Takes of `input` what belongs to the packet that is being read, and says how much that was. Not to be called when
  // too_long().
  std::size_t receive(Bytes input);
  // A packet is complete; until the next receive() it is there to be changed in place. Its length is at least 1.
  bool whole() const { return have_ >= kFrameHeadBytes && length() > 0 && have_ == kFrameHeadBytes + length(); }
  MutableBytes packet() { return MutableBytes(buffer_).subspan(kFrameHeadBytes, length()); }
  // Longer than kMaxFrameBytes: nothing that follows can be understood.
  bool too_long() const { return have_ >= kFrameHeadBytes && length() > kMaxFrameBytes; }

 private:
  std::size_t length() const {
    return std::to_integer<std::size_t>(buffer_[0]) << 8 | std::to_integer<std::size_t>(buffer_[1]);
  }

  std::array<std::byte, kFrameHeadBytes + kMaxFrameBytes> buffer_;
  std::size_t have_ = 0;
};

// How a connection begins.
enum class FirstBytes : std::uint8_t {
  Undecided,  // too few yet: never as many as kMostFirstBytes
  Framed,     // a STUN Binding request in a frame: ICE over TCP (RFC 6544 §10.1)
  PseudoTls,  // kPseudoTlsHello, whole: ICE over TCP follows once kPseudoTlsAnswer was sent ("ssltcp")
  Other,      // TLS, or nothing that belongs here
};
FirstBytes first_bytes(Bytes bytes);

// What libwebrtc says, and waits for, where a candidate's protocol is "ssltcp": fixed messages that pass for a
// beginning of TLS.
std::string_view pseudo_tls_hello();
std::string_view pseudo_tls_answer();
inline constexpr std::size_t kMostFirstBytes = 72;

}  // namespace conclave
