#pragma once
// From a protected RTP packet of an endpoint to an IncomingPacket for the conference (media.md 9).
#include "base/byte_reader.h"

namespace conclave::sfu {

class Endpoint;

// Decrypts in place. What cannot be used is counted and dropped.
void receive_rtp(Endpoint& sender, MutableBytes datagram);

}  // namespace conclave::sfu
