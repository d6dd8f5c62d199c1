#pragma once
// Who may do something in a room, as far as that can be said without looking at a person: what a host reads in the
// room's settings. Each act is decided by decide_act(), which also knows the credential's list of features. Pure.
#include <string_view>

#include "access/policy.h"
#include "access/room_definition.h"

namespace conclave::access {

enum class Circle { Everybody, Moderators, Owners, Nobody };
// "everybody", "moderators" and so on: the words on the wire.
std::string_view text(Circle circle);

// `definition` may be null: the room was not defined before it started.
Circle circle_of(Capability capability, const Policy& policy, const RoomDefinition* definition);

}  // namespace conclave::access
