#pragma once
// The one function that says who may do what (access.md 4.1 to 4.7). Everything that acts calls it: focus for the
// conference request, room for the join and for every act, ops for `explain`. Pure: no clock, no randomness, no memory;
// any thread.
#include <cstddef>
#include <optional>
#include <string>

#include "access/decision.h"
#include "access/identity.h"
#include "access/policy.h"
#include "base/time.h"

namespace conclave::access {

// access.md 4.5:  absent ─ waiting ─► open ◄─► held;  open ─► ended ─ cool-down ─► absent
enum class RoomState { Absent, Waiting, Open, Held, Ended };
std::string_view room_state_text(RoomState state);

enum class PasswordGiven { No, Wrong, Right };
// Kicked: KICKED says how he may come back. Barred: not into this meeting.
enum class Removed { No, Kicked, Barred };
// NotAsked: there is no booking server. Pending: there is one, and it has to be asked first.
enum class Booking { NotAsked, Pending, Granted, Denied, Unreachable };

// What decides besides the person and the policy. Fields that a room does not know yet keep their defaults: the gates
// exist.
struct RoomFacts {
  RoomName name;
  RoomState state = RoomState::Absent;

  bool moderator_present = false;  // a host or moderator is inside
  Removed removed = Removed::No;   // this person, from this meeting
  bool link_withdrawn = false;     // whoever gave him his link was removed from this meeting, or moderates it no more
  bool granted = false;            // this person was made moderator by a host or moderator in this meeting
  std::optional<FeatureSet> makers_features = {};  // of whoever did, if they narrow

  bool promoted = false;  // came to watch, and was asked in by a host or moderator of this meeting

  // He is, or was a moment ago, in another room of this meeting: main room or breakout room. Its door does not ask
  // again.
  bool moves_within = false;
  bool was_elected = false;  // and moderated there by election

  bool accounts_only = false;
  bool has_password = false;
  PasswordGiven password = PasswordGiven::No;
  Lobby lobby = Lobby::Off;
  bool admitted_from_lobby = false;  // this person, by a moderator, in this meeting
  bool admitted_just_now = false;    // and has not been inside since
  bool was_inside = true;            // in this meeting; asked only of a guest who shows a ticket

  std::size_t occupants = 0;  // services not counted
  std::size_t capacity = 0;   // 0: no limit
  bool nick_taken = false;    // the name that he would have inside

  bool display_name_given = true;
  bool service_called = false;  // somebody inside asked for this recorder, SIP leg, …
  Booking booking = Booking::NotAsked;

  // By the room's definition (room_definition.h).
  bool defined_owner = false;   // this person
  CapabilitySet withheld = {};  // what it takes from this person
  std::optional<WallTime> not_before = {};
  std::optional<WallTime> expires = {};
};

// May this person come in now, and as what? Called at the conference request and again at the join.
Decision decide_entry(const Identity& identity, const RoomFacts& room, const Policy& policy, WallTime now);

// The answer for a text that is no room's name (gate 2).
Decision refuse_name(NameError error);

struct Actor {
  const Identity& identity;
  Role role;  // now, in this room
  // The feature list of whoever made him moderator: rights are the intersection (access.md 4.4). Absent: does not
  // narrow.
  std::optional<FeatureSet> makers_features = {};
  CapabilitySet withheld = {};  // what the room's definition takes from him
};

struct Target {
  Role role;
  bool oneself = false;
};

// May he do that (to that person)? outcome is Admit or Refuse. `target` is for Kick, Bar, Mute, Grant, Revoke.
Decision decide_act(const Actor& actor, Capability act, const std::optional<Target>& target, const Policy& policy);

// All that an occupant may do now; what clients are shown as buttons.
CapabilitySet capabilities_now(const Actor& actor, const Policy& policy);

// The role by identity and policy alone, in a room that the scope covers.
Role own_role(const Identity& identity, const Policy& policy);

Role role_after_grant(const Identity& identity, Role now, const Policy& policy);
Role role_after_revoke(const Identity& identity, Role now);

// May the server elect him when no host or moderator is present? Candidates are occupants; who came first is preferred.
bool may_be_elected(const Identity& identity, Role now, const RoomName& room, const Policy& policy);

}  // namespace conclave::access
