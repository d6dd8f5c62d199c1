#pragma once
// RTCP from endpoints (media.md 11): what they say as senders goes on to receivers, what they say as receivers is answered here.
#include "base/byte_reader.h"

namespace conclave::sfu {

class Endpoint;

// Decrypts in place. What cannot be used is counted and dropped.
void receive_rtcp(Endpoint& endpoint, MutableBytes datagram);

}  // namespace conclave::sfu
