#pragma once
// What a host's credential would have his meeting be (claims context.room.lobby and .password, access.md 1.3).
#include "room/meeting.h"

namespace conclave::room {

// For the meeting that he has just opened, before anybody can come in. Nothing unless he opened it as host.
void apply_wishes(Meeting& meeting, const access::Identity& identity, access::Role role);

}  // namespace conclave::room
