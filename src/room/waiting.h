#pragma once
// Who waits for which room. Waiting holds nothing else: no room, no conference (access.md 4.5, S15). A session waits
// for one room at a time: the one it asked for last. Owned by Rooms, on its loop.
#include <cstddef>
#include <map>
#include <unordered_map>

#include "access/room_name.h"
#include "xmpp/session.h"

namespace conclave::room {

class Waiting {
 public:
  // False if a limit is reached: he waits all the same, uncounted.
  bool add(xmpp::SessionId session, const access::RoomName& room);
  void remove(xmpp::SessionId session);

  std::size_t count() const { return sessions_.size(); }
  std::size_t count(const access::RoomName& room) const;
  const std::map<access::RoomName, std::size_t>& by_room() const { return rooms_; }

 private:
  std::unordered_map<xmpp::SessionId, access::RoomName> sessions_;
  std::map<access::RoomName, std::size_t> rooms_;
};

}  // namespace conclave::room
