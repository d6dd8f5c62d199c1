#pragma once
// Frames into RTP payloads, as browsers do it, and back: RFC 7741 (VP8), RFC 9628 (VP9), RFC 6184 (H.264).
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/byte_reader.h"
#include "sfu/pictures/encoders.h"

namespace conclave::sfu::pictures {

using Payload = std::vector<std::byte>;

inline constexpr std::size_t kPayloadBytes = 500;  // small, so that frames have several

// Picture ids go on per encoding.
class Packetiser {
 public:
  Packetiser(rtp::Codec codec, std::uint16_t first_picture, bool flexible = false)
      : codec_(codec), flexible_(flexible), picture_(first_picture) {}
  std::vector<Payload> packetise(const EncodedFrame& frame);
  // AV1: the dependency descriptor of the frame's first, middle or last packet.
  Payload dependencies(const EncodedFrame& frame, bool first, bool last);

 private:
  std::vector<Payload> vp8(const EncodedFrame& frame);
  std::vector<Payload> vp9(const EncodedFrame& frame);
  Payload vp9_descriptor(const EncodedFrame& frame, bool first, bool last) const;

  rtp::Codec codec_;
  bool flexible_;  // VP9: each frame names those that it refers to
  std::uint16_t picture_;
  std::uint8_t tl0_ = 200;
  std::uint16_t frame_ = 65530;    // AV1: number of the frame
  std::uint16_t last_lowest_ = 0;  // picture id of the last picture of temporal layer 0
};

// Appends what the payload carries to `frame`. False: it is not one of this codec.
bool depacketise(rtp::Codec codec, Bytes payload, std::vector<std::byte>& frame);

}  // namespace conclave::sfu::pictures
