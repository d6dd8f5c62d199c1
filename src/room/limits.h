#pragma once
// Everything in this folder that a client can make grow, and what happens at the limit. README.md and the tests name
// the same answers.
#include <cstddef>

#include "base/time.h"

namespace conclave::room {

// Of one loop. The next one who would start a room is told that the server is full (outcome Full).
inline constexpr std::size_t kMaxRooms = 2'000;
// Services are not counted. The next one is told that the room is full.
inline constexpr std::size_t kMaxOccupants = 500;
// One client: main room, breakout room, lobby, one to spare. Then wait/resource-constraint.
inline constexpr std::size_t kMaxRoomsPerSession = 4;
// The same for all of one network who ask before they have a stream.
inline constexpr std::size_t kMaxRoomsAhead = 16;
// Rooms in which one session acts by a ticket. Then the one added first is forgotten.
inline constexpr std::size_t kMaxTicketRooms = 8;

// Longer nicks are not-allowed "Invalid resource".
inline constexpr std::size_t kMaxNickBytes = 64;
// As written (stock ones: 2 to 4 KB). Else modify/not-acceptable; after an update the last good presence stays.
inline constexpr std::size_t kMaxPresenceBytes = 16 * 1024;
// Refused with modify/policy-violation.
inline constexpr std::size_t kMaxMessageBytes = 16 * 1024;
inline constexpr std::size_t kMaxSubjectBytes = 1'024;
inline constexpr std::size_t kMaxIqBytes = 128 * 1024;        // to the focus
inline constexpr std::size_t kMaxPrivateIqBytes = 32 * 1024;  // to another person: an offer of P2P has 20 KB at most
// Of a kick, a ban, a grant, a destroy: modify/bad-request.
inline constexpr std::size_t kMaxReasonBytes = 1'024;
inline constexpr std::size_t kMaxAdminItems = kMaxOccupants;
// Messages kept for later joiners. The oldest goes.
inline constexpr std::size_t kMaxHistory = 20;

// Longer display names are cut.
inline constexpr std::size_t kMaxDisplayNameBytes = 160;
// Who knocks or waits in one lobby, and from one address in all lobbies of the loop. The next one gets
// wait/resource-constraint.
inline constexpr std::size_t kMaxInLobby = 300;
inline constexpr std::size_t kMaxInLobbiesFromAddress = 100;
// A presence to the lobby: modify/not-acceptable. A message there: modify/policy-violation.
inline constexpr std::size_t kMaxKnockBytes = 8 * 1024;
inline constexpr std::size_t kMaxLobbyMessageBytes = 4 * 1024;
// Admissions that one meeting remembers. The oldest goes: he would have to knock again.
inline constexpr std::size_t kMaxAdmitted = 1'000;
// A meeting that everybody has left stands so long for those who knock; then they wait.
inline constexpr Duration kEmptyWithKnockers = std::chrono::minutes(10);

// People who wait: beyond it they still wait, but are not counted.
inline constexpr std::size_t kMaxWaiters = 10'000;
inline constexpr std::size_t kMaxWaitersPerRoom = 1'000;
// Rooms that are defined before they start. The next one is refused to whoever defines it.
inline constexpr std::size_t kMaxDefinitions = 10'000;
// Of one meeting. A further grant is refused with wait/resource-constraint.
inline constexpr std::size_t kMaxGrants = 500;
// Kicked and barred subjects of one meeting. A kick always works: the oldest kicked one is forgotten, a barred one only
// if all are.
inline constexpr std::size_t kMaxRemoved = 1'000;
// Personal links of one meeting. A further one is refused with wait/resource-constraint.
inline constexpr std::size_t kMaxInvitations = 500;
// Whose links one meeting takes no more. The oldest goes: as there are no more links than that, his are few.
inline constexpr std::size_t kMaxWithdrawnGivers = 500;
// Visitors whom one meeting has asked in. The oldest goes: he watches again when he comes next.
inline constexpr std::size_t kMaxPromoted = 500;
// Breakout rooms of one meeting at a time. The next one is refused with not-allowed; so is a longer name.
inline constexpr std::size_t kMaxBreakouts = 50;
inline constexpr std::size_t kMaxBreakoutNameBytes = 256;
// Those between two rooms of a meeting. The oldest goes: he is asked at the door again.
inline constexpr std::size_t kMaxMovers = kMaxOccupants;
// So long their places are kept, and a meeting that has breakout rooms stands after the last has left.
inline constexpr Duration kMoveTimeout = std::chrono::seconds(30);
inline constexpr Duration kAllLeft = std::chrono::seconds(5);
// A meeting in which only a recorder, a SIP leg or a transcriber is left ends (signalling.md 5.13).
inline constexpr Duration kServicesOnly = std::chrono::seconds(20);
inline constexpr std::size_t kMaxPasswordBytes = 256;
// Wrong room passwords of one session. Then wait/resource-constraint, whatever it sends.
inline constexpr std::size_t kMaxWrongPasswords = 10;

// A room that was asked for and that nobody enters goes again (signalling.md 4.7).
inline constexpr Duration kStartTimeout = std::chrono::seconds(15);

}  // namespace conclave::room
