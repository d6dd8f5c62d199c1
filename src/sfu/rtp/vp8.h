#pragma once
// The VP8 payload descriptor (RFC 7741 §4.2), and rewriting its picture id and TL0PICIDX.
//
//   |X|R|N|S|R| PID |   required
//   |I|L|T|K| RSV   |   X
//   |M| PictureID   |   I, 7 bits, or 15 if M
//   |   TL0PICIDX   |   L
//   |TID|Y| KEYIDX  |   T or K
#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/byte_reader.h"

namespace conclave::rtp {

struct Vp8Descriptor {
  std::size_t size = 1;  // where the VP8 payload begins
  bool begins_frame = false;
  bool key_frame = false;  // first packet of a key frame (RFC 7741 §4.3)
  std::uint16_t width = 0;  // of a key frame, else 0
  std::uint16_t height = 0;
  std::optional<std::uint16_t> picture_id;
  bool long_picture_id = false;
  std::optional<std::uint8_t> tl0_picture_index;
  bool layered = false;     // T
  std::uint8_t temporal = 0;
  bool layer_sync = false;  // Y: refers to the lowest layer alone
  std::size_t picture_id_offset = 0;  // meaningful where the field is there
  std::size_t tl0_offset = 0;

  static std::optional<Vp8Descriptor> parse(Bytes payload);
};

// Writes `payload` with other ids. A 7-bit picture id becomes a 15-bit one, so the result may be one byte longer.
void write_vp8(ByteWriter& writer, Bytes payload, const Vp8Descriptor& descriptor, std::uint16_t picture_id,
               std::uint8_t tl0_picture_index);

}  // namespace conclave::rtp
