#include "sfu/temporal_layers.h"

#include <algorithm>

namespace conclave::sfu {

void TemporalLayers::begin(std::int64_t picture, std::uint8_t target) {
  target_ = std::min<std::uint8_t>(target, kMaxTemporalLayers - 1);
  open_ = target_;
  opened_at_ = picture - 1;
  last_dropped_.fill(picture - 1);
}

void TemporalLayers::set_target(std::uint8_t target) {
  target_ = std::min<std::uint8_t>(target, kMaxTemporalLayers - 1);
  open_ = std::min(open_, target_);
}

bool TemporalLayers::unbroken_since(std::int64_t picture, std::uint8_t temporal) const {
  for (std::size_t layer = 1; layer <= temporal; ++layer) {
    if (last_dropped_[layer] >= picture) return false;
  }
  return true;
}

bool TemporalLayers::wants(std::int64_t picture, std::uint8_t temporal, bool alone) const {
  if (temporal == 0) return true;
  if (temporal > target_) return false;
  return alone || (temporal <= open_ && picture > opened_at_);
}

void TemporalLayers::forwarded(std::int64_t picture, std::uint8_t temporal, bool alone, bool opens) {
  if (open_ >= target_) return;
  if (opens && temporal <= open_ && unbroken_since(picture, target_)) {
    open_ = target_;
    opened_at_ = picture;
  } else if (alone && temporal == open_ + 1 && unbroken_since(picture, temporal)) {
    open_ = temporal;
    opened_at_ = picture;
  }
}

void TemporalLayers::dropped(std::int64_t picture, std::uint8_t temporal) {
  if (temporal >= kMaxTemporalLayers) return;
  last_dropped_[temporal] = std::max(last_dropped_[temporal], picture);
}

}  // namespace conclave::sfu
