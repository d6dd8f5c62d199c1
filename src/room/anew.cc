// Whoever is here, decided anew because the rules have changed (access.md S25, for an operator who asked for it).
#include <utility>
#include <vector>

#include "room/admission.h"
#include "room/entry.h"
#include "room/host_left.h"
#include "room/meeting.h"
#include "room/messages.h"
#include "room/roles.h"
#include "room/rooms.h"

namespace conclave::room {
namespace {

using Void = std::function<bool(const access::Identity&)>;

// Who he is under the rules of now: himself, or a guest if they take his credential no longer.
access::Identity identity_now(const Occupant& who, const Void& is_void) {
  return is_void(who.identity) ? guest_instead(who) : who.identity;
}

std::vector<xmpp::SessionId> sessions_in(const Meeting& meeting) {
  std::vector<xmpp::SessionId> sessions;
  for (const auto& who : meeting.occupants()) sessions.push_back(who->session);
  return sessions;
}

// Those first who may not stay: nobody is elected only to be removed.
void remove_refused(Meeting& meeting, const Void& is_void) {
  for (const xmpp::SessionId session : sessions_in(meeting)) {
    Occupant* who = meeting.over() ? nullptr : meeting.find(session);
    if (!who) continue;
    const access::Identity identity = identity_now(*who, is_void);
    if (!decide_for_occupant(meeting, *who, identity).admitted()) decide_anew(meeting, *who, identity);
  }
}

void decide_roles(Meeting& meeting, const Void& is_void) {
  for (const xmpp::SessionId session : sessions_in(meeting)) {
    Occupant* who = meeting.over() ? nullptr : meeting.find(session);
    if (!who) continue;
    const access::Role before = who->role;
    decide_anew(meeting, *who, identity_now(*who, is_void));
    who = meeting.over() ? nullptr : meeting.find(session);
    if (who && who->role != before) {
      tell_by_server(meeting, *who, "The rules of this server have changed. " + who->reason.sentence);
    }
  }
}

}  // namespace

void Rooms::decide_anew(const Void& is_void) {
  assert_here();
  service_.sessions.forget_tickets(is_void);
  // A meeting may end by what is decided: names first.
  std::vector<access::RoomName> names;
  for (const auto& [name, meeting] : meetings_) names.push_back(name);
  for (const access::RoomName& name : names) {
    if (Meeting* here = meeting(name)) remove_refused(*here, is_void);
    if (Meeting* here = meeting(name)) decide_roles(*here, is_void);
    if (Meeting* here = meeting(name)) host_left_changed(*here);
  }
  for (const access::RoomName& name : service_.lobbies.rooms()) {
    review_lobby(service_, name, meeting(name), state_of(name), kLobbyClosed);
  }
}

}  // namespace conclave::room
