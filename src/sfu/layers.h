#pragma once
// The layers of a video source: which ones are being sent, how high they are, what they cost. Pure; no allocation.
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "base/time.h"
#include "sfu/layer_index.h"
#include "sfu/limits.h"
#include "sfu/rtp/codec.h"
#include "sfu/sliding_rate.h"

namespace conclave::sfu {

inline constexpr int kUnlimitedHeight = -1;

// One of what a receiver may be sent.
struct Layer {
  LayerIndex index;
  int height = 0;
  double fps = 0;        // assumed from the temporal layers: 30, 15, 7.5 (media.md 9)
  std::int64_t bps = 0;  // measured, with all layers that it stands on; 0: nothing came lately
};

class Layers {
 public:
  explicit Layers(std::size_t encodings) : count_(encodings < kMaxEncodings ? encodings : kMaxEncodings) {}

  // A packet has come. True if the set of layers has changed thereby: allocate anew.
  bool received(TimePoint now, std::size_t encoding, const rtp::FrameStart& frame, std::size_t bytes);
  // True if an encoding has fallen silent while others of the source are sent.
  bool expire();

  std::size_t count() const { return count_; }
  bool active(std::size_t encoding) const { return encodings_[encoding].active; }
  bool any_active() const;
  // Measured, else assumed: 180, 360, 720 in SIM order (media.md 9).
  int height(std::size_t encoding) const;
  std::int64_t bps(TimePoint now, std::size_t encoding) const;
  // The layers of all active encodings, in the order of LayerIndex; while nothing is sent, the lowest encoding.
  // Computed once for each `now`.
  std::span<const Layer> all(TimePoint now) const;

 private:
  static constexpr std::size_t kSpatial = 3;  // what lies above counts to the highest
  static constexpr std::size_t kTemporal = 3;
  struct Encoding {
    bool active = false;
    std::uint16_t height = 0;
    std::array<std::uint16_t, rtp::kMaxSpatialLayers> heights{};  // of the spatial layers, 0: not told
    std::array<std::array<SlidingRate, kTemporal>, kSpatial> rates;
    TimePoint last{};
  };
  void list(TimePoint now, std::size_t encoding) const;
  void add(const Layer& layer) const { list_[listed_++] = layer; }

  std::array<Encoding, kMaxEncodings> encodings_{};
  std::size_t count_;
  TimePoint last_{};  // of any of them: when the whole source pauses, the set stays as it was
  mutable std::array<Layer, kMaxEncodings * kSpatial * kTemporal> list_;
  mutable std::size_t listed_ = 0;
  mutable std::optional<TimePoint> listed_at_;
};

}  // namespace conclave::sfu
