#include "sfu/rtp/vp9.h"

#include <algorithm>

namespace conclave::rtp {

std::optional<Vp9Descriptor> Vp9Descriptor::parse(Bytes payload) {
  ByteReader reader(payload);
  Vp9Descriptor d;
  const std::uint8_t first = reader.u8();
  const bool predicted = (first & 0x40) != 0;
  const bool layers = (first & 0x20) != 0;
  const bool flexible = (first & 0x10) != 0;
  d.begins_frame = (first & 0x08) != 0;
  d.ends_frame = (first & 0x04) != 0;
  bool depends_on_lower = false;
  if ((first & 0x80) != 0) {
    d.picture_id_offset = reader.position();
    std::uint16_t id = reader.u8();
    d.long_picture_id = (id & 0x80) != 0;
    if (d.long_picture_id) id = static_cast<std::uint16_t>((id & 0x7f) << 8 | reader.u8());
    d.picture_id = id;
  }
  if (layers) {
    const std::uint8_t indices = reader.u8();
    d.temporal = indices >> 5;
    d.spatial = indices >> 1 & 0x07;
    depends_on_lower = (indices & 0x01) != 0;
    if (!flexible) {
      d.tl0_offset = reader.position();
      d.tl0_picture_index = reader.u8();
    }
  }
  if (predicted && flexible) {
    for (int i = 0; i < 3 && (reader.u8() & 0x01) != 0; ++i) {
    }
  }
  if ((first & 0x02) != 0) {
    const std::uint8_t structure = reader.u8();
    const int spatial_layers = (structure >> 5) + 1;
    if ((structure & 0x10) != 0) {
      for (int i = 0; i < spatial_layers; ++i) {
        d.width = std::max(d.width, reader.u16());
        d.height = std::max(d.height, reader.u16());
      }
    }
    if ((structure & 0x08) != 0) {
      const int pictures = reader.u8();
      for (int i = 0; i < pictures && reader.ok(); ++i) reader.skip(reader.u8() >> 2 & 0x03);
    }
  }
  if (!reader.ok()) return std::nullopt;
  d.size = reader.position();
  d.key_frame = !predicted && (!layers || d.spatial == 0 || !depends_on_lower);
  return d;
}

void write_vp9(ByteWriter& writer, Bytes payload, const Vp9Descriptor& d, std::uint16_t picture_id, std::uint8_t tl0) {
  std::size_t done = 0;
  if (d.picture_id) {
    writer.bytes(payload.first(d.picture_id_offset));
    if (d.long_picture_id) {
      writer.u16(static_cast<std::uint16_t>(0x8000 | (picture_id & 0x7fff)));
    } else {
      writer.u8(static_cast<std::uint8_t>(picture_id & 0x7f));
    }
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
