#pragma once
// Chat: to everybody and to one (signalling.md 6.5).
#include "room/meeting.h"

namespace conclave::room {

// To the room, by somebody inside. Reflected to the sender too.
void groupchat(Meeting& meeting, Occupant& from, const xmpp::Element& message);

// To one occupant, by another.
void private_message(Meeting& meeting, Occupant& from, std::string_view nick, const xmpp::Element& message);

// A chat line from the server itself (signalling.md 6.5), to one occupant.
void tell_by_server(const Meeting& meeting, const Occupant& to, std::string_view text);

// What others get of a client's message: without what only the server says, with an id.
xmpp::Element relayed(Service& service, const xmpp::Element& message, std::string_view type);

}  // namespace conclave::room
