#pragma once
// `conclave token`: a JWT for a room and a role, signed with the server's own secret.
#include <chrono>
#include <optional>
#include <string>

#include "ops/settings.h"

namespace conclave::ops {

struct TokenOrder {
  std::string room = "*";
  std::string role = "moderator";  // moderator, participant, visitor, unsaid
  std::string name = {};
  std::string user_id = {};
  std::string email = {};
  std::string tenant = {};
  std::string expires = "2h";                // a duration; "never" for none
  std::string not_before = {};               // a duration from now
  std::optional<std::string> features = {};  // comma separated
};

// ConfigError if the order is wrong, or the settings have no secret to sign with.
std::string token_for(const TokenOrder& order, const Settings& settings, WallTime now);

}  // namespace conclave::ops
