#pragma once
// Who watches the rooms of a loop: focus, and the components beside the rooms.
#include <algorithm>
#include <utility>
#include <vector>

#include "room/occupant.h"

namespace conclave::room {

class Room;

// What a room tells. Called on the room's loop, after the room has changed and everybody was told. May call the room's
// public functions (send_from_focus, set_focus_presence), but not Rooms.
class RoomListener {
 public:
  virtual ~RoomListener() = default;
  virtual void room_opened(Room&) {}
  // He is among the occupants, and nobody was told yet: what has to reach him before his own presence is sent here
  // (signalling.md 5.3). Also when somebody who is inside joins again.
  virtual void occupant_entering(Room&, const Occupant&) {}
  virtual void occupant_joined(Room&, const Occupant&) {}
  // He is no longer in room.occupants(); the reference is good during the call.
  virtual void occupant_left(Room&, const Occupant&) {}
  virtual void role_changed(Room&, const Occupant&) {}
  // He has published a new presence.
  virtual void presence_changed(Room&, const Occupant&) {}
  // Lobby, password, or who may come in: what everybody was told by status 104.
  virtual void settings_changed(Room&) {}
  // An iq (request or response) sent to room/focus by an occupant. True if it was for this listener, who then answers
  // with Room::send_from_focus.
  virtual bool focus_iq(Room&, const Occupant&, const xmpp::Element&) { return false; }
  // A message to all with a <json-message/>, which he may send. True if it was for this listener: nobody else gets it.
  virtual bool json_to_all(Room&, const Occupant&, const xmpp::Element&) { return false; }
  // The room is about to go; no occupant is left in it.
  virtual void room_closed(Room&) {}
};

// Several, told in their order. They outlive it.
class RoomListeners final : public RoomListener {
 public:
  void add(RoomListener& listener) { all_.push_back(&listener); }

  void room_opened(Room& room) override {
    tell([&](RoomListener& one) { one.room_opened(room); });
  }
  void occupant_entering(Room& room, const Occupant& who) override {
    tell([&](RoomListener& one) { one.occupant_entering(room, who); });
  }
  void occupant_joined(Room& room, const Occupant& who) override {
    tell([&](RoomListener& one) { one.occupant_joined(room, who); });
  }
  void occupant_left(Room& room, const Occupant& who) override {
    tell([&](RoomListener& one) { one.occupant_left(room, who); });
  }
  void role_changed(Room& room, const Occupant& who) override {
    tell([&](RoomListener& one) { one.role_changed(room, who); });
  }
  void presence_changed(Room& room, const Occupant& who) override {
    tell([&](RoomListener& one) { one.presence_changed(room, who); });
  }
  void settings_changed(Room& room) override {
    tell([&](RoomListener& one) { one.settings_changed(room); });
  }
  bool focus_iq(Room& room, const Occupant& from, const xmpp::Element& iq) override {
    return std::ranges::any_of(all_, [&](RoomListener* one) { return one->focus_iq(room, from, iq); });
  }
  bool json_to_all(Room& room, const Occupant& from, const xmpp::Element& message) override {
    return std::ranges::any_of(all_, [&](RoomListener* one) { return one->json_to_all(room, from, message); });
  }
  void room_closed(Room& room) override {
    tell([&](RoomListener& one) { one.room_closed(room); });
  }

 private:
  template <class Call>
  void tell(Call call) {
    for (RoomListener* one : all_) call(*one);
  }

  std::vector<RoomListener*> all_;
};

}  // namespace conclave::room
