#include "room/definitions.h"

#include <algorithm>
#include <utility>

#include "room/life.h"
#include "room/limits.h"
#include "room/meeting.h"

namespace conclave::room {
namespace {

// signalling.md 4.6: the text that goes with the end of a booking.
constexpr std::string_view kTimeIsOver = "Scheduled conference duration exceeded.";
constexpr std::chrono::seconds kLongestWait{24 * 60 * 60};

void watch_end(Meeting& meeting) {
  meeting.end.cancel();
  if (!meeting.definition || !meeting.definition->expires) return;
  const auto left = std::max(*meeting.definition->expires - meeting.service().loop.wall_now(), std::chrono::seconds(0));
  // A definition may speak of a year that no timer can count to: look again after a day.
  const bool is_far = left > kLongestWait;
  meeting.end = meeting.service().loop.after(std::min(left, kLongestWait), [&meeting, is_far] {
    if (is_far) return watch_end(meeting);
    end_meeting(meeting, kTimeIsOver, CoolDown::No);
  });
}

}  // namespace

bool Definitions::define(access::RoomDefinition definition) {
  if (rooms_.size() >= kMaxDefinitions && !rooms_.contains(definition.name)) return false;
  const access::RoomName name = definition.name;
  rooms_.insert_or_assign(name, std::move(definition));
  return true;
}

bool Definitions::undefine(const access::RoomName& room) {
  return rooms_.erase(room) > 0;
}

const access::RoomDefinition* Definitions::find(const access::RoomName& room) const {
  const auto found = rooms_.find(room);
  return found == rooms_.end() ? nullptr : &found->second;
}

std::vector<access::RoomDefinition> Definitions::all() const {
  std::vector<access::RoomDefinition> all;
  for (const auto& [name, definition] : rooms_) all.push_back(definition);
  return all;
}

std::optional<access::RoomDefinition> said_of(const access::RoomDefinition* definition, const Booked* booked) {
  const bool has_terms = booked != nullptr && booked->terms.has_value();
  if (definition == nullptr && !has_terms) return std::nullopt;
  if (definition == nullptr) return booked->terms;
  access::RoomDefinition said = *definition;
  if (!has_terms) return said;
  const access::RoomDefinition& terms = *booked->terms;
  if (!terms.password.empty()) said.password = terms.password;
  if (terms.lobby) said.lobby = terms.lobby;
  if (terms.capacity) said.capacity = terms.capacity;
  if (terms.expires) said.expires = said.expires ? std::min(*said.expires, *terms.expires) : *terms.expires;
  return said;
}

void begin_as(Meeting& meeting, access::RoomDefinition definition) {
  meeting.set_password(definition.password);
  if (definition.lobby && meeting.policy().lobby_exists) meeting.lobby = *definition.lobby;
  redefine(meeting, std::move(definition));
}

void redefine(Meeting& meeting, std::optional<access::RoomDefinition> definition) {
  meeting.definition = std::move(definition);
  watch_end(meeting);
}

}  // namespace conclave::room
