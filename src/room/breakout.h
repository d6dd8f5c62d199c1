#pragma once
// Breakout rooms (signalling.md 6.4): rooms of a meeting beside its main room. Whoever is in one is in the meeting:
// roles, grants, kicks, bars, personal links and capacity are kept by the main room and count in all of them, and no
// door asks again who goes from one to another. The meeting lives as long as somebody is in any of its rooms.
//
// A client goes by leaving with the status switch_room and joining the other room under the same nick; between the two
// its place and its nick are kept (Meeting::Mover).
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "room/meeting.h"

namespace conclave::room {

inline constexpr std::string_view kBreakoutRemoved = "Breakout room removed.";

// Which of `loops` loops a breakout room with this id lives on: ids are made so that it is its meeting's. Any text has
// an answer.
std::size_t breakout_loop(std::string_view id, std::size_t loops);

// By the component, which has asked whether the moderator may. `main` is a main room.
enum class BreakoutAdded { Yes, TooMany };
BreakoutAdded add_breakout(Room& main, std::string name);
// The breakout room of that meeting at that address, the resource aside; null if it has none.
Room* find_breakout(Room& main, const xmpp::Jid& address);
void rename_breakout(Room& breakout, std::string name);
// Whoever is in it is sent to the main room.
void remove_breakout(Room& breakout);

// The main room and its breakout rooms.
std::vector<Meeting*> rooms_of(Meeting& main);
std::vector<const Meeting*> rooms_of(const Meeting& main);

// Of somebody who is between two rooms; null if he is not.
const Meeting::Mover* find_mover(const Meeting& main, xmpp::SessionId session);
bool is_within(const Meeting& main, xmpp::SessionId session);
// By somebody else, inside or on his way.
bool nick_is_taken(const Meeting& main, std::string_view nick, xmpp::SessionId by);
// Whether somebody other than `but` moderates, in any room or on his way.
bool is_moderated(const Meeting& main, const Occupant* but = nullptr);
bool is_deserted(const Meeting& main);

// He leaves to join another room of the meeting. Nothing where there is no other.
void begin_move(Meeting& from, const Occupant& who);
// He has come in: takes over what was kept for him.
void end_move(Meeting& to, Occupant& who);
void forget_mover(Meeting& main, xmpp::SessionId session);
// His session has ended on the way.
void stop_moving(Service& service, xmpp::SessionId session);

}  // namespace conclave::room
