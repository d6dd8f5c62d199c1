#pragma once
// The encodings of a video source: which ones are being sent, how high they are, which one suits a receiver. Pure.
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/time.h"
#include "sfu/layer_index.h"
#include "sfu/limits.h"

namespace conclave::sfu {

inline constexpr int kUnlimitedHeight = -1;

class Layers {
 public:
  explicit Layers(std::size_t encodings) : count_(encodings < kMaxEncodings ? encodings : kMaxEncodings) {}

  // A packet has come. `height` is 0 if it does not tell. True if the set of layers has changed thereby: allocate anew.
  bool received(TimePoint now, std::size_t encoding, std::uint16_t height);
  // True if an encoding has fallen silent while others of the source are sent.
  bool expire();

  std::size_t count() const { return count_; }
  bool active(std::size_t encoding) const { return layers_[encoding].active; }
  bool any_active() const;
  // Measured, else assumed: 180, 360, 720 in SIM order (media.md 9).
  int height(std::size_t encoding) const;
  // The highest active encoding within `max_height` (kUnlimitedHeight for no limit), else the lowest active one; while nothing is sent,
  // the lowest one at all. kNoEncoding for a max_height of 0.
  int choose(int max_height) const;

 private:
  struct Layer {
    bool active = false;
    std::uint16_t height = 0;
    TimePoint last{};
  };
  std::array<Layer, kMaxEncodings> layers_{};
  std::size_t count_;
  TimePoint last_{};  // of any of them: when the whole source pauses, the set stays as it was
};

}  // namespace conclave::sfu
