#include "sfu/descriptor_layers.h"

namespace conclave::sfu {

void DescriptorLayers::begin(const rtp::FrameDependencies& first, const rtp::DependencyStructure& structure, std::uint8_t spatial,
                             std::uint8_t temporal) {
  unwrapper_ = rtp::SequenceUnwrapper();
  frames_.fill({});
  set_target(spatial, temporal);
  changed_at_ = unwrapper_.unwrap(first.number);
  go_to(wanted(structure), structure);
}

void DescriptorLayers::set_target(std::uint8_t spatial, std::uint8_t temporal) {
  spatial_ = spatial;
  temporal_ = temporal;
  waiting_ = 0;
}

// The largest active one within the target, else the smallest active one.
std::size_t DescriptorLayers::wanted(const rtp::DependencyStructure& s) const {
  const auto is_larger = [&](std::size_t a, std::size_t b) {
    const auto& x = s.targets[a];
    const auto& y = s.targets[b];
    return x.spatial != y.spatial ? x.spatial > y.spatial : x.temporal > y.temporal;
  };
  std::size_t best = rtp::kMaxDecodeTargets;
  std::size_t least = 0;
  for (std::size_t i = 0; i < s.target_count; ++i) {
    if ((s.active >> i & 1) == 0) continue;
    if ((s.active >> least & 1) == 0 || is_larger(least, i)) least = i;
    if (s.targets[i].spatial > spatial_ || s.targets[i].temporal > temporal_) continue;
    if (best == rtp::kMaxDecodeTargets || is_larger(i, best)) best = i;
  }
  return best == rtp::kMaxDecodeTargets ? least : best;
}

void DescriptorLayers::go_to(std::size_t target, const rtp::DependencyStructure& s) {
  current_ = target;
  waiting_ = 0;
  highest_spatial_ = s.targets[target].spatial;
  active_ = 0;
  for (std::size_t i = 0; i < s.target_count; ++i) {
    const bool within = s.targets[i].spatial <= s.targets[target].spatial && s.targets[i].temporal <= s.targets[target].temporal;
    if (within && (s.active >> i & 1) != 0) active_ |= 1u << i;
  }
}

bool DescriptorLayers::any_dropped(const rtp::FrameDependencies& packet) const {
  for (std::size_t i = 0; i < packet.references.count; ++i) {
    if (fate(static_cast<std::uint16_t>(packet.number - packet.references.back[i])) == Fate::Dropped) return true;
  }
  return false;
}

bool DescriptorLayers::all_forwarded(const rtp::FrameDependencies& packet) const {
  for (std::size_t i = 0; i < packet.references.count; ++i) {
    if (fate(static_cast<std::uint16_t>(packet.number - packet.references.back[i])) != Fate::Forwarded) return false;
  }
  return true;
}

bool DescriptorLayers::forward(const rtp::FrameDependencies& packet, const rtp::DependencyStructure& structure) {
  const std::int64_t number = unwrapper_.unwrap(packet.number);
  if (unwrapper_.highest() - number >= kFrames) return false;
  if (const Fate known = fate(packet.number); known != Fate::Unknown) return known == Fate::Forwarded;
  if (number == unwrapper_.highest()) {
    const std::size_t target = wanted(structure);
    const bool possible = packet.carries_structure ||
                          (packet.indication(target) == rtp::Indication::Switch && all_forwarded(packet));
    if (packet.carries_structure || packet.carries_active || (target != current_ && possible)) changed_at_ = number;
    if (target != current_ && !possible) {
      ++waiting_;
    } else if (target != current_ || changed_at_ == number) {
      go_to(target, structure);
    }
  }
  // What it refers to and has not come yet is only late.
  const bool goes = packet.indication(current_) != rtp::Indication::NotPresent && !any_dropped(packet);
  frames_[packet.number % kFrames] = {.number = packet.number, .fate = goes ? Fate::Forwarded : Fate::Dropped};
  return goes;
}

bool DescriptorLayers::tells_active(const rtp::FrameDependencies& packet) const {
  return packet.begins_frame && (packet.carries_active || packet.carries_structure || unwrapper_.peek(packet.number) == changed_at_);
}

}  // namespace conclave::sfu
