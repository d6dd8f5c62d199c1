#include "sfu/rtp/extensions.h"

namespace conclave::rtp {

std::optional<Extension> ExtensionReader::next() {
  while (reader_.left() > 0) {
    const std::uint8_t first = reader_.u8();
    Extension extension;
    std::size_t length = 0;
    if (profile_ == kOneByteProfile) {
      if (first == 0) continue;
      extension.id = first >> 4;
      if (extension.id == 15) return std::nullopt;  // RFC 8285 §4.2: stop here
      length = std::size_t{first & 0x0fu} + 1;
      if (extension.id == 0) {  // padding with a length is not a thing; skip what it says
        reader_.skip(length);
        continue;
      }
    } else if ((profile_ & 0xfff0) == kTwoByteProfile) {
      if (first == 0) continue;
      extension.id = first;
      length = reader_.u8();
    } else {
      return std::nullopt;
    }
    extension.data = reader_.bytes(length);
    if (!reader_.ok()) return std::nullopt;
    return extension;
  }
  return std::nullopt;
}

void write_extensions(ByteWriter& writer, std::span<const Extension> extensions) {
  bool two_byte = false;
  std::size_t count = 0;
  std::size_t data_bytes = 0;
  const auto writable = [](const Extension& e) { return e.id != 0 && e.data.size() <= 255; };
  for (const Extension& e : extensions) {
    if (!writable(e)) continue;
    two_byte = two_byte || e.id > 14 || e.data.empty() || e.data.size() > 16;
    ++count;
    data_bytes += e.data.size();
  }
  const std::size_t bytes = data_bytes + count * (two_byte ? 2 : 1);
  const std::size_t words = (bytes + 3) / 4;
  writer.u16(two_byte ? kTwoByteProfile : kOneByteProfile);
  writer.u16(static_cast<std::uint16_t>(words));
  for (const Extension& e : extensions) {
    if (!writable(e)) continue;
    if (two_byte) {
      writer.u8(e.id);
      writer.u8(static_cast<std::uint8_t>(e.data.size()));
    } else {
      writer.u8(static_cast<std::uint8_t>(std::size_t{e.id} << 4 | (e.data.size() - 1)));
    }
    writer.bytes(e.data);
  }
  writer.fill(words * 4 - bytes);
}

std::optional<AudioLevel> parse_audio_level(Bytes data) {
  if (data.empty()) return std::nullopt;
  const auto value = std::to_integer<std::uint8_t>(data[0]);
  return AudioLevel{.voice = (value & 0x80) != 0, .level = static_cast<std::uint8_t>(value & 0x7f)};
}

}  // namespace conclave::rtp
