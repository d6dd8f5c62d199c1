// A credential was taken back while its holder is here (access.md 4.8).
#include <vector>

#include "room/meeting.h"
#include "room/roles.h"
#include "room/rooms.h"

namespace conclave::room {
void Rooms::credentials_revoked(const std::function<bool(const access::Identity&)>& is_revoked) {
  assert_here();
  service_.sessions.forget_tickets(is_revoked);
  // Whoever loses his place may end the meeting by it: names first.
  std::vector<std::pair<access::RoomName, xmpp::SessionId>> found;
  for (const auto& [name, meeting] : meetings_) {
    for (const auto& who : meeting->occupants()) {
      if (is_revoked(who->identity)) found.emplace_back(name, who->session);
    }
  }
  for (const auto& [name, session] : found) {
    Meeting* here = meeting(name);
    Occupant* who = here ? here->find(session) : nullptr;
    if (who) room::decide_anew(*here, *who, guest_instead(*who));
  }
}

}  // namespace conclave::room
