#pragma once
// The switches of a server, and those of rooms that are to be different (access.md 4.3: any of them may be set again
// for rooms that match a pattern). A value; any thread.
#include <vector>

#include "access/policy.h"

namespace conclave::access {

struct PolicyBook {
  struct Section {
    RoomPattern pattern;
    Policy policy;  // whole: the base with this section's own switches
  };

  Policy base;
  std::vector<Section> sections;  // in the operator's order

  // The first section whose pattern matches decides alone; without one the base does.
  const Policy& for_room(const RoomName& room) const;
};

}  // namespace conclave::access
