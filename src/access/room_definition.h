#pragma once
// What somebody with the right to it said about one room before it starts: the operator's file, the admin API, the
// booking server. Values and pure functions; any thread.
#include <chrono>
#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "access/identity.h"
#include "access/policy.h"
#include "base/result.h"
#include "base/time.h"

namespace conclave::access {

inline constexpr std::size_t kMaxDefinedOwners = 100;

enum class Recorders { Moderators, Owners, Nobody };
std::string_view text(Recorders value);

struct RoomDefinition {
  RoomName name;
  std::set<std::string> owners = {};  // subjects: hosts here, whatever their credential says of a role
  std::string password = {};          // in force from the first second; empty: none
  std::optional<Lobby> lobby = {};    // absent: the policy's
  std::optional<std::size_t> capacity = {};
  std::optional<WallTime> not_before = {};  // until then people wait, owners too
  std::optional<WallTime> expires = {};     // then the meeting ends, and nobody enters
  Recorders recorders = Recorders::Moderators;
};

// What the definition takes from him, of what his role would allow.
CapabilitySet withheld(const RoomDefinition& definition, const Identity& identity);

// The same as people write it; an empty text is unset.
struct RoomDefinitionText {
  std::string name{};  // "board" or "tenant/board"
  std::vector<std::string> owners{};
  std::string password{};
  std::string lobby{};       // off, guests, all
  std::string capacity{};    // people, at least 1
  std::string not_before{};  // RFC 3339 in UTC: 2026-01-31T12:00:00Z
  std::string expires{};
  std::string record{};  // moderators, owners, nobody
};
struct DefinitionError {
  std::string field;   // of RoomDefinitionText
  std::string remedy;  // a sentence
};
Result<RoomDefinition, DefinitionError> read_definition(const RoomDefinitionText& text);

}  // namespace conclave::access
