#pragma once
// A visitor is asked in, or sent back to watching (signalling.md 6.19). For the meeting's life, and by the person's
// subject: his other devices and his return follow.
#include "room/room.h"

namespace conclave::room {

// By the component, which has asked whether the moderator may. Nothing for somebody who is no visitor by himself.
void promote(Room& room, const Occupant& visitor);
void demote(Room& room, const Occupant& promoted);

}  // namespace conclave::room
