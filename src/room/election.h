#pragma once
// AUTO_PROMOTE: a moderator where nobody is one, and what becomes of him when a host comes (access.md 4.3, 4.7, A40).
#include "room/meeting.h"

namespace conclave::room {

// Whether an entry decision made him moderator by election: nobody made him one in this meeting.
bool elected_on_entry(const Meeting& meeting, const access::Identity& identity, access::Role role);

// The first by order of arrival whom the policy allows, if no moderator is present in any room of the meeting; those in
// the main room before those in breakout rooms.
void elect_if_needed(Meeting& meeting);

// A host has entered: those who were merely elected become what they are by themselves.
void adopt(Meeting& meeting);

}  // namespace conclave::room
