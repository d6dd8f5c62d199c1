#include "room/room_wishes.h"

#include "room/admission.h"

namespace conclave::room {

void apply_wishes(Meeting& meeting, const access::Identity& identity, access::Role role) {
  if (role != access::Role::Host || !identity.room_wishes) return;
  const access::RoomWishes& wishes = *identity.room_wishes;
  const bool lobby_can_be = meeting.policy().lobby_exists;
  if (lobby_can_be && wishes.lobby) meeting.lobby = *wishes.lobby ? access::Lobby::All : access::Lobby::Off;
  if (lobby_can_be && !wishes.lobby && wishes.lobby_autostart) meeting.lobby = access::Lobby::All;
  if (wishes.password && wishes.password->size() <= kMaxPasswordBytes) meeting.set_password(*wishes.password);
}

}  // namespace conclave::room
