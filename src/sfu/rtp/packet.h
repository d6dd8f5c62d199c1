#pragma once
// RTP packets (RFC 3550 §5.1): a view of the header, and the writer of one. Nothing is owned, nothing allocated.
//
//   0                   1                   2                   3
//   |V=2|P|X|  CC   |M|     PT      |       sequence number         |
//   |                           timestamp                           |
//   |           synchronization source (SSRC) identifier            |
//   |            contributing source (CSRC) identifiers             |
//   |      defined by profile       |           length              |   X: RFC 8285
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "base/byte_reader.h"
#include "sfu/rtp/extensions.h"

namespace conclave::rtp {

inline constexpr std::size_t kFixedHeaderBytes = 12;
inline constexpr std::size_t kMaxPacketBytes = 1500;  // what fits an Ethernet frame; longer ones are not forwarded

// RFC 5761 §4: the second byte of RTCP is a packet type from 192 to 223.
bool looks_like_rtcp(Bytes datagram);

struct Header {
  bool padding = false;
  bool marker = false;
  std::uint8_t payload_type = 0;
  std::uint16_t sequence = 0;
  std::uint32_t timestamp = 0;
  std::uint32_t ssrc = 0;
  ExtensionBlock extensions;
  std::size_t size = kFixedHeaderBytes;  // with CSRCs and extensions: where the payload begins

  // Nothing if the bytes are not an RTP header or end within it. Works on protected packets: the header is in clear.
  static std::optional<Header> parse(Bytes packet);
};

// The payload of a clear packet without its padding; empty for a padding-only packet, nothing if the padding exceeds the packet.
std::optional<Bytes> payload_of(Bytes packet, const Header& header);

struct HeaderFields {
  bool marker = false;
  std::uint8_t payload_type = 0;
  std::uint16_t sequence = 0;
  std::uint32_t timestamp = 0;
  std::uint32_t ssrc = 0;
};
// Writes a header without CSRCs and padding. Elements with id 0 are left out.
void write_header(ByteWriter& writer, const HeaderFields& fields, std::span<const Extension> extensions);

}  // namespace conclave::rtp
