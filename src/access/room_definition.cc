#include "access/room_definition.h"

#include <array>
#include <charconv>
#include <utility>

#include "base/rfc3339.h"

namespace conclave::access {
namespace {

constexpr std::size_t kMaxCapacity = 100'000;
constexpr std::size_t kMaxPasswordBytes = 256;

std::optional<int> digits(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || text.front() == '-') return std::nullopt;
  return value;
}

template <class Value, std::size_t N>
std::optional<Value> named(std::string_view word, const std::array<Value, N>& values) {
  for (const Value value : values) {
    if (text(value) == word) return value;
  }
  return std::nullopt;
}

}  // namespace

std::string_view text(Recorders value) {
  switch (value) {
    case Recorders::Moderators:
      return "moderators";
    case Recorders::Owners:
      return "owners";
    case Recorders::Nobody:
      return "nobody";
  }
  return "moderators";
}

CapabilitySet withheld(const RoomDefinition& definition, const Identity& identity) {
  CapabilitySet none;
  if (definition.recorders == Recorders::Moderators) return none;
  if (definition.recorders == Recorders::Owners && definition.owners.contains(identity.subject)) return none;
  CapabilitySet recording;
  recording.add(Capability::Record);
  recording.add(Capability::Stream);
  return recording;
}

Result<RoomDefinition, DefinitionError> read_definition(const RoomDefinitionText& said) {
  const auto wrong = [](std::string field, std::string remedy) {
    return failure(DefinitionError{std::move(field), std::move(remedy)});
  };
  auto name = room_in_link(said.name);
  if (!name) return wrong("name", "Write the room's name, as board or tenant/board.");
  RoomDefinition definition{.name = *std::move(name)};
  if (said.owners.size() > kMaxDefinedOwners) return wrong("owners", "Name at most 100 owners.");
  definition.owners.insert(said.owners.begin(), said.owners.end());
  if (definition.owners.contains("")) return wrong("owners", "Name subjects, such as account:alice.");
  if (said.password.size() > kMaxPasswordBytes) return wrong("password", "Use at most 256 bytes.");
  definition.password = said.password;
  if (!said.lobby.empty()) {
    definition.lobby = named(said.lobby, std::array{Lobby::Off, Lobby::Guests, Lobby::All});
    if (!definition.lobby) return wrong("lobby", "Use off, guests or all.");
  }
  if (!said.capacity.empty()) {
    const auto people = digits(said.capacity);
    if (!people || *people < 1 || *people > static_cast<int>(kMaxCapacity))
      return wrong("capacity", "Use a number from 1 to 100000.");
    definition.capacity = static_cast<std::size_t>(*people);
  }
  for (auto [field, from, to] : {std::tuple{"not_before", &said.not_before, &definition.not_before},
                                 std::tuple{"expires", &said.expires, &definition.expires}}) {
    if (from->empty()) continue;
    *to = rfc3339_time(*from);
    if (!*to) return wrong(field, "Write a time in UTC, as 2026-01-31T12:00:00Z.");
  }
  if (definition.not_before && definition.expires && *definition.expires <= *definition.not_before)
    return wrong("expires", "It must be later than not_before.");
  if (!said.record.empty()) {
    const auto recorders = named(said.record, std::array{Recorders::Moderators, Recorders::Owners, Recorders::Nobody});
    if (!recorders) return wrong("record", "Use moderators, owners or nobody.");
    definition.recorders = *recorders;
  }
  return definition;
}

}  // namespace conclave::access
