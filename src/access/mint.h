#pragma once
// Makes tokens, for `conclave token`, the links of the first start, and tests. Pure; any thread.
#include <optional>
#include <string>
#include <string_view>

#include "access/identity.h"
#include "access/signature.h"
#include "base/time.h"

namespace conclave::access {

struct TokenWish {
  std::string issuer;         // iss
  std::string audience;       // aud
  std::string subject = "*";  // sub: tenant, domain or *
  std::string room = "*";
  ClaimedRole role = ClaimedRole::Unsaid;
  std::string user_name = {};
  std::string user_id = {};
  std::string email = {};
  std::string avatar = {};
  std::string tenant = {};    // context.tenant
  std::string token_id = {};  // jti
  std::string key_id = {};    // kid
  std::optional<FeatureSet> features = {};
  std::optional<Giver> giver = {};  // context.giver
  std::optional<WallTime> not_before = {};
  std::optional<WallTime> issued_at = {};
  std::optional<WallTime> expires = {};
};

// `algorithm` is one of the HS family.
std::string mint_token(const TokenWish& wish, std::string_view secret, Algorithm algorithm = Algorithm::HS256);

// Signs texts that are JSON already; for tests of tokens that no honest issuer makes.
std::string sign_token(std::string_view header_json, std::string_view body_json, std::string_view secret,
                       Algorithm algorithm = Algorithm::HS256);

}  // namespace conclave::access
