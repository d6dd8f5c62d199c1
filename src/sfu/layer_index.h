#pragma once
// Which part of a source is meant (media.md 9): an encoding, that is one SSRC of a SIM group, and within it how many
// spatial layers (SVC) and temporal layers. As what a receiver is to be sent: everything up to there. The order is that
// of the bit rate within one source.
#include <compare>
#include <cstdint>

namespace conclave::sfu {

inline constexpr int kNoEncoding = -1;
inline constexpr std::uint8_t kAllLayers = 7;  // the highest that VP9 and the dependency descriptor can name

struct LayerIndex {
  constexpr LayerIndex() = default;
  // The whole encoding, unless layers are named.
  constexpr LayerIndex(int of, std::uint8_t up_to_spatial = kAllLayers,
                       std::uint8_t up_to_temporal = kAllLayers)  // NOLINT: as a number
      : encoding(of), spatial(up_to_spatial), temporal(up_to_temporal) {}

  int encoding = kNoEncoding;
  std::uint8_t spatial = kAllLayers;
  std::uint8_t temporal = kAllLayers;

  constexpr bool none() const { return encoding == kNoEncoding; }
  constexpr auto operator<=>(const LayerIndex&) const = default;
};

}  // namespace conclave::sfu
