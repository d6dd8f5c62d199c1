#pragma once
// Going out: by oneself, with the stream, or made to.
#include <string>
#include <string_view>
#include <vector>

#include "room/meeting.h"

namespace conclave::room {

struct Exit {
  std::string status = {};                   // plain text beside the <x/>; what the leaving client gave
  std::vector<std::string_view> codes = {};  // besides 110: 301, 307
  std::string actor = {};                    // nick
  std::string reason = {};
  std::string_view affiliation = {};  // empty: as it was, "none" if there is a code
  bool flipped = false;               // another device of his has taken his place (signalling.md 5.13)
};

// He and everybody are told; then a moderator may be elected, the grace may start, an empty meeting is retired (see
// meeting.over()).
void remove_occupant(Meeting& meeting, Occupant& who, const Exit& exit);

// His own unavailable presence.
void leave(Meeting& meeting, Occupant& who, const xmpp::Element& presence);

}  // namespace conclave::room
