#pragma once
// Breakout rooms as moderators make, name, fill and remove them, and the list of rooms and people that everybody in the
// meeting is shown (signalling.md 6.4). What such a room is, room/breakout.h says.
#include <map>
#include <string>

#include "component/component.h"
#include "loop/loop.h"

namespace conclave::component {

// The list is sent no oftener; what changes meanwhile stands in the next one.
inline constexpr Duration kBreakoutUpdates = std::chrono::milliseconds(300);

class BreakoutRooms final : public Component {
 public:
  BreakoutRooms(std::string address, xmpp::Outbox& outbox, Loop& loop)
      : Component(std::move(address), outbox), loop_(loop) {}

  void message(room::Room& room, const room::Occupant& from, const xmpp::Element& message) override;
  void room_opened(room::Room& room) override { changed(room); }
  void occupant_joined(room::Room& room, const room::Occupant&) override { changed(room); }
  void occupant_left(room::Room& room, const room::Occupant&) override { changed(room); }
  void role_changed(room::Room& room, const room::Occupant&) override { changed(room); }
  void room_closed(room::Room& room) override;

 private:
  void add(room::Room& room, const room::Occupant& by, const xmpp::Element& message, std::string name);
  void rename(room::Room& room, const room::Occupant& by, const xmpp::Element& message, std::string name);
  void remove(room::Room& room, const xmpp::Element& command);
  void move(const room::Room& room, const room::Occupant& by, const xmpp::Element& command) const;
  void changed(room::Room& room);
  void tell_rooms(const room::Room& main) const;

  Loop& loop_;
  std::map<const room::Room*, Timer> due_;  // by main room
};

}  // namespace conclave::component
