#include "sfu/rtp/h264.h"

namespace conclave::rtp {
namespace {
constexpr std::uint8_t kSequenceParameters = 7;
constexpr std::uint8_t kStapA = 24;
constexpr std::uint8_t kFuA = 28;
}  // namespace

bool h264_begins_key_frame(Bytes payload) {
  ByteReader reader(payload);
  const std::uint8_t type = reader.u8() & 0x1f;
  if (type == kSequenceParameters) return reader.ok();
  if (type == kStapA) {
    while (reader.left() > 2) {
      const Bytes unit = reader.bytes(reader.u16());
      if (!unit.empty() && (std::to_integer<std::uint8_t>(unit[0]) & 0x1f) == kSequenceParameters) return true;
    }
    return false;
  }
  if (type == kFuA) {
    const std::uint8_t fragment = reader.u8();
    return reader.ok() && (fragment & 0x80) != 0 && (fragment & 0x1f) == kSequenceParameters;
  }
  return false;
}

}  // namespace conclave::rtp
