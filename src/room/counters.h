#pragma once
#include "base/counter.h"

namespace conclave::room {

// Written by the loop of the rooms, read by any (metrics).
struct RoomCounters {
  Counter rooms_opened;
  Counter rooms_closed;
  Counter breakouts_opened;  // beside the rooms
  Counter meetings_ended;    // by somebody, not by running empty
  Counter rooms_held;
  Counter never_entered;  // opened, and nobody came within kStartTimeout
  Counter joins;
  Counter leaves;
  Counter kicks;
  Counter bars;
  Counter grants;
  Counter revokes;
  Counter invitations;
  Counter elections;
  Counter adoptions;   // elected moderators who stepped back for a host
  Counter knocks;      // became visible to moderators
  Counter admissions;  // let in from the lobby
  Counter denials;     // turned away from it
  Counter waits;       // answers "wait", at the request or at the join
  Counter entries_refused;
  Counter acts_refused;
  Counter presences;
  Counter messages;
  Counter private_iqs;
  Counter malformed;  // stanzas answered with bad-request, jid-malformed and kin
  Counter too_large;
  Counter limits_reached;
};

}  // namespace conclave::room
