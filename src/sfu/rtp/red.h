#pragma once
// Redundant audio (RFC 2198): the primary block of a packet, for receivers that did not negotiate RED.
//
//   |1| block PT |  timestamp offset (14)  | length (10) |   for each redundant block
//   |0| block PT |                                           the primary one, whose data stands last
#include <cstdint>
#include <optional>

#include "base/byte_reader.h"

namespace conclave::rtp {

struct RedPrimary {
  std::uint8_t payload_type = 0;
  Bytes payload;
};

// Nothing if it is not RED all of whose blocks have one type: what is encrypted end to end does not look like it (media.md 16.3).
std::optional<RedPrimary> red_primary(Bytes payload);

}  // namespace conclave::rtp
