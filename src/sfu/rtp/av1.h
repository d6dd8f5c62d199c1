#pragma once
// AV1 in RTP: the aggregation header (AV1 RTP specification §4.4) and the mandatory part of the dependency descriptor (its appendix A).
#include <cstdint>
#include <optional>

#include "base/byte_reader.h"

namespace conclave::rtp {

//   |start|end| template id (6) |  frame number (16)  |  extended: structure present, …
struct DependencyDescriptor {
  bool begins_frame = false;
  bool ends_frame = false;
  std::uint8_t template_id = 0;
  std::uint16_t frame_number = 0;
  bool carries_structure = false;  // a new template structure: the first packet of a key frame

  static std::optional<DependencyDescriptor> parse(Bytes data);
};

// That of a descriptor; nothing if it is none.
std::optional<std::uint16_t> frame_number(Bytes dependency_descriptor);

// N of |Z|Y|W W|N|-|-|-|: the first packet of a coded video sequence.
bool av1_begins_sequence(Bytes payload);

}  // namespace conclave::rtp
