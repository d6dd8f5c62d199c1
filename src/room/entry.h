#pragma once
// Who comes in: the facts of a room put before access::decide_entry, and its answer put into the stanzas of
// signalling.md 5.14. Nothing here decides.
#include <cstdint>
#include <optional>
#include <string>

#include "access/decide.h"
#include "room/meeting.h"
#include "room/rooms.h"
#include "xmpp/stanza.h"

namespace conclave::room {

// What a join says besides who it is.
struct Shown {
  bool display_name = true;  // the conference request says nothing about it: assumed
  std::optional<std::string> password = std::nullopt;
  std::uint64_t password_right = 0;  // the Meeting::password_version that he knew before
  std::string machine = {};          // the browser, if it gave its name
  bool flips = false;                // wants to take the place of his other device (flip.h)
  std::string nick = {};             // that he would have; empty: not said yet
  const Booked* booked = nullptr;    // null: the booking server was not asked
};

// `meeting` is null unless the room is open or held. `session` is not counted against the capacity if it is inside
// already.
access::Decision decide_entry(Service& service, const access::RoomName& name, Meeting* meeting, access::RoomState state,
                              xmpp::SessionId session, const access::Identity& identity, const Shown& shown);

// For somebody who is inside: gates that he passed at the door do not count again.
access::Decision decide_for_occupant(Meeting& meeting, const Occupant& who, const access::Identity& identity);

// The features of the one who made him moderator in this meeting, if somebody did and they narrow.
std::optional<access::FeatureSet> granted_features(const Meeting& meeting, const access::Identity& identity,
                                                   access::Role role);

// His own credential if it is one and covers the room, else the ticket that he showed for it, else what he has.
const access::Identity& effective_identity(const Service& service, const Visitor& visitor,
                                           const access::RoomName& room);

// The presence error for any decision but Admit.
xmpp::Element refusal(const Service& service, const access::RoomName& room, const xmpp::Element& join,
                      const access::Decision& decision);
// For a text that is no room's name.
xmpp::Element name_refusal(const xmpp::Element& join, const access::Decision& decision);

// A presence error with the <x/> that joins are answered with.
xmpp::Element join_error(const xmpp::Element& join, const xmpp::StanzaError& error);

}  // namespace conclave::room
