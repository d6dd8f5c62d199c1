#include "sfu/layers.h"

namespace conclave::sfu {

bool Layers::received(TimePoint now, std::size_t encoding, std::uint16_t height) {
  Layer& layer = layers_[encoding];
  const bool changed = !layer.active || (height != 0 && height != layer.height);
  layer.active = true;
  layer.last = now;
  last_ = now;
  if (height != 0) layer.height = height;
  return changed;
}

bool Layers::expire() {
  bool changed = false;
  for (std::size_t i = 0; i < count_; ++i) {
    if (!layers_[i].active || last_ - layers_[i].last < kEncodingIdle) continue;
    layers_[i].active = false;
    changed = true;
  }
  return changed;
}

bool Layers::any_active() const {
  for (std::size_t i = 0; i < count_; ++i) {
    if (layers_[i].active) return true;
  }
  return false;
}

int Layers::height(std::size_t encoding) const {
  if (layers_[encoding].height != 0) return layers_[encoding].height;
  constexpr int kAssumed[kMaxEncodings] = {180, 360, 720};
  return count_ == 1 ? kAssumed[2] : kAssumed[encoding];
}

int Layers::choose(int max_height) const {
  if (max_height == 0 || count_ == 0) return kNoEncoding;
  int lowest = kNoEncoding;
  int best = kNoEncoding;
  for (std::size_t i = 0; i < count_; ++i) {
    if (!layers_[i].active) continue;
    const int index = static_cast<int>(i);
    if (lowest == kNoEncoding) lowest = index;
    if (max_height == kUnlimitedHeight || height(i) <= max_height) best = index;
  }
  if (best != kNoEncoding) return best;
  return lowest != kNoEncoding ? lowest : 0;
}

}  // namespace conclave::sfu
