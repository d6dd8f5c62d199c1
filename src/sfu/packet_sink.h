#pragma once
// What takes part in the fan-out of a conference: the send path of an endpoint today, a recorder, a SIP leg or a relay later.
#include <cstdint>
#include <optional>

#include "base/byte_reader.h"
#include "base/time.h"
#include "sfu/layer_index.h"
#include "sfu/rtp/codec.h"
#include "sfu/rtp/frame_dependencies.h"
#include "sfu/rtp/red.h"
#include "sfu/rtp/vp8.h"
#include "sfu/rtp/vp9.h"

namespace conclave::sfu {

struct PublishedSource;

// One media packet as the receive path has understood it. Views into the buffer it was received in: valid during the call only.
struct IncomingPacket {
  TimePoint arrival;
  PublishedSource& source;
  int encoding = 0;
  rtp::Codec codec = rtp::Codec::Other;
  std::uint8_t payload_type = 0;
  bool marker = false;
  std::uint16_t sequence = 0;  // RTX is unwrapped, and what was dropped for everybody leaves no hole
  std::uint32_t timestamp = 0;
  Bytes payload;
  Bytes audio_level;             // header extension data, or empty
  Bytes dependency_descriptor;   // likewise
  std::optional<std::uint16_t> frame_number;  // that it says
  rtp::FrameStart frame;
  std::optional<rtp::RedPrimary> primary;      // of RED, for those who do not know it
  std::optional<rtp::Vp8Descriptor> vp8;
  std::optional<rtp::Vp9Descriptor> vp9;
  std::optional<rtp::FrameDependencies> dependencies;  // the whole of the dependency descriptor, if the structure is known

  // What it belongs to.
  LayerIndex layer() const { return {encoding, frame.spatial, frame.temporal}; }
};

class PacketSink {
 public:
  virtual ~PacketSink() = default;
  virtual bool wants(const IncomingPacket& packet) const = 0;
  virtual void send(const IncomingPacket& packet) = 0;
};

}  // namespace conclave::sfu
