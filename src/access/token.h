#pragma once
// From a JWT (RFC 7519) to an Identity: every check of access.md 1.2 that needs no network, every claim of 1.3 that
// decides something. A token that is shown and bad is a failure, never a guest. Pure; a verifier is immutable and may
// be shared.
#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "access/decision.h"
#include "access/identity.h"
#include "access/signature.h"
#include "base/result.h"
#include "base/time.h"

namespace conclave::access {

constexpr std::size_t kMaxTokenBytes = 16 * 1024;
constexpr std::size_t kMaxTokenDepth = 16;       // of JSON nesting
constexpr std::size_t kMaxTokenMembers = 512;    // JSON values in one part
constexpr std::size_t kMaxSignatureChecks = 16;  // for one token: keys without a name are tried in turn

// Who signs tokens, and what we believe of them. Several stand side by side; a token must satisfy one of them wholly.
struct Issuer {
  std::string name;  // for logs and reasons; part of the subject
  std::vector<VerificationKey> keys = {};
  std::vector<Algorithm> algorithms = {};  // allowed for keys that do not say theirs, and for keys yet to come
  // More keys can be had for the asking (MissingKey): the token names one, or none of those at hand has signed it.
  bool more_keys = false;
  bool key_id_required = false;                    // a key server's: the key is asked for by its id (access.md 1.2)
  std::vector<std::string> accepted_issuers = {};  // iss; "*" accepts any
  std::vector<std::string> accepted_audiences{"*"};
  std::chrono::seconds leeway{60};                  // for exp and nbf
  std::vector<std::string> moderator_issuers = {};  // iss whose tokens may leave the role unsaid; empty: all
  bool require_exp = false;
  bool single_use = false;                  // a jti is good for one login; it and exp must be there (access.md A10)
  bool require_room = true;                 // a room claim must be there
  bool allow_any_room = true;               // the claim "*" counts
  bool verify_domain = false;               // rooms without tenant need sub to be one of own_names, or "*"
  std::vector<std::string> own_names = {};  // XMPP domain, host of the public address
};

// A key that an issuer may have and that is not at hand. What the token says about issuer and key is not verified.
struct MissingKey {
  std::string issuer;  // Issuer::name
  std::string key_id;  // "": the token names none
};

struct TokenFailure {
  enum class Condition { NotAllowed, NotAuthorized };  // of the SASL failure (signalling.md 2.3)

  Slug slug = Slug::TokenMalformed;
  Condition condition = Condition::NotAllowed;
  std::string text;                           // for <text/>: what stock servers say there
  std::string sentence;                       // for a person and the log; never holds the token
  std::vector<MissingKey> missing_keys = {};  // with them the answer may be another
};
std::string_view condition_text(TokenFailure::Condition condition);  // "not-allowed", "not-authorized"

class TokenVerifier {
 public:
  explicit TokenVerifier(std::vector<Issuer> issuers);

  Result<Identity, TokenFailure> verify(std::string_view token, WallTime now) const;
  // The issuer of that name; null if there is none.
  const Issuer* issuer(std::string_view name) const;
  const std::vector<Issuer>& issuers() const { return issuers_; }

 private:
  std::vector<Issuer> issuers_;
};

}  // namespace conclave::access
