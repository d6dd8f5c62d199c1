#include "sfu/fan_out.h"

#include "sfu/conference_state.h"

namespace conclave::sfu {

void fan_out(Conference::State& conference, const IncomingPacket& packet) {
  for (PacketSink* sink : conference.sinks) {
    if (sink->wants(packet)) sink->send(packet);
  }
}

}  // namespace conclave::sfu
