#include "sfu/rtp/vp8.h"

namespace conclave::rtp {

std::optional<Vp8Descriptor> Vp8Descriptor::parse(Bytes payload) {
  ByteReader reader(payload);
  Vp8Descriptor d;
  const std::uint8_t first = reader.u8();
  d.begins_frame = (first & 0x10) != 0 && (first & 0x07) == 0;
  if ((first & 0x80) != 0) {
    const std::uint8_t flags = reader.u8();
    if ((flags & 0x80) != 0) {
      d.picture_id_offset = reader.position();
      std::uint16_t id = reader.u8();
      if ((id & 0x80) != 0) {
        d.long_picture_id = true;
        id = static_cast<std::uint16_t>((id & 0x7f) << 8 | reader.u8());
      }
      d.picture_id = id;
    }
    if ((flags & 0x40) != 0) {
      d.tl0_offset = reader.position();
      d.tl0_picture_index = reader.u8();
    }
    if ((flags & 0x30) != 0) {
      const std::uint8_t last = reader.u8();
      if ((flags & 0x20) != 0) {
        d.layered = true;
        d.temporal = last >> 6;
        d.layer_sync = (last & 0x20) != 0;
      }
    }
  }
  if (!reader.ok()) return std::nullopt;
  d.size = reader.position();
  if (d.begins_frame && reader.left() > 0) {
    // RFC 6386 §9.1: three bytes of tag with the inverse key-frame bit, start code 9d 01 2a, then the dimensions, little endian.
    const std::uint32_t tag = reader.u24();
    if ((tag >> 16 & 0x01) == 0) {
      d.key_frame = true;
      const bool start_code = reader.u24() == 0x9d012a;
      const std::uint16_t width = reader.u16();
      const std::uint16_t height = reader.u16();
      const auto swapped = [](std::uint16_t v) { return static_cast<std::uint16_t>((v >> 8 | v << 8) & 0x3fff); };
      if (reader.ok() && start_code) {
        d.width = swapped(width);
        d.height = swapped(height);
      }
    }
  }
  return d;
}

void write_vp8(ByteWriter& writer, Bytes payload, const Vp8Descriptor& d, std::uint16_t picture_id, std::uint8_t tl0) {
  std::size_t done = 0;
  if (d.picture_id) {
    writer.bytes(payload.first(d.picture_id_offset));
    writer.u16(static_cast<std::uint16_t>(0x8000 | (picture_id & 0x7fff)));
    done = d.picture_id_offset + (d.long_picture_id ? 2 : 1);
  }
  if (d.tl0_picture_index) {
    writer.bytes(payload.subspan(done, d.tl0_offset - done));
    writer.u8(tl0);
    done = d.tl0_offset + 1;
  }
  writer.bytes(payload.subspan(done));
}

}  // namespace conclave::rtp
