#include "sfu/layers.h"

#include <algorithm>

namespace conclave::sfu {

bool Layers::received(TimePoint now, std::size_t encoding, const rtp::FrameStart& frame, std::size_t bytes) {
  Encoding& of = encodings_[encoding];
  SlidingRate& rate = of.rates[std::min<std::size_t>(frame.spatial, kSpatial - 1)]
                              [std::min<std::size_t>(frame.temporal, kTemporal - 1)];
  const bool changed = !of.active || (frame.height != 0 && frame.height != of.height) || rate.bps(last_) == 0;
  of.active = true;
  of.last = now;
  last_ = now;
  if (frame.height != 0) {
    of.height = frame.height;
    of.heights = frame.heights;
  }
  rate.add(now, bytes);
  listed_at_.reset();
  return changed;
}

bool Layers::expire() {
  bool changed = false;
  for (std::size_t i = 0; i < count_; ++i) {
    if (!encodings_[i].active || last_ - encodings_[i].last < kEncodingIdle) continue;
    encodings_[i].active = false;
    changed = true;
  }
  if (changed) listed_at_.reset();
  return changed;
}

bool Layers::any_active() const {
  return std::any_of(encodings_.begin(), encodings_.begin() + static_cast<std::ptrdiff_t>(count_),
                     [](const Encoding& e) { return e.active; });
}

int Layers::height(std::size_t encoding) const {
  if (encodings_[encoding].height != 0) return encodings_[encoding].height;
  constexpr int kAssumed[kMaxEncodings] = {180, 360, 720};
  return count_ == 1 ? kAssumed[2] : kAssumed[encoding];
}

std::int64_t Layers::bps(TimePoint now, std::size_t encoding) const {
  std::int64_t sum = 0;
  for (const auto& spatial : encodings_[encoding].rates) {
    for (const SlidingRate& rate : spatial) sum += rate.bps(now);
  }
  return sum;
}

std::span<const Layer> Layers::all(TimePoint now) const {
  if (listed_at_ != now) {
    listed_at_ = now;
    listed_ = 0;
    for (std::size_t i = 0; i < count_; ++i) {
      if (encodings_[i].active) list(now, i);
    }
    if (listed_ == 0 && count_ > 0) add({.index = LayerIndex(0), .height = height(0), .fps = 30, .bps = 0});
  }
  return std::span(list_).first(listed_);
}

void Layers::list(TimePoint now, std::size_t encoding) const {
  const Encoding& of = encodings_[encoding];
  std::array<std::array<std::int64_t, kTemporal>, kSpatial> bps{};
  std::size_t top_spatial = 0;
  std::size_t top_temporal = 0;
  for (std::size_t s = 0; s < kSpatial; ++s) {
    for (std::size_t t = 0; t < kTemporal; ++t) {
      bps[s][t] = of.rates[s][t].bps(now);
      if (bps[s][t] == 0) continue;
      top_spatial = std::max(top_spatial, s);
      top_temporal = std::max(top_temporal, t);
    }
  }
  const int number = static_cast<int>(encoding);
  std::array<std::int64_t, kTemporal> below{};  // of the spatial layers so far, up to each temporal one
  for (std::size_t s = 0; s <= top_spatial; ++s) {
    std::int64_t of_this = 0;
    // What is not told is taken to halve from layer to layer.
    const int height_here = of.heights[s] != 0 ? of.heights[s] : height(encoding) >> (top_spatial - s);
    for (std::size_t t = 0; t <= top_temporal; ++t) {
      of_this += bps[s][t];
      below[t] += of_this;
      add({.index = LayerIndex(number, s == top_spatial ? kAllLayers : static_cast<std::uint8_t>(s),
                               t == top_temporal ? kAllLayers : static_cast<std::uint8_t>(t)),
           .height = height_here,
           .fps = 30.0 / static_cast<double>(1U << (top_temporal - t)),
           .bps = below[t]});
    }
  }
}

}  // namespace conclave::sfu
