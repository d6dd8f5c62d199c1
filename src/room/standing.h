#pragma once
// What an occupant is and may do, in a word of our own that other clients ignore: MUC cannot tell a host from a
// moderator, and lists no rights.
//
//   <access xmlns='https://conclave.invalid/protocol/access' role='host'/>                          to others
//   <access … role='host' can='admit kick …'>The sentence of why he has this role.</access>         to himself
#include "room/meeting.h"
#include "room/presence.h"

namespace conclave::room {

xmpp::Element standing(const Meeting& meeting, const Occupant& who, About about);

}  // namespace conclave::room
