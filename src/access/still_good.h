#pragma once
// Settings change while people are here (S25): is a credential that was good when it was shown one that the rules in
// force now would still look at? Whether it has expired, or was revoked, is another question. Pure; any thread.
#include "access/rules.h"
#include "access/ticket.h"

namespace conclave::access {

// Its kind is among AUTH, and its issuer among those whose tokens are taken. Guests and services always.
bool is_still_good(const Identity& identity, const Rules& rules);

// Likewise for what a browser's ticket carries into `room`: RELOAD=off leaves nothing of what tokens and guests bought,
// and where auto_login is off an account's ticket that outlives the meeting is worth nothing.
bool is_still_good(const Grant& grant, const RoomName& room, const Rules& rules, WallTime now);

}  // namespace conclave::access
