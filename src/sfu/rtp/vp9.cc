#include "sfu/rtp/vp9.h"

#include <algorithm>

namespace conclave::rtp {

namespace {

// |N_S(3)|Y|G| then the sizes of N_S+1 layers if Y, then N_G pictures if G (RFC 9628 §4.2.1).
void read_structure(ByteReader& reader, Vp9Descriptor& d) {
  const std::uint8_t structure = reader.u8();
  d.spatial_layers = static_cast<std::uint8_t>((structure >> 5) + 1);
  if ((structure & 0x10) != 0) {
    for (std::size_t i = 0; i < d.spatial_layers; ++i) {
      const std::uint16_t width = reader.u16();
      d.heights[i] = std::min(width, reader.u16());
    }
  }
  if ((structure & 0x08) != 0) {
    const int pictures = reader.u8();
    for (int i = 0; i < pictures && reader.ok(); ++i) reader.skip(reader.u8() >> 2 & 0x03);
  }
}

void read_indices(ByteReader& reader, Vp9Descriptor& d) {
  const std::uint8_t indices = reader.u8();
  d.layered = true;
  d.temporal = indices >> 5;
  d.switching_up = (indices & 0x10) != 0;
  d.spatial = indices >> 1 & 0x07;
  d.depends_on_lower = (indices & 0x01) != 0;
  if (d.flexible) return;
  d.tl0_offset = reader.position();
  d.tl0_picture_index = reader.u8();
}

}  // namespace

std::optional<Vp9Descriptor> Vp9Descriptor::parse(Bytes payload) {
  ByteReader reader(payload);
  Vp9Descriptor d;
  const std::uint8_t first = reader.u8();
  d.predicted = (first & 0x40) != 0;
  d.flexible = (first & 0x10) != 0;
  d.begins_frame = (first & 0x08) != 0;
  d.ends_frame = (first & 0x04) != 0;
  d.not_for_upper = (first & 0x01) != 0;
  if ((first & 0x80) != 0) {
    d.picture_id_offset = reader.position();
    std::uint16_t id = reader.u8();
    d.long_picture_id = (id & 0x80) != 0;
    if (d.long_picture_id) id = static_cast<std::uint16_t>((id & 0x7f) << 8 | reader.u8());
    d.picture_id = id;
  }
  if ((first & 0x20) != 0) read_indices(reader, d);
  if (d.predicted && d.flexible) {
    bool more = true;
    while (more && d.reference_count < kMaxVp9References) {
      const std::uint8_t reference = reader.u8();
      d.references[d.reference_count++] = reference >> 1;
      more = (reference & 0x01) != 0;
    }
  }
  if ((first & 0x02) != 0) read_structure(reader, d);
  if (!reader.ok()) return std::nullopt;
  d.size = reader.position();
  d.key_frame = !d.predicted && (!d.layered || d.spatial == 0 || !d.depends_on_lower);
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
