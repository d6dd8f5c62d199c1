#include "room/flip.h"

#include <algorithm>

#include "room/leave.h"

namespace conclave::room {

const Occupant* device_to_flip(const Meeting& meeting, xmpp::SessionId session, const access::Identity& identity) {
  if (!identity.authenticated() || identity.kind == access::IdentityKind::Service) return nullptr;
  if (identity.features && !identity.features->contains("flip")) return nullptr;
  const auto other = std::ranges::find_if(meeting.occupants(), [&](const auto& who) {
    return who->session != session && who->identity.subject == identity.subject;
  });
  return other == meeting.occupants().end() ? nullptr : other->get();
}

void flip(Meeting& meeting, xmpp::SessionId session) {
  const Occupant* now = meeting.find(session);
  const Occupant* before = now ? device_to_flip(meeting, session, now->identity) : nullptr;
  if (before == nullptr) return;
  // 307: stock clients look for the element where they look for a kick.
  remove_occupant(meeting, *meeting.find(before->session), Exit{.codes = {"307"}, .flipped = true});
}

}  // namespace conclave::room
