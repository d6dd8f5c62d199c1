#pragma once
// The owner's configuration form (signalling.md 5.11): the fields that stock clients look for, and no others.
#include "room/meeting.h"

namespace conclave::room {

// iq get and set with a muc#owner query without <destroy/>, by somebody inside.
void owner_config(Meeting& meeting, Occupant& by, const xmpp::Element& iq);

// Status 104 to everybody: they ask for the room's disco#info again.
void tell_changed(Meeting& meeting);

}  // namespace conclave::room
