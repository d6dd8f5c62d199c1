#pragma once
// Mute by a moderator, and unmuting oneself (signalling.md 6.1, media.md 16.1).
#include "focus/media_rules.h"
#include "room/room.h"
#include "xmpp/element.h"

namespace conclave::focus {

bool is_mute(const xmpp::Element& iq);

enum class MuteOutcome { Refused, Accepted };
// Answers `iq` and, if it mutes somebody else, tells him. Without `rules` everybody may unmute himself.
MuteOutcome handle_mute(room::Room& room, const room::Occupant& from, const xmpp::Element& iq, const MediaRules* rules,
                        std::string_view request_id);
// The request to `who` to mute himself; `actor` is a nick.
xmpp::Element mute_order(const room::Occupant& who, sfu::SourceClass which, std::string_view actor,
                         std::string_view id);

}  // namespace conclave::focus
