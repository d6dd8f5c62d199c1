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
    std::uint16_t id = reader.u8();
    if ((id & 0x80) != 0) id = static_cast<std::uint16_t>((id & 0x7f) << 8 | reader.u8());
    d.picture_id = id;
  }
  if (layers) {
    const std::uint8_t indices = reader.u8();
    d.temporal = indices >> 5;
    d.spatial = indices >> 1 & 0x07;
    depends_on_lower = (indices & 0x01) != 0;
    if (!flexible) reader.skip(1);
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

}  // namespace conclave::rtp
