#pragma once
// What a session is to the rooms of this loop: where it is inside, and as whom a ticket lets it act. Owned by Rooms, on
// its loop.
#include <cstddef>
#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "access/identity.h"
#include "access/room_name.h"
#include "xmpp/session.h"

namespace conclave::room {

class Sessions {
 public:
  // The identity that a ticket stands for, for this session in this room only. Bounded by kMaxTicketRooms.
  void remember_ticket(xmpp::SessionId session, const access::RoomName& room, access::Identity identity);
  void forget_ticket(xmpp::SessionId session, const access::RoomName& room);
  void forget_tickets(xmpp::SessionId session);  // logged out
  // Of all sessions, those for the length of the meeting that has ended here.
  void end_of_meeting(const access::RoomName& room);
  void forget_tickets(const std::function<bool(const access::Identity&)>& which);  // of all sessions
  const access::Identity* ticket(xmpp::SessionId session, const access::RoomName& room) const;

  // Rooms that this session started by its conference request. Bounded by who asks started_count() first.
  void started(xmpp::SessionId session, const access::RoomName& room) { sessions_[session].started.insert(room); }
  // How many of them `is_empty` says are open with nobody inside; the others are forgotten.
  std::size_t started_count(xmpp::SessionId session, const std::function<bool(const access::RoomName&)>& is_empty);

  void entered(xmpp::SessionId session, const access::RoomName& room);
  void left(xmpp::SessionId session, const access::RoomName& room);
  std::set<access::RoomName> rooms(xmpp::SessionId session) const;
  std::size_t room_count(xmpp::SessionId session) const;

  // Lobbies count as rooms: a person who knocks at many doors is in many rooms.
  void entered_lobby(xmpp::SessionId session, const access::RoomName& room) { sessions_[session].lobbies.insert(room); }
  void left_lobby(xmpp::SessionId session, const access::RoomName& room);
  std::set<access::RoomName> lobbies(xmpp::SessionId session) const;

  // Where he was told to knock: the room's address as he wrote it. Bounded by kMaxTicketRooms, as what follows.
  void sent_to_lobby(xmpp::SessionId session, const access::RoomName& room, xmpp::Jid room_address);
  const xmpp::Jid* door(xmpp::SessionId session, const access::RoomName& room) const;
  // The Meeting::password_version that he knew at that door; 0: none.
  void knew_password(xmpp::SessionId session, const access::RoomName& room, std::uint64_t version);
  std::uint64_t password_right(xmpp::SessionId session, const access::RoomName& room) const;

  // The name of the browser that its conference request gave; empty if none did.
  void set_machine(xmpp::SessionId session, std::string machine) { sessions_[session].machine = std::move(machine); }
  std::string machine(xmpp::SessionId session) const;

  void wrong_password(xmpp::SessionId session) { ++sessions_[session].wrong_passwords; }
  std::size_t wrong_passwords(xmpp::SessionId session) const;

  // Whether a session that was noted is there still: asked by those who answer it in a later turn.
  void note(xmpp::SessionId session) { sessions_.try_emplace(session); }
  bool knows(xmpp::SessionId session) const { return sessions_.contains(session); }
  void ended(xmpp::SessionId session) { sessions_.erase(session); }
  std::size_t size() const { return sessions_.size(); }

 private:
  struct Door {
    access::RoomName room;
    xmpp::Jid address = {};
    std::uint64_t password_right = 0;
  };
  struct Session {
    std::set<access::RoomName> rooms;
    std::set<access::RoomName> lobbies;
    std::vector<Door> doors;  // oldest first
    std::string machine;
    std::set<access::RoomName> started;
    std::vector<std::pair<access::RoomName, access::Identity>> tickets;  // oldest first
    std::size_t wrong_passwords = 0;
  };
  const Session* find(xmpp::SessionId session) const;
  const Door* find_door(xmpp::SessionId session, const access::RoomName& room) const;
  Door& door_of(xmpp::SessionId session, const access::RoomName& room);

  std::unordered_map<xmpp::SessionId, Session> sessions_;
};

}  // namespace conclave::room
