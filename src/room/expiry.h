#pragma once
// TOKEN_EXPIRY: what becomes of somebody inside when his credential runs out (access.md 4.8, S18).
#include "room/meeting.h"

namespace conclave::room {

// (Re)starts the timer for the end of this occupant's credential.
void watch_expiry(Meeting& meeting, const Occupant& who);

}  // namespace conclave::room
