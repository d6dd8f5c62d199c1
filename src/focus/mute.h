#pragma once
// Mute by a moderator, and unmuting oneself (signalling.md 6.1, media.md 16.1).
#include "room/room.h"
#include "xmpp/element.h"

namespace conclave::focus {

bool is_mute(const xmpp::Element& iq);

enum class MuteOutcome { Refused, Accepted };
// Answers `iq` and, if it mutes somebody else, tells him.
MuteOutcome handle_mute(room::Room& room, const room::Occupant& from, const xmpp::Element& iq,
                        std::string_view request_id);

}  // namespace conclave::focus
