#include "sfu/vp8_layers.h"

namespace conclave::sfu {
namespace {

bool has_layers(const rtp::Vp8Descriptor& packet) { return packet.picture_id && packet.layered; }

}  // namespace

void Vp8Layers::begin(const rtp::Vp8Descriptor& first, std::uint8_t target) {
  unwrapper_ = rtp::PictureUnwrapper();
  const std::int64_t picture = unwrapper_.unwrap(first.picture_id.value_or(0), first.long_picture_id);
  pictures_.begin(picture);
  temporal_.begin(picture, target);
}

bool Vp8Layers::forward(const rtp::Vp8Descriptor& packet) {
  if (!has_layers(packet)) return true;
  const std::int64_t picture = unwrapper_.unwrap(*packet.picture_id, packet.long_picture_id);
  if (pictures_.known(picture)) return !pictures_.dropped(picture);
  if (!temporal_.wants(picture, packet.temporal, packet.layer_sync)) {
    pictures_.drop(picture);
    temporal_.dropped(picture, packet.temporal);
    return false;
  }
  pictures_.forward(picture);
  temporal_.forwarded(picture, packet.temporal, packet.layer_sync, packet.key_frame);
  return true;
}

std::uint16_t Vp8Layers::left_out(const rtp::Vp8Descriptor& packet) const {
  if (!has_layers(packet)) return 0;
  return static_cast<std::uint16_t>(pictures_.dropped_before(unwrapper_.peek(*packet.picture_id, packet.long_picture_id)));
}

}  // namespace conclave::sfu
