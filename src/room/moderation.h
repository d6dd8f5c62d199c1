#pragma once
// Kick, ban, grant, revoke by muc#admin (signalling.md 5.11), and the destroy of muc#owner (5.13).
#include <string>
#include <string_view>

#include "room/meeting.h"

namespace conclave::room {

// An iq set with a muc#admin query, by somebody inside. Several items are authorised all or none, applied in order,
// answered once.
void admin_set(Meeting& meeting, Occupant& by, const xmpp::Element& iq);

// An iq set with a muc#owner <destroy/>.
void destroy(Meeting& meeting, Occupant& by, const xmpp::Element& iq);

// A kick or a ban that nobody inside has ordered. False if nobody of that nick is here.
bool remove_by_operator(Meeting& meeting, std::string_view nick, bool barred, const std::string& reason);

// The highest role that this person has on any of his devices; Guest if he is not inside.
access::Role highest_role(const Meeting& meeting, std::string_view subject);

// Whether this person was kicked or barred in this meeting: by subject, a guest also by his browser (access.md 4.7).
const Meeting::Removed* find_removed(const Meeting& meeting, const access::Identity& identity,
                                     std::string_view machine);
void remember_removed(Meeting& meeting, Meeting::Removed removed);

}  // namespace conclave::room
