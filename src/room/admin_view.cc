#include "room/admin_view.h"

#include "room/entry.h"
#include "room/meeting.h"
#include "room/moderation.h"
#include "room/rooms.h"
#include "room/wire.h"

namespace conclave::room {
namespace {

OccupantView view_of(const Occupant& who) {
  const xmpp::Element* nick = who.presence.child("nick", xmlns::kNick);
  return {.nick = who.nick,
          .display_name = nick ? nick->text() : std::string(),
          .role = who.role,
          .kind = who.identity.kind,
          .subject = who.identity.subject,
          .reason = who.reason};
}

}  // namespace

std::vector<RoomView> Rooms::view() const {
  assert_here();
  std::vector<RoomView> rooms;
  rooms.reserve(meetings_.size());
  for (const auto& [name, meeting] : meetings_) {
    RoomView& room = rooms.emplace_back(RoomView{.name = name.key(),
                                                 .state = state_of(name),
                                                 .meeting_id = meeting->meeting_id(),
                                                 .created = meeting->created(),
                                                 .waiting = service_.waiting.count(name),
                                                 .knocking = service_.lobbies.count(name, Knocker::Standing::Knocks),
                                                 .occupants = {}});
    for (const auto& who : meeting->occupants()) room.occupants.push_back(view_of(*who));
  }
  return rooms;
}

access::Decision Rooms::foresee(const access::Identity& identity, const access::RoomName& room) {
  assert_here();
  return decide_entry(service_, room, meeting(room), state_of(room), xmpp::SessionId{}, identity, {});
}

access::Decision Rooms::foresee(const Visitor& visitor, const access::RoomName& room) {
  assert_here();
  const Shown shown{.machine = machine_of(visitor)};
  return decide_entry(service_, room, meeting(room), state_of(room), visitor.sender.session,
                      effective_identity(service_, visitor, room), shown);
}

bool Rooms::remove(const access::RoomName& room, std::string_view nick, bool barred, const std::string& reason) {
  assert_here();
  Meeting* found = meeting(room);
  return found != nullptr && remove_by_operator(*found, nick, barred, reason);
}

std::vector<WaitingView> Rooms::waiting() const {
  assert_here();
  std::vector<WaitingView> waiting;
  for (const auto& [name, count] : service_.waiting.by_room()) {
    if (!meetings_.contains(name)) waiting.push_back({.name = name.key(), .waiting = count});
  }
  return waiting;
}

}  // namespace conclave::room
