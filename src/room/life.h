#pragma once
// How a meeting ends: by somebody's word, or by running empty. How it begins is Rooms::open.
#include <string_view>

#include "room/meeting.h"

namespace conclave::room {

// signalling.md 5.13: the one text that stock clients have translated.
inline constexpr std::string_view kTerminated = "The meeting has been terminated";

// Everybody is sent the destroy and is out; the meeting is retired, and its breakout rooms with it. Of a breakout room:
// only that room, and the main room is where to go.
void end_meeting(Meeting& meeting, std::string_view reason, CoolDown cool_down);

// "End for all" by an occupant, if he may; it is not said in a breakout room. False if nothing was ended. `room` may be
// gone afterwards as far as its Rooms are concerned, and lives until the turn ends.
bool end_for_all(Room& room, const Occupant& by);

// Retires a meeting that ran empty in all its rooms, unless somebody knocks: then it stands for kEmptyWithKnockers at
// most, or until nobody knocks any more. One that has breakout rooms stands for kAllLeft first.
void close_if_empty(Meeting& meeting);
// Somebody came or left: a meeting of services alone ends after kServicesOnly.
void watch_services(Meeting& meeting);
// Retires it even so.
void close_empty(Meeting& meeting);

}  // namespace conclave::room
