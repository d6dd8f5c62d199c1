#pragma once
// What the rooms of one loop share. Owned by Rooms, on its loop; everything referred to outlives it.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>

#include "access/decision_log.h"
#include "access/invitation.h"
#include "access/policy_book.h"
#include "base/random.h"
#include "base/unique_function.h"
#include "loop/loop.h"
#include "room/counters.h"
#include "room/definitions.h"
#include "room/limits.h"
#include "room/lobby_room.h"
#include "room/room_listener.h"
#include "room/sessions.h"
#include "room/waiting.h"
#include "xmpp/session.h"

namespace conclave::room {

class Meeting;

struct RoomOptions {
  std::string muc_domain;            // conference.<d>
  std::string lobby_domain;          // lobby.<d>
  std::string breakout_domain = {};  // breakout.<d>
  std::size_t loops = 1;             // of the server: the id of a breakout room says on which it lives
  std::string focus_jid;             // bare: focus@auth.<d>
  std::string focus_resource = "focus";
  std::size_t max_rooms = kMaxRooms;
  std::size_t max_occupants = kMaxOccupants;
  bool booking = false;                                      // a booking server has to agree before a room is started
  std::optional<access::InvitationIssuer> invitations = {};  // absent: no personal links
};

enum class CoolDown { No, Yes };

struct Service {
  Loop& loop;
  xmpp::Outbox& outbox;
  Random& random;
  const access::PolicyBook& policies;  // may be changed between turns; the next decision uses it
  RoomOptions options;
  RoomListener& listener;
  access::DecisionLog& log;
  // Takes a meeting that is over, and empty, out of the list and destroys it after this turn.
  UniqueFunction<void(Meeting&, CoolDown)> retire;
  // A breakout room of that main room; null if this server has no place for another room.
  UniqueFunction<Meeting*(Meeting& main, std::string id)> open_breakout = {};
  std::unordered_map<std::string, Meeting*> breakouts = {};  // of this loop, by id
  Sessions sessions = {};
  Waiting waiting = {};
  Lobbies lobbies = {};
  std::uint64_t passwords_set = 0;  // of all meetings: each password has a number of its own
  Definitions definitions = {};
  RoomCounters counters = {};
};

}  // namespace conclave::room
