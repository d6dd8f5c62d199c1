#include "room/waiting.h"

#include "room/limits.h"

namespace conclave::room {

bool Waiting::add(xmpp::SessionId session, const access::RoomName& room) {
  remove(session);
  if (sessions_.size() >= kMaxWaiters || count(room) >= kMaxWaitersPerRoom) return false;
  sessions_.emplace(session, room);
  ++rooms_[room];
  return true;
}

void Waiting::remove(xmpp::SessionId session) {
  const auto found = sessions_.find(session);
  if (found == sessions_.end()) return;
  const auto room = rooms_.find(found->second);
  if (--room->second == 0) rooms_.erase(room);
  sessions_.erase(found);
}

std::size_t Waiting::count(const access::RoomName& room) const {
  const auto found = rooms_.find(room);
  return found == rooms_.end() ? 0 : found->second;
}

}  // namespace conclave::room
