#pragma once
// The VP9 payload descriptor (RFC 9628 §4.2), as far as switching needs it, and rewriting its picture id and TL0PICIDX.
//
//   |I|P|L|F|B|E|V|Z|  required
//   |M| PICTURE ID  |  I
//   | TID |U| SID |D|  L
//   |   TL0PICIDX   |  L and not F
//   | P_DIFF      |N|  P and F, up to three
//   | SS            |  V
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/byte_reader.h"

namespace conclave::rtp {

inline constexpr std::size_t kMaxVp9Layers = 8;
inline constexpr std::size_t kMaxVp9References = 3;

struct Vp9Descriptor {
  std::size_t size = 1;
  bool begins_frame = false;  // of one spatial layer
  bool ends_frame = false;
  bool key_frame = false;         // belongs to a frame from which decoding can begin
  bool predicted = false;         // P: from other pictures
  bool flexible = false;          // F: it names the pictures that it refers to
  bool layered = false;           // L
  bool switching_up = false;      // U: later pictures of higher temporal layers refer to none before this one
  bool depends_on_lower = false;  // D: on the next lower spatial layer of the same picture
  bool not_for_upper = false;     // Z: no higher spatial layer of the same picture refers to it
  std::optional<std::uint16_t> picture_id;
  bool long_picture_id = false;
  std::optional<std::uint8_t> tl0_picture_index;
  std::size_t picture_id_offset = 0;  // meaningful where the field is there
  std::size_t tl0_offset = 0;
  std::uint8_t temporal = 0;
  std::uint8_t spatial = 0;
  std::array<std::uint8_t, kMaxVp9References> references{};  // flexible: how many picture ids back
  std::uint8_t reference_count = 0;
  std::uint8_t spatial_layers = 0;                     // of the scalability structure, 0 if there is none
  std::array<std::uint16_t, kMaxVp9Layers> heights{};  // likewise: the smaller dimension of each layer

  static std::optional<Vp9Descriptor> parse(Bytes payload);
};

// Writes `payload` with other ids, of the same lengths.
void write_vp9(ByteWriter& writer, Bytes payload, const Vp9Descriptor& descriptor, std::uint16_t picture_id,
               std::uint8_t tl0_picture_index);

}  // namespace conclave::rtp
