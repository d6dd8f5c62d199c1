#pragma once
// Applies the allocation: sets what each receiver is sent, and tells receivers (ForwardedSources) and senders (SenderSourceConstraints).
#include "base/time.h"
#include "sfu/conference.h"

namespace conclave::sfu {

class Endpoint;
struct PublishedSource;

void allocate_all(Conference::State& conference, TimePoint now);
// One receiver, whose wishes have changed. The senders are told with the next tick.
void allocate_for(Endpoint& receiver, TimePoint now);
// An encoding has begun, fallen silent or changed its height: each receiver's encoding of that source is chosen anew, before the packet
// that told goes on, for it may be the key frame that is waited for. What the receivers asked for has not changed, nor who gets what.
void choose_again(const PublishedSource& source, TimePoint now);
// To each owner whose source's greatest wanted height has changed.
void tell_senders(Conference::State& conference);
// All of them, to one endpoint whose channel has just opened.
void tell_sender(Endpoint& sender);

}  // namespace conclave::sfu
