#pragma once
// XEP-0030 answers of the service and of rooms (signalling.md 5.10). Rooms are hidden: only those inside learn
// anything.
#include "room/meeting.h"

namespace conclave::room {

xmpp::Element service_info(const xmpp::Element& iq);
// No rooms are listed, ever.
xmpp::Element service_items(const xmpp::Element& iq);

xmpp::Element room_info(const Meeting& meeting, const Occupant& who, const xmpp::Element& iq);
xmpp::Element room_items(const xmpp::Element& iq);

}  // namespace conclave::room
