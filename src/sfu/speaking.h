#pragma once
#include "base/time.h"
#include "sfu/conference.h"

namespace conclave::sfu {

class Endpoint;

// Each kSpeakerInterval: finds the dominant speaker, and when it has changed tells every channel and focus, and allocates anew.
void find_dominant_speaker(Conference::State& conference, TimePoint now);
// To one channel that has just opened; nothing if nobody has spoken yet.
void tell_dominant_speaker(Endpoint& endpoint);
// `endpoint` leaves: out of the list.
void forget_speaker(Conference::State& conference, const Endpoint& endpoint);

}  // namespace conclave::sfu
