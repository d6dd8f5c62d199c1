#pragma once
// What is said in and about the lobby: chat between a moderator and somebody who knocks, and the notices to the meeting
// (signalling.md 6.3).
#include <string>
#include <string_view>

#include "room/lobby.h"

namespace conclave::room {

// A message to the lobby or to somebody in it. Passes from a moderator to those who knock and back; those who knock do
// not hear each other, and a notice that names one of them is for moderators only.
void lobby_message(const LobbyVisit& visit, const xmpp::Element& message);

struct LobbyNotice {
  std::string_view event;
  std::string value;  // address of the person in the lobby
  std::string name;   // his display name; may be empty
};
// To everybody in the meeting, from `by`.
void notify_room(const Meeting& meeting, const Occupant& by, const LobbyNotice& notice);
void notify_lobby_switched(const Meeting& meeting, const Occupant& by, bool on);

}  // namespace conclave::room
