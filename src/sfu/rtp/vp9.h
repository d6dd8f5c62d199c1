#pragma once
// The VP9 payload descriptor (RFC 9628 §4.2), as far as switching needs it, and rewriting its picture id and TL0PICIDX.
//
//   |I|P|L|F|B|E|V|Z|  required
//   |M| PICTURE ID  |  I
//   | TID |U| SID |D|  L
//   |   TL0PICIDX   |  L and not F
//   | P_DIFF      |N|  P and F, up to three
//   | SS            |  V
#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/byte_reader.h"

namespace conclave::rtp {

struct Vp9Descriptor {
  std::size_t size = 1;
  bool begins_frame = false;
  bool ends_frame = false;
  bool key_frame = false;  // belongs to a frame from which decoding can begin
  std::optional<std::uint16_t> picture_id;
  bool long_picture_id = false;
  std::optional<std::uint8_t> tl0_picture_index;
  std::size_t picture_id_offset = 0;  // meaningful where the field is there
  std::size_t tl0_offset = 0;
  std::uint8_t temporal = 0;
  std::uint8_t spatial = 0;
  std::uint16_t width = 0;   // largest of the scalability structure, 0 if there is none
  std::uint16_t height = 0;

  static std::optional<Vp9Descriptor> parse(Bytes payload);
};

// Writes `payload` with other ids, of the same lengths.
void write_vp9(ByteWriter& writer, Bytes payload, const Vp9Descriptor& descriptor, std::uint16_t picture_id,
               std::uint8_t tl0_picture_index);

}  // namespace conclave::rtp
