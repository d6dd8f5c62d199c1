#include "sfu/rtp/red.h"

namespace conclave::rtp {

std::optional<RedPrimary> red_primary(Bytes payload) {
  ByteReader reader(payload);
  std::size_t redundant = 0;
  std::optional<std::uint8_t> redundant_type;
  for (;;) {
    const std::uint8_t first = reader.u8();
    if (!reader.ok()) return std::nullopt;
    const auto type = static_cast<std::uint8_t>(first & 0x7f);
    if (redundant_type.value_or(type) != type) return std::nullopt;
    if ((first & 0x80) == 0) {
      (void)reader.bytes(redundant);
      if (!reader.ok() || reader.left() == 0) return std::nullopt;
      return RedPrimary{.payload_type = type, .payload = reader.bytes(reader.left())};
    }
    redundant_type = type;
    redundant += reader.u24() & 0x3ff;
  }
}

}  // namespace conclave::rtp
