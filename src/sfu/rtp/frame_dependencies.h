#pragma once
// The dependency descriptor (AV1 RTP specification, appendix A): of what a frame consists and what it refers to, in a header extension, whatever
// the codec. A key frame carries the structure, to whose templates all later frames refer.
//
//   |start|end| template id (6) |  frame number (16)  |   always
//   |structure|active|dtis|fdiffs|chains|                  more than three bytes: what follows
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "base/byte_reader.h"

namespace conclave::rtp {

inline constexpr std::size_t kMaxTemplates = 64;      // template ids have six bits
inline constexpr std::size_t kMaxDecodeTargets = 32;  // likewise five
inline constexpr std::size_t kMaxFrameReferences = 8; // AV1 has seven; a structure with more is refused
inline constexpr std::size_t kMaxStructureLayers = 4;

// How a frame serves a decode target.
enum class Indication : std::uint8_t { NotPresent, Discardable, Switch, Required };

struct FrameReferences {
  std::array<std::uint16_t, kMaxFrameReferences> back{};  // frame numbers before this one
  std::uint8_t count = 0;
};

struct DependencyStructure {
  struct Template {
    std::uint8_t spatial = 0;
    std::uint8_t temporal = 0;
    std::uint64_t indications = 0;  // two bits for each decode target, the first one lowest
    FrameReferences references;
  };
  struct Target {
    std::uint8_t spatial = 0;  // the highest layers that it has
    std::uint8_t temporal = 0;
  };
  std::uint8_t offset = 0;  // id of the first template
  std::uint8_t template_count = 0;
  std::uint8_t target_count = 0;
  std::uint8_t chain_count = 0;
  std::array<Template, kMaxTemplates> templates;
  std::array<Target, kMaxDecodeTargets> targets;
  std::array<std::uint16_t, kMaxStructureLayers> heights{};  // the smaller dimension of each spatial layer, 0 if not told
  std::uint32_t active = 0;                                  // decode targets that are sent now
};

struct FrameDependencies {
  bool begins_frame = false;
  bool ends_frame = false;
  std::uint16_t number = 0;
  std::uint8_t spatial = 0;
  std::uint8_t temporal = 0;
  bool carries_structure = false;
  bool carries_active = false;
  std::uint64_t indications = 0;
  FrameReferences references;
  std::uint16_t active_at = 0;  // the bit at which the mask of active targets stands or would stand, 0: in a short descriptor

  Indication indication(std::size_t target) const { return static_cast<Indication>(indications >> (2 * target) & 3); }

  // `structure`: that of the stream; taken from the packet if it carries one, and its mask kept up to date. Nothing if the bytes are wrong or
  // refer to a template that there is not; then the structure is as it was.
  static std::optional<FrameDependencies> parse(Bytes data, std::optional<DependencyStructure>& structure);
};

// What is written differently for a receiver.
struct DescriptorChange {
  std::uint16_t number = 0;
  std::uint8_t template_shift = 0;  // added to template ids, modulo 64
  std::uint8_t targets = 0;         // how many bits the mask has; 0: leave it as it is
  std::uint16_t active_at = 0;
  std::uint32_t active = 0;
};
// Nothing is longer by more than six bytes. `buffer` too small: the descriptor as it was.
Bytes rewrite_descriptor(Bytes descriptor, const DescriptorChange& change, std::span<std::byte> buffer);

}  // namespace conclave::rtp
