#include "room/sessions.h"

#include <algorithm>

#include "room/limits.h"

namespace conclave::room {

const Sessions::Session* Sessions::find(xmpp::SessionId session) const {
  const auto found = sessions_.find(session);
  return found == sessions_.end() ? nullptr : &found->second;
}

void Sessions::remember_ticket(xmpp::SessionId session, const access::RoomName& room, access::Identity identity) {
  forget_ticket(session, room);
  auto& tickets = sessions_[session].tickets;
  if (tickets.size() >= kMaxTicketRooms) tickets.erase(tickets.begin());
  tickets.emplace_back(room, std::move(identity));
}

void Sessions::forget_ticket(xmpp::SessionId session, const access::RoomName& room) {
  const auto found = sessions_.find(session);
  if (found == sessions_.end()) return;
  std::erase_if(found->second.tickets, [&](const auto& ticket) { return ticket.first == room; });
}

const access::Identity* Sessions::ticket(xmpp::SessionId session, const access::RoomName& room) const {
  const Session* found = find(session);
  if (!found) return nullptr;
  for (const auto& [name, identity] : found->tickets) {
    if (name == room) return &identity;
  }
  return nullptr;
}

std::size_t Sessions::started_count(xmpp::SessionId session,
                                    const std::function<bool(const access::RoomName&)>& is_empty) {
  const auto found = sessions_.find(session);
  if (found == sessions_.end()) return 0;
  std::erase_if(found->second.started, [&](const access::RoomName& room) { return !is_empty(room); });
  return found->second.started.size();
}

void Sessions::entered(xmpp::SessionId session, const access::RoomName& room) {
  sessions_[session].rooms.insert(room);
}

void Sessions::left(xmpp::SessionId session, const access::RoomName& room) {
  const auto found = sessions_.find(session);
  if (found != sessions_.end()) found->second.rooms.erase(room);
}

std::set<access::RoomName> Sessions::rooms(xmpp::SessionId session) const {
  const Session* found = find(session);
  return found ? found->rooms : std::set<access::RoomName>{};
}

std::size_t Sessions::room_count(xmpp::SessionId session) const {
  const Session* found = find(session);
  return found ? found->rooms.size() : 0;
}

std::size_t Sessions::wrong_passwords(xmpp::SessionId session) const {
  const Session* found = find(session);
  return found ? found->wrong_passwords : 0;
}

}  // namespace conclave::room
