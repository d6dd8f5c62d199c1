#pragma once
#include "room/occupant.h"

namespace conclave::room {

class Room;

// What a room tells focus. Called on the room's loop, after the room has changed and everybody was told. May call the
// room's public functions (send_from_focus, set_focus_presence), but not Rooms.
class RoomListener {
 public:
  virtual ~RoomListener() = default;
  virtual void room_opened(Room& room) = 0;
  virtual void occupant_joined(Room& room, const Occupant& occupant) = 0;
  // He is no longer in room.occupants(); the reference is good during the call.
  virtual void occupant_left(Room& room, const Occupant& occupant) = 0;
  virtual void role_changed(Room& room, const Occupant& occupant) = 0;
  // An iq (request or response) sent to room/focus by an occupant. Answered with Room::send_from_focus.
  virtual void focus_iq(Room& room, const Occupant& from, const xmpp::Element& iq) = 0;
  // The room is about to go; no occupant is left in it.
  virtual void room_closed(Room& room) = 0;
};

}  // namespace conclave::room
