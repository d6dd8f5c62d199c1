#pragma once
// Passes what rooms tell to focus, and says when a meeting is over: tickets for its length end with it (access.md 4.8).
#include <functional>
#include <utility>

#include "access/room_name.h"
#include "room/room.h"
#include "room/room_listener.h"

namespace conclave::server {

class MeetingWatch final : public room::RoomListener {
 public:
  using Over = std::function<void(const access::RoomName&)>;
  MeetingWatch(room::RoomListener& next, Over over) : next_(next), over_(std::move(over)) {}

  void room_opened(room::Room& room) override { next_.room_opened(room); }
  void occupant_joined(room::Room& room, const room::Occupant& who) override { next_.occupant_joined(room, who); }
  void occupant_left(room::Room& room, const room::Occupant& who) override { next_.occupant_left(room, who); }
  void role_changed(room::Room& room, const room::Occupant& who) override { next_.role_changed(room, who); }
  void focus_iq(room::Room& room, const room::Occupant& from, const xmpp::Element& iq) override {
    next_.focus_iq(room, from, iq);
  }
  void room_closed(room::Room& room) override {
    over_(room.name());
    next_.room_closed(room);
  }

 private:
  room::RoomListener& next_;
  Over over_;
};

}  // namespace conclave::server
