#pragma once
// What a forwarding server has to know of a video packet, whatever its codec.
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/byte_reader.h"

namespace conclave::rtp {

enum class Codec : std::uint8_t { Other, Opus, Red, TelephoneEvent, Vp8, Vp9, H264, Av1, Rtx };

// Lower-case names as in SDP; Other for unknown ones.
Codec codec_of(std::string_view name);
constexpr bool is_video(Codec codec) {
  return codec == Codec::Vp8 || codec == Codec::Vp9 || codec == Codec::H264 || codec == Codec::Av1;
}

inline constexpr std::size_t kMaxSpatialLayers = 8;

struct FrameStart {
  bool begins_key_frame = false;  // first packet of a frame from which decoding can begin
  std::uint8_t spatial = 0;       // the layer that it belongs to
  std::uint8_t temporal = 0;
  std::uint16_t height = 0;  // the smaller dimension, of the largest layer, if this packet tells it, else 0
  std::array<std::uint16_t, kMaxSpatialLayers> heights{};  // likewise, of each spatial layer
};

// `dependency_descriptor` is the header extension of that name, or empty. Payloads that cannot be parsed begin nothing;
// of a codec that is not known, every packet does.
FrameStart inspect(Codec codec, Bytes payload, Bytes dependency_descriptor);

}  // namespace conclave::rtp
