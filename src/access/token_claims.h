#pragma once
// The parts of a token as typed values (access.md 1.3): what is missing is absent, what has a wrong type is an error.
// Says nothing about whether anybody signed them: that is token.cc. Pure; any thread.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/identity.h"
#include "base/result.h"

namespace conclave::access {

struct TokenHeader {
  std::optional<std::string> algorithm;
  std::optional<std::string> type;
  std::optional<std::string> key_id;
  bool critical = false;  // crit is there: extensions that must be understood, and we understand none
};

struct TokenClaims {
  std::optional<std::string> issuer;
  std::optional<std::vector<std::string>> audience;
  std::optional<std::string> subject;
  std::optional<std::string> room;
  bool room_is_pattern = false;  // context.room.regex
  std::string tenant;            // context.tenant
  std::optional<std::int64_t> expires;
  std::optional<std::int64_t> not_before;
  std::optional<std::int64_t> issued_at;
  std::string token_id;  // jti

  ClaimedRole role = ClaimedRole::Unsaid;
  std::string role_claim;
  std::optional<FeatureSet> features;
  bool lobby_bypass = false;
  bool security_bypass = false;
  std::optional<bool> user_lobby;
  bool hidden_from_recorder = false;
  std::optional<RoomWishes> room_wishes;
  std::optional<Giver> giver;  // context.giver: ours (invitation.h)
  Display display;
};

// The name of the claim that is of the wrong type, or "" if the part is no acceptable JSON object at all.
struct ClaimError {
  std::string claim;
};

// Bytes: longer ones are refused; they are stored and compared.
constexpr std::size_t kMaxTokenIdBytes = 256;
constexpr std::size_t kMaxRoomPasswordBytes = 128;

Result<TokenHeader, ClaimError> read_header(std::string_view json);
Result<TokenClaims, ClaimError> read_claims(std::string_view json);

}  // namespace conclave::access
