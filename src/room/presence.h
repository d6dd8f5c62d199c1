#pragma once
// What occupants say about themselves: cleaned of what only the server may say, kept whole otherwise, told to
// everybody. signalling.md 5.4, 5.5, 5.7.
#include "room/meeting.h"

namespace conclave::room {

// The children of a client's presence that may be shown, and the server's own about a verified identity: <identity/>
// without the mail address, and the name that the credential gives (access.md S17).
xmpp::Element published(const xmpp::Element& stanza, const access::Identity& identity, access::Role role);

enum class About { Other, Self, SelfWithPermissions };
// `who` as somebody else, or he himself (status 110), is to see him. Addresses are set when it is sent.
xmpp::Element presence_of(const Meeting& meeting, const Occupant& who, About about);

// To everybody inside, himself included.
void tell_everybody(const Meeting& meeting, const Occupant& who, About to_himself);

// Another presence of somebody inside. Too large: dropped and answered, the last good one stays.
void update_presence(Meeting& meeting, Occupant& who, const xmpp::Element& stanza);

// <permissions/> of 5.7: the features that this moderator has; the client takes it for its own feature list.
xmpp::Element permissions(const Meeting& meeting, const Occupant& moderator);

}  // namespace conclave::room
