#pragma once
// From the lobby into the meeting, or away: a moderator's mediated invitation, a kick from the lobby, the arrival of a
// host, the lobby's end (signalling.md 6.3).
#include <string_view>

#include "room/lobby_room.h"
#include "room/meeting.h"

namespace conclave::room {

// A message to the room with invitations by somebody inside; several let in several. All that he may, or nothing.
bool is_invitation(const xmpp::Element& message);
void admit(Meeting& meeting, Occupant& by, const xmpp::Element& message);

// An iq to the lobby with muc#admin items: role none sends away, affiliation outcast bars from the meeting.
void turn_away(Meeting& meeting, Occupant& by, const xmpp::Element& iq);

// What this meeting remembers of a person, by subject: whoever was let in from the lobby, or was inside, passes the
// lobby from then on. A kick makes it forget.
struct Admission {
  bool admitted = false;
  bool fresh = false;  // by a moderator, and not entered yet
  bool was_inside = false;
};
Admission admission_of(const Meeting& meeting, std::string_view subject);
void remember_entered(Meeting& meeting, const std::string& subject);
void forget_admission(Meeting& meeting, std::string_view subject);

// Everybody in the lobby is decided anew: who would now wait or knock stays as that, all others are sent to the main
// room to hear their answer there. To be called when something that decides has changed. `meeting` is null if there is
// none.
void review_lobby(Service& service, const access::RoomName& room, Meeting* meeting, access::RoomState state,
                  std::string_view why);
void review_lobby(Meeting& meeting, std::string_view why);

// A host or moderator has come: WAITERS decides what those who wait become.
void host_arrived(Meeting& meeting);

// Everybody is out of the lobby, with or without the main room as the place to go to.
enum class SendTo { MainRoom, Nowhere };
void close_lobby(Service& service, const access::RoomName& room, SendTo where, std::string_view reason);

// Switched by a moderator, a token or the server. Tells the room; `by` is null if nobody inside did it.
void set_lobby(Meeting& meeting, access::Lobby lobby, const Occupant* by);

inline constexpr std::string_view kHostArrived = "Host arrived.";
inline constexpr std::string_view kLobbyClosed = "Lobby room closed.";

}  // namespace conclave::room
