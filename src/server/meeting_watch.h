#pragma once
// Says when a meeting is over: tickets for its length end with it (access.md 4.8).
#include <functional>
#include <utility>

#include "access/room_name.h"
#include "room/room.h"
#include "room/room_listener.h"

namespace conclave::server {

class MeetingWatch final : public room::RoomListener {
 public:
  using Over = std::function<void(const access::RoomName&)>;
  explicit MeetingWatch(Over over) : over_(std::move(over)) {}

  void room_closed(room::Room& room) override {
    if (!room.name().is_breakout()) over_(room.name());
  }

 private:
  Over over_;
};

}  // namespace conclave::server
