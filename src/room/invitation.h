#pragma once
// Personal links, asked for by somebody inside:
//
//   C  <iq type='set' to='ROOM'><invitation xmlns='https://conclave.invalid/protocol/invitation'
//        name='Gina' role='participant|moderator' seconds='3600'/></iq>
//   S  <iq type='result'><invitation xmlns=… token='…' name= role= expires='2026-11-25T10:00:00Z'/></iq>
//
// The namespace is ours: no specification has this. Who may, and what the token says, is access/invitation.h.
#include <string_view>

#include "room/meeting.h"

namespace conclave::room {

// An iq set with an <invitation/>. Errors: forbidden with the reason; bad-request; feature-not-implemented where links
// cannot be signed; resource-constraint after kMaxInvitations.
void invite(Meeting& meeting, const Occupant& by, const xmpp::Element& iq);

// Whether he may give links at all.
bool may_invite(const Meeting& meeting, const Occupant& who);

// Links that this person gave count in this meeting no more: he was removed, or moderates it no more. Those inside by
// one are decided anew without it.
void withdraw_links(Meeting& meeting, std::string_view subject);
// He moderates again.
void restore_links(Meeting& meeting, std::string_view subject);
bool is_withdrawn(const Meeting& meeting, const access::Identity& identity);

}  // namespace conclave::room
