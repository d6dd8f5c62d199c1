#pragma once
// What one endpoint accepted of the offer, as tables for the packet path: no look-up by string there.
#include <array>
#include <cstdint>

#include "sfu/media.h"
#include "sfu/rtp/codec.h"

namespace conclave::sfu {

struct NegotiatedPayload {
  bool known = false;
  rtp::Codec codec = rtp::Codec::Other;
  MediaKind kind = MediaKind::Audio;
  std::uint32_t clock_rate = 90000;
  std::uint8_t original = 0;  // rtx: the type that it retransmits (apt)
  std::uint8_t rtx = 0;       // the type by which this one is retransmitted; 0: none
};

struct Negotiated {
  std::array<NegotiatedPayload, 128> payloads{};
  ExtensionIds extensions;
  std::uint8_t first_video = 0;  // 0: none

  Negotiated() = default;
  explicit Negotiated(const MediaDescription& media);
  const NegotiatedPayload& payload(std::uint8_t type) const { return payloads[type & 0x7f]; }
};

}  // namespace conclave::sfu
