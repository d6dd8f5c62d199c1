#include "component/breakout_rooms.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "component/json.h"
#include "room/breakout.h"
#include "room/wire.h"

namespace conclave::component {
namespace {

constexpr std::string_view kPrefix = "features/breakout-rooms/";

std::string name_of(const room::Occupant& who) {
  return std::string(who.presence.child_text("nick"));
}

// The breakout room of this meeting at that address.
room::Room* breakout_at(room::Room& room, std::string_view address) {
  const auto jid = xmpp::Jid::parse(address);
  if (!jid) return nullptr;
  return room::find_breakout(room.main_room(), *jid);
}

// In any room of the meeting, by his real address.
const room::Occupant* occupant_at(const room::Room& main, const xmpp::Jid& address) {
  std::vector<const room::Room*> rooms = main.breakout_rooms();
  rooms.push_back(&main);
  for (const room::Room* room : rooms) {
    for (const auto& who : room->occupants()) {
      if (who->real_jid == address) return who.get();
    }
  }
  return nullptr;
}

Json people_in(const room::Room& room, const std::string& address) {
  Json people = Json::object();
  for (const auto& who : room.occupants()) {
    people[address + "/" + who->nick] = {
        {"jid", who->real_jid.str()}, {"role", room::muc_role_text(who->role)}, {"displayName", name_of(*who)}};
  }
  return people;
}

// As somebody sees it who knows the main room by that address.
std::string list_of(const room::Room& main, const xmpp::Jid& main_address) {
  const std::string address = main_address.str();
  Json rooms = Json::object();
  rooms[main_address.node] = {{"isMainRoom", true},
                              {"id", main_address.node},
                              {"jid", address},
                              {"name", main.subject()},
                              {"participants", people_in(main, address)}};
  for (const room::Room* one : main.breakout_rooms()) {
    const std::string jid = one->jid().str();
    rooms[one->jid().node] = {
        {"id", one->jid().node}, {"jid", jid}, {"name", one->subject()}, {"participants", people_in(*one, jid)}};
  }
  return text_of({{"type", "breakout_rooms"},
                  {"event", std::string(kPrefix) + "update"},
                  {"roomCounter", main.breakout_rooms_made()},
                  {"rooms", std::move(rooms)}});
}

}  // namespace

void BreakoutRooms::message(room::Room& room, const room::Occupant& from, const xmpp::Element& message) {
  const xmpp::Element* command = message.child("breakout_rooms");
  std::string_view type = command ? command->attribute("type") : std::string_view();
  if (!type.starts_with(kPrefix) || !room.may(from, access::Capability::Breakout).admitted()) return;
  type.remove_prefix(kPrefix.size());
  std::string subject(command->attribute("subject"));
  if (type == "add") return add(room.main_room(), from, message, std::move(subject));
  if (type == "rename") return rename(room, from, message, std::move(subject));
  if (type == "remove") return remove(room, *command);
  if (type == "move-to-room") move(room, from, *command);
}

void BreakoutRooms::add(room::Room& main, const room::Occupant& by, const xmpp::Element& message, std::string name) {
  if (name.empty()) return;
  if (name.size() > room::kMaxBreakoutNameBytes) {
    return refuse(by, message, {"cancel", "not-allowed", "This name is too long for a breakout room."});
  }
  if (room::add_breakout(main, std::move(name)) == room::BreakoutAdded::TooMany) {
    return refuse(by, message, {"cancel", "not-allowed", "This meeting has as many breakout rooms as it may have."});
  }
  changed(main);
}

void BreakoutRooms::rename(room::Room& room, const room::Occupant& by, const xmpp::Element& message, std::string name) {
  room::Room* breakout = breakout_at(room, message.child("breakout_rooms")->attribute("breakoutRoomJid"));
  if (breakout == nullptr || name.empty()) return;
  if (name.size() > room::kMaxBreakoutNameBytes) {
    return refuse(by, message, {"cancel", "not-allowed", "This name is too long for a breakout room."});
  }
  room::rename_breakout(*breakout, std::move(name));
  changed(room);
}

void BreakoutRooms::remove(room::Room& room, const xmpp::Element& command) {
  room::Room* breakout = breakout_at(room, command.attribute("breakoutRoomJid"));
  if (breakout == nullptr) return;
  room::Room& main = room.main_room();
  room::remove_breakout(*breakout);
  changed(main);
}

void BreakoutRooms::move(const room::Room& room, const room::Occupant& by, const xmpp::Element& command) const {
  const auto whom = xmpp::Jid::parse(command.attribute("participantJid"));
  const auto where = xmpp::Jid::parse(command.attribute("roomJid"));
  if (!whom || !where) return;
  const room::Room& main = room.main_room();
  const auto breakouts = main.breakout_rooms();
  const bool to_main = where->bare() == by.main_address || where->bare() == main.jid();
  const bool to_breakout =
      std::ranges::any_of(breakouts, [&](const room::Room* one) { return one->jid() == where->bare(); });
  const room::Occupant* target = occupant_at(main, *whom);
  if (target == nullptr || (!to_main && !to_breakout)) return;
  // The main room under the address that he knows it by.
  tell(*target, text_of({{"type", "breakout_rooms"},
                         {"event", std::string(kPrefix) + "move-to-room"},
                         {"roomJid", to_main ? target->main_address.str() : where->bare().str()}}));
}

void BreakoutRooms::changed(room::Room& room) {
  const room::Room& main = room.main_room();
  if (main.breakout_rooms_made() == 0 || due_.contains(&main)) return;
  due_[&main] = loop_.after(kBreakoutUpdates, [this, &main] {
    due_.erase(&main);
    tell_rooms(main);
  });
}

void BreakoutRooms::tell_rooms(const room::Room& main) const {
  // Nearly everybody knows the main room by the same address.
  std::map<std::string, std::string> lists;
  std::vector<const room::Room*> rooms = main.breakout_rooms();
  rooms.push_back(&main);
  for (const room::Room* room : rooms) {
    for (const auto& who : room->occupants()) {
      std::string& list = lists[who->main_address.str()];
      if (list.empty()) list = list_of(main, who->main_address);
      tell(*who, list);
    }
  }
}

void BreakoutRooms::room_closed(room::Room& room) {
  if (&room != &room.main_room()) return changed(room);
  due_.erase(&room);
}

}  // namespace conclave::component
