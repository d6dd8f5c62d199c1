#pragma once
// Rooms that somebody spoke of before they start, and what becomes of that when they do. Everything here is of one
// loop; its limit is kMaxDefinitions.
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "access/decide.h"
#include "access/room_definition.h"

namespace conclave::room {

class Meeting;

class Definitions {
 public:
  // Replaces what was said of the room before. False if there are too many.
  [[nodiscard]] bool define(access::RoomDefinition definition);
  bool undefine(const access::RoomName& room);
  const access::RoomDefinition* find(const access::RoomName& room) const;
  std::vector<access::RoomDefinition> all() const;

 private:
  std::map<access::RoomName, access::RoomDefinition> rooms_;
};

// What the booking server said to a request that would start a room.
struct Booked {
  access::Booking answer = access::Booking::NotAsked;
  std::optional<access::RoomDefinition> terms = {};  // of the booking; its owners are nobody
  std::string text = {};                             // to whom it was denied; empty: a sentence of ours
};

// The operator's word on the room and the booking's on top of it. Absent if neither has one.
std::optional<access::RoomDefinition> said_of(const access::RoomDefinition* definition, const Booked* booked);

// The new meeting begins as `definition` says, and ends at its time.
void begin_as(Meeting& meeting, access::RoomDefinition definition);
// For a meeting that runs already: what counts from the next decision on, and when it ends.
void redefine(Meeting& meeting, std::optional<access::RoomDefinition> definition);

}  // namespace conclave::room
