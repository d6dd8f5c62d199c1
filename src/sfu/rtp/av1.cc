#include "sfu/rtp/av1.h"

namespace conclave::rtp {

std::optional<DependencyDescriptor> DependencyDescriptor::parse(Bytes data) {
  ByteReader reader(data);
  DependencyDescriptor d;
  const std::uint8_t first = reader.u8();
  d.begins_frame = (first & 0x80) != 0;
  d.ends_frame = (first & 0x40) != 0;
  d.template_id = first & 0x3f;
  d.frame_number = reader.u16();
  if (!reader.ok()) return std::nullopt;
  if (reader.left() > 0) d.carries_structure = (reader.u8() & 0x80) != 0;
  return d;
}

std::optional<std::uint16_t> frame_number(Bytes dependency_descriptor) {
  const auto parsed = DependencyDescriptor::parse(dependency_descriptor);
  return parsed ? std::optional(parsed->frame_number) : std::nullopt;
}

bool av1_begins_sequence(Bytes payload) {
  return payload.size() > 1 && (std::to_integer<std::uint8_t>(payload[0]) & 0x08) != 0;
}

}  // namespace conclave::rtp
