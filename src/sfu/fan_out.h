#pragma once
// The conference as packets see it.
#include "sfu/conference.h"
#include "sfu/packet_sink.h"

namespace conclave::sfu {

void fan_out(Conference::State& conference, const IncomingPacket& packet);

}  // namespace conclave::sfu
