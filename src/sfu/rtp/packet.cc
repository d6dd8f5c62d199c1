#include "sfu/rtp/packet.h"

namespace conclave::rtp {

bool looks_like_rtcp(Bytes datagram) {
  if (datagram.size() < 2) return false;
  const auto type = std::to_integer<std::uint8_t>(datagram[1]);
  return type >= 192 && type <= 223;
}

std::optional<Header> Header::parse(Bytes packet) {
  ByteReader reader(packet);
  Header header;
  const std::uint8_t first = reader.u8();
  const std::uint8_t second = reader.u8();
  header.sequence = reader.u16();
  header.timestamp = reader.u32();
  header.ssrc = reader.u32();
  if (!reader.ok() || first >> 6 != 2) return std::nullopt;
  header.padding = (first & 0x20) != 0;
  header.marker = (second & 0x80) != 0;
  header.payload_type = second & 0x7f;
  reader.skip(std::size_t{4} * (first & 0x0f));
  if ((first & 0x10) != 0) {
    header.extensions.profile = reader.u16();
    header.extensions.bytes = reader.bytes(std::size_t{4} * reader.u16());
  }
  if (!reader.ok()) return std::nullopt;
  header.size = reader.position();
  return header;
}

std::optional<Bytes> payload_of(Bytes packet, const Header& header) {
  if (packet.size() < header.size) return std::nullopt;
  const Bytes rest = packet.subspan(header.size);
  if (!header.padding) return rest;
  if (rest.empty()) return std::nullopt;
  const auto padding = std::to_integer<std::size_t>(rest.back());
  if (padding == 0 || padding > rest.size()) return std::nullopt;
  return rest.first(rest.size() - padding);
}

void write_header(ByteWriter& writer, const HeaderFields& fields, std::span<const Extension> extensions) {
  bool any = false;
  for (const Extension& extension : extensions) any = any || extension.id != 0;
  writer.u8(any ? 0x90 : 0x80);
  writer.u8(static_cast<std::uint8_t>((fields.marker ? 0x80 : 0) | (fields.payload_type & 0x7f)));
  writer.u16(fields.sequence);
  writer.u32(fields.timestamp);
  writer.u32(fields.ssrc);
  if (any) write_extensions(writer, extensions);
}

}  // namespace conclave::rtp
