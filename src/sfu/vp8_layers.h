#pragma once
// Which frames of a VP8 stream go to one receiver: temporal layers by the descriptor's TID and Y (RFC 7741 §4.2; media.md 12.2), and by how much
// picture ids move up. A stream without picture ids or TID goes whole. Pure; no allocation.
#include <cstdint>

#include "sfu/drop_window.h"
#include "sfu/rtp/sequence.h"
#include "sfu/rtp/vp8.h"
#include "sfu/temporal_layers.h"

namespace conclave::sfu {

class Vp8Layers {
 public:
  // At the first packet of a key frame.
  void begin(const rtp::Vp8Descriptor& first, std::uint8_t target);
  void set_target(std::uint8_t temporal) { temporal_.set_target(temporal); }
  // All packets of a frame get the same answer.
  bool forward(const rtp::Vp8Descriptor& packet);
  // How many pictures before that one were left out.
  std::uint16_t left_out(const rtp::Vp8Descriptor& packet) const;

 private:
  TemporalLayers temporal_;
  rtp::PictureUnwrapper unwrapper_;
  DropWindow pictures_;
};

}  // namespace conclave::sfu
