#pragma once
// The VP9 payload descriptor (RFC 9628 §4.2), as far as switching needs it.
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
  std::uint8_t temporal = 0;
  std::uint8_t spatial = 0;
  std::uint16_t width = 0;   // largest of the scalability structure, 0 if there is none
  std::uint16_t height = 0;

  static std::optional<Vp9Descriptor> parse(Bytes payload);
};

}  // namespace conclave::rtp
