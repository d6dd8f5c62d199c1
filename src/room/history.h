#pragma once
// The last kMaxHistory group messages, in memory, for those who come later (XEP-0045 §7.2.13, signalling.md 6.5).
#include "room/meeting.h"

namespace conclave::room {

// `message` as it was relayed.
void remember(Meeting& meeting, const Occupant& sender, const xmpp::Element& message);

// To a joiner, as many as his <history/> asks for.
void send_history(const Meeting& meeting, const Occupant& to, const xmpp::Element& join);

}  // namespace conclave::room
