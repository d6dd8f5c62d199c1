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

void Sessions::forget_tickets(xmpp::SessionId session) {
  if (const auto found = sessions_.find(session); found != sessions_.end()) found->second.tickets.clear();
}

void Sessions::end_of_meeting(const access::RoomName& room) {
  for (auto& [id, session] : sessions_) {
    std::erase_if(session.tickets,
                  [&](const auto& ticket) { return ticket.first == room && ticket.second.proof.ends_with_meeting; });
  }
}

void Sessions::forget_tickets(const std::function<bool(const access::Identity&)>& which) {
  for (auto& [id, session] : sessions_) {
    std::erase_if(session.tickets, [&](const auto& ticket) { return which(ticket.second); });
  }
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
  return found ? found->rooms.size() + found->lobbies.size() : 0;
}

void Sessions::left_lobby(xmpp::SessionId session, const access::RoomName& room) {
  const auto found = sessions_.find(session);
  if (found != sessions_.end()) found->second.lobbies.erase(room);
}

std::set<access::RoomName> Sessions::lobbies(xmpp::SessionId session) const {
  const Session* found = find(session);
  return found ? found->lobbies : std::set<access::RoomName>{};
}

const Sessions::Door* Sessions::find_door(xmpp::SessionId session, const access::RoomName& room) const {
  const Session* found = find(session);
  if (!found) return nullptr;
  const auto door = std::ranges::find_if(found->doors, [&](const Door& one) { return one.room == room; });
  return door == found->doors.end() ? nullptr : &*door;
}

Sessions::Door& Sessions::door_of(xmpp::SessionId session, const access::RoomName& room) {
  auto& doors = sessions_[session].doors;
  const auto door = std::ranges::find_if(doors, [&](const Door& one) { return one.room == room; });
  if (door != doors.end()) return *door;
  if (doors.size() >= kMaxTicketRooms) doors.erase(doors.begin());
  return doors.emplace_back(Door{.room = room});
}

void Sessions::sent_to_lobby(xmpp::SessionId session, const access::RoomName& room, xmpp::Jid room_address) {
  door_of(session, room).address = std::move(room_address);
}

const xmpp::Jid* Sessions::door(xmpp::SessionId session, const access::RoomName& room) const {
  const Door* found = find_door(session, room);
  return found && !found->address.domain.empty() ? &found->address : nullptr;
}

void Sessions::knew_password(xmpp::SessionId session, const access::RoomName& room, std::uint64_t version) {
  door_of(session, room).password_right = version;
}

std::uint64_t Sessions::password_right(xmpp::SessionId session, const access::RoomName& room) const {
  const Door* found = find_door(session, room);
  return found ? found->password_right : 0;
}

std::string Sessions::machine(xmpp::SessionId session) const {
  const Session* found = find(session);
  return found ? found->machine : std::string();
}

std::size_t Sessions::wrong_passwords(xmpp::SessionId session) const {
  const Session* found = find(session);
  return found ? found->wrong_passwords : 0;
}

}  // namespace conclave::room
