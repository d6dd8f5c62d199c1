#pragma once
// HOST_LEFT: what happens to a meeting when its last moderator is gone (access.md 4.5, S12).
#include "room/meeting.h"

namespace conclave::room {

// Called after every change of who moderates. Starts the grace, or ends it and opens a held room again.
void review_hosts(Meeting& meeting);

// HOST_LEFT may be another than it was: a held meeting goes on for everybody, or ends.
void host_left_changed(Meeting& meeting);

// Somebody with the right to start has come into a held room without moderating it: it is open as if he had started it.
void reopen(Meeting& meeting);

}  // namespace conclave::room
