#pragma once
// IQs to an occupant: of one client to another, and to focus (XEP-0045 §17.4; signalling.md 6.1 and Jingle).
#include <string_view>

#include "room/meeting.h"

namespace conclave::room {

// Requests and responses, by somebody inside.
void private_iq(Meeting& meeting, Occupant& from, std::string_view nick, const xmpp::Element& iq);

}  // namespace conclave::room
