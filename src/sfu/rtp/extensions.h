#pragma once
// RTP header extensions, one-byte and two-byte form (RFC 8285 §4.2, §4.3). Both occur: a dependency descriptor may exceed 16 bytes.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "base/byte_reader.h"

namespace conclave::rtp {

inline constexpr std::uint16_t kOneByteProfile = 0xBEDE;
inline constexpr std::uint16_t kTwoByteProfile = 0x1000;  // the low four bits are the application's

struct ExtensionBlock {
  std::uint16_t profile = 0;
  Bytes bytes;
};

struct Extension {
  std::uint8_t id = 0;
  Bytes data;
};

// Walks the elements. An element that runs past the block ends the walk; what came before it counts.
class ExtensionReader {
 public:
  explicit ExtensionReader(const ExtensionBlock& block) : profile_(block.profile), reader_(block.bytes) {}
  std::optional<Extension> next();

 private:
  std::uint16_t profile_;
  ByteReader reader_;
};

// Profile, length, elements, padding to 32 bits. The one-byte form unless an element needs the other one. Elements with id 0 are left
// out, as are those with more than 255 bytes.
void write_extensions(ByteWriter& writer, std::span<const Extension> extensions);

// RFC 6464 §3: the level in -dBov, 0 loud to 127 silent.
struct AudioLevel {
  bool voice = false;
  std::uint8_t level = 127;
};
std::optional<AudioLevel> parse_audio_level(Bytes data);

}  // namespace conclave::rtp
