#pragma once
// From one device to another (signalling.md 5.13): the same person comes in on a second device, without being asked at
// the door again, and the first is out.
#include "room/meeting.h"

namespace conclave::room {

// The other device of this person in that room, whose place the session may take: by his credential's subject, never by
// what a client says of itself, and not where the credential lists features without `flip`. Null if there is none.
const Occupant* device_to_flip(const Meeting& meeting, xmpp::SessionId session, const access::Identity& identity);

// He has come in: the other device is told that the meeting goes on elsewhere.
void flip(Meeting& meeting, xmpp::SessionId session);

}  // namespace conclave::room
