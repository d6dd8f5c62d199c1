#pragma once
// The one writer of roles of people who are inside (access.md 4.1). A role comes from identity, policy and grants;
// whoever has a reason to change one comes here.
#include "room/meeting.h"

namespace conclave::room {

struct NewRole {
  access::Role role = access::Role::None;
  access::Reason reason;
  bool elected = false;
  std::optional<access::FeatureSet> makers_features = {};
};

// Tells everybody, then the listener. Telling is left out if nothing that can be seen changed.
void set_role(Meeting& meeting, Occupant& who, NewRole role);

// What he is without his credential; he came from where he came from.
access::Identity guest_instead(const Occupant& who);

// Another identity for somebody inside (a fresh token, an expired one): decided anew as if he entered the open room
// now. Removes him if that does not admit him.
void decide_anew(Meeting& meeting, Occupant& who, access::Identity identity);

}  // namespace conclave::room
