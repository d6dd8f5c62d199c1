#pragma once
// The room's subject (XEP-0045 §8.1, signalling.md 5.12).
#include "room/meeting.h"

namespace conclave::room {

// A groupchat message with a <subject/>, empty or not, by somebody inside.
void set_subject(Meeting& meeting, Occupant& by, const xmpp::Element& message);

// The current one, to a joiner; an empty one if there is none (XEP-0045 §7.2.15).
void send_subject(const Meeting& meeting, const Occupant& to);

}  // namespace conclave::room
