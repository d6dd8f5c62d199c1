#include "sfu/vp9_layers.h"

#include <algorithm>
#include <bit>

namespace conclave::sfu {
namespace {

constexpr std::uint8_t bit(std::size_t layer) { return static_cast<std::uint8_t>(1u << layer); }
constexpr std::uint8_t kHighest = rtp::kMaxVp9Layers - 1;

}  // namespace

void Vp9Layers::begin(const rtp::Vp9Descriptor& first, std::uint8_t spatial, std::uint8_t temporal) {
  unwrapper_ = rtp::PictureUnwrapper();
  const std::int64_t number = unwrapper_.unwrap(first.picture_id.value_or(0), first.long_picture_id);
  temporal_.begin(number, temporal);
  target_ = std::min(spatial, kHighest);
  current_ = first.spatial;
  whole_ = 0;
  layers_ = std::max<std::uint8_t>(first.spatial_layers, 1);
  newest_ = number;
  last_seen_.fill(number - kGone);
  last_dropped_.fill(number - 1);
  began_.fill(number);
  pictures_.fill({});
}

void Vp9Layers::set_target(std::uint8_t spatial, std::uint8_t temporal) {
  target_ = std::min(spatial, kHighest);
  temporal_.set_target(temporal);
}

bool Vp9Layers::refers_to_what_went_out(const rtp::Vp9Descriptor& packet, std::int64_t number) const {
  if (!packet.flexible || packet.reference_count == 0) return false;
  for (std::size_t i = 0; i < packet.reference_count; ++i) {
    const std::int64_t reference = number - packet.references[i];
    const Picture& of = picture(reference);
    if (of.number != reference || (of.forwarded & bit(packet.spatial)) == 0) return false;
  }
  return true;
}

bool Vp9Layers::wants_spatial(const rtp::Vp9Descriptor& packet, const Picture& of) const {
  const std::uint8_t layer = packet.spatial;
  // If nothing of the one below has come yet, it is only late.
  const bool below_is_there = !packet.depends_on_lower || layer == 0 || (of.dropped & bit(layer - 1u)) == 0;
  // A layer begins where it refers to no other picture, and only if none of its later frames was left out already.
  if (layer > current_) return layer <= target_ && !packet.predicted && below_is_there && last_dropped_[layer] < of.number;
  if (of.number < began_[layer]) return false;
  if (layer == current_) return below_is_there;
  return !packet.not_for_upper || !packet.predicted;
}

void Vp9Layers::took(const rtp::Vp9Descriptor& packet, const Picture& of) {
  if (packet.predicted) return;
  const std::uint8_t layer = packet.spatial;
  began_[layer] = of.number;
  if (layer > 0) {
    whole_ |= bit(layer);
    current_ = std::max(current_, layer);
  } else if (of.number == newest_) {  // a key picture: its other layers follow
    whole_ = of.forwarded;
    current_ = static_cast<std::uint8_t>(std::bit_width(of.forwarded) - 1);
  }
}

// A picture begins. Where every layer refers to the one below all the time, the lower one has gone out whole and is good alone.
void Vp9Layers::go_down(std::int64_t number) {
  newest_ = number;
  const std::uint8_t to = wanted();
  const auto needed = static_cast<std::uint8_t>((2u << to) - 1);
  if (to < current_ && (whole_ & needed) == needed) current_ = to;
}

bool Vp9Layers::forward(const rtp::Vp9Descriptor& packet) {
  if (!packet.layered || !packet.picture_id) return true;
  const std::int64_t number = unwrapper_.unwrap(*packet.picture_id, packet.long_picture_id);
  Picture& of = picture(number);
  if (of.number != number) {
    if (of.number > number) return false;  // long gone
    of = {.number = number};
    if (number > newest_) go_down(number);
  }
  const std::uint8_t layer = packet.spatial;
  if ((of.forwarded & bit(layer)) != 0) return true;
  if ((of.dropped & bit(layer)) != 0) return false;

  last_seen_[layer] = std::max(last_seen_[layer], number);
  if (packet.spatial_layers != 0) layers_ = packet.spatial_layers;
  layers_ = std::max<std::uint8_t>(layers_, static_cast<std::uint8_t>(layer + 1));
  of.predicted = of.predicted && packet.predicted;
  const bool alone = !packet.predicted || refers_to_what_went_out(packet, number);
  const bool temporal = temporal_.wants(number, packet.temporal, alone);
  if (!temporal || !wants_spatial(packet, of)) {
    of.dropped |= bit(layer);
    last_dropped_[layer] = std::max(last_dropped_[layer], number);
    if (!temporal) {
      temporal_.dropped(number, packet.temporal);
    } else {
      whole_ &= static_cast<std::uint8_t>(~bit(layer));
    }
    return false;
  }
  of.forwarded |= bit(layer);
  took(packet, of);
  temporal_.forwarded(number, packet.temporal, alone, packet.switching_up || !packet.predicted);
  return true;
}

// The highest layer within the target that the sender sends.
std::uint8_t Vp9Layers::wanted() const {
  for (std::uint8_t layer = target_; layer > 0; --layer) {
    if (newest_ - last_seen_[layer] < kGone) return layer;
  }
  return 0;
}

bool Vp9Layers::ends_picture(const rtp::Vp9Descriptor& packet) const {
  if (!packet.ends_frame) return false;
  if (!packet.layered) return true;
  const auto highest = static_cast<std::uint8_t>(layers_ - 1);
  return packet.spatial == (packet.predicted ? current_ : std::min(target_, highest));
}

bool Vp9Layers::needs_key_frame() const { return picture(newest_).predicted && wanted() != current_; }

}  // namespace conclave::sfu
