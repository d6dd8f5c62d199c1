#pragma once
// RTCP of our own to those who send: key frame requests, NACK, receiver reports, transport-wide feedback (media.md 11). The sender SSRC
// is the conference's video SSRC, which clients know from the "jvb" pseudo source.
#include "base/time.h"
#include "sfu/published_source.h"

namespace conclave::sfu {

class Endpoint;

// A PLI for that encoding, unless the source was asked within kMinKeyFrameGap.
void request_key_frame(TimePoint now, PublishedSource& source, int encoding);
void send_due_nacks(Endpoint& sender, TimePoint now);
void send_nacks(Endpoint& sender, Encoding& encoding, TimePoint now);
void send_receiver_reports(Endpoint& sender, TimePoint now);
void send_transport_feedback(Endpoint& sender, TimePoint now);

}  // namespace conclave::sfu
