#pragma once
// Applies the allocation: sets what each receiver is sent, and tells receivers (ForwardedSources) and senders (SenderSourceConstraints).
#include "base/time.h"
#include "sfu/conference.h"

namespace conclave::sfu {

class Endpoint;
struct PublishedSource;

void allocate_all(Conference::State& conference, TimePoint now);
// If what the receiver's network carries has changed enough, or some time has passed.
void allocate_if_changed(Endpoint& receiver, TimePoint now);
// One receiver, whose wishes have changed. The senders are told with the next tick.
void allocate_for(Endpoint& receiver, TimePoint now);
// A layer has begun, fallen silent or changed its height: for each receiver who wants that source all is allocated anew, before the packet
// that told goes on, for it may be the key frame that is waited for.
void choose_again(const PublishedSource& source, TimePoint now);
// To each owner whose source's greatest wanted height has changed.
void tell_senders(Conference::State& conference);
// All of them, to one endpoint whose channel has just opened.
void tell_sender(Endpoint& sender);

}  // namespace conclave::sfu
