#pragma once
// Coming in, and what a joiner is sent, in the order of signalling.md 5.3.
#include <optional>
#include <string_view>

#include "room/entry.h"
#include "room/meeting.h"
#include "xmpp/stanza.h"

namespace conclave::room {

struct Entrant {
  xmpp::Sender sender;
  access::Identity identity;
  xmpp::Jid address;  // room/nick as he wrote it
};

// [a-zA-Z0-9][a-zA-Z0-9_]*, at most kMaxNickBytes (signalling.md 5.1).
bool is_nick(std::string_view text);

// Is it a join at all: has it an <x xmlns='…muc'/>?
bool is_join(const xmpp::Element& presence);
Shown shown_by(const xmpp::Element& join);

// What is wrong with this join before anybody asks who he is.
std::optional<xmpp::StanzaError> impossible_join(const Service& service, xmpp::SessionId session,
                                                 const xmpp::Element& join, std::string_view nick);

// An admitted person enters: everybody is told, then the listener; a host's arrival changes what others are.
void enter(Meeting& meeting, Entrant entrant, const access::Decision& decision, const xmpp::Element& join);

// The same session joins again where it already is (its client lost its state): everything is sent as if it were new.
void enter_again(Meeting& meeting, Occupant& who, const xmpp::Element& join);

}  // namespace conclave::room
