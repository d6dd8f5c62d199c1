#pragma once
// The checks of an ID token (OpenID Connect Core 1.0 §3.1.3.7). Pure; any thread.
#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "access/signature.h"
#include "base/result.h"
#include "base/time.h"

namespace conclave::oidc {

struct IdTokenRules {
  static constexpr std::chrono::seconds kLeeway{60};

  std::string issuer{};
  std::string client_id{};
  std::string nonce{};
  std::chrono::seconds leeway = kLeeway;
};

struct IdTokenFailure {
  std::string problem{};     // for the log; holds nothing of the token
  bool unknown_key = false;  // no key at hand has signed it: newer keys may
};

// The claims as JSON text, which is strict_json(). Only keys of public-key algorithms are asked.
Result<std::string, IdTokenFailure> verify_id_token(std::string_view token,
                                                    const std::vector<access::VerificationKey>& keys,
                                                    const IdTokenRules& rules, WallTime now);

}  // namespace conclave::oidc
