#pragma once
#include <optional>
#include <string>

#include "access/decide.h"
#include "access/decision.h"
#include "access/identity.h"
#include "xmpp/element.h"
#include "xmpp/session.h"

namespace conclave::room {

// Somebody in a room. Lives in its Room, on the room's loop. Read it anywhere above; only this folder changes it.
struct Occupant {
  std::string nick;  // the MUC resource, and the endpoint id everywhere else
  xmpp::SessionId session;
  xmpp::Jid real_jid;         // full
  access::Identity identity;  // effective for this room: the stream's own, or what a ticket in scope stands for
  access::Role role = access::Role::None;  // written by roles.cc only
  access::Reason reason;                   // why this role; printed by the admin API and explain
  // Last full presence as published by the client, cleaned of what only the server may say. Sent to later joiners.
  xmpp::Element presence{"presence"};

  // The room's bare address as this client wrote it. What it is sent comes from there (signalling.md 5.3: exactly
  // equal).
  xmpp::Jid room_address = {};
  // In a breakout room the same of the meeting's main room; else as room_address.
  xmpp::Jid main_address = {};
  bool elected = false;       // moderator by election only: until a host enters
  bool stepped_down = false;  // gave moderation back himself: not elected again
  // The features of whoever made him moderator: his rights are the intersection (access.md 4.4).
  std::optional<access::FeatureSet> makers_features = {};
  access::CapabilitySet withheld = {};  // by the room's definition
};

// As decide_act() wants him. The occupant must outlive the answer's computation.
inline access::Actor actor(const Occupant& who) {
  return {who.identity, who.role, who.makers_features, who.withheld};
}

}  // namespace conclave::room
