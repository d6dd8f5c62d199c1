#include "access/token.h"

#include <algorithm>

#include "access/token_claims.h"
#include "base/base64.h"

namespace conclave::access {
namespace {

using Condition = TokenFailure::Condition;

TokenFailure fail(Slug slug, std::string text, std::string sentence, Condition condition = Condition::NotAllowed) {
  return {slug, condition, std::move(text), std::move(sentence)};
}

TokenFailure malformed(std::string text) {
  return fail(Slug::TokenMalformed, std::move(text), "The token is not a well-formed JSON Web Token.");
}

TokenFailure wrong_type(const ClaimError& error) {
  if (error.claim.empty()) return malformed("Invalid token");
  const bool time = error.claim == "exp" || error.claim == "nbf";
  return fail(Slug::TokenMalformed, time ? error.claim + " must be number" : "Invalid token",
              "The token's claim " + error.claim + " has a value of the wrong kind.");
}

struct Parts {
  TokenHeader header;
  std::string body;
  std::string_view signed_text;
  std::string signature;
};

// RFC 7515 §7.1: three base64url texts with exactly two dots between them.
Result<Parts, TokenFailure> take_apart(std::string_view token) {
  if (token.size() > kMaxTokenBytes || std::ranges::count(token, '.') != 2)
    return failure(malformed("bad token format"));
  const std::size_t first = token.find('.');
  const std::size_t second = token.rfind('.');
  const auto header_json = base64url_decode(token.substr(0, first));
  auto body = base64url_decode(token.substr(first + 1, second - first - 1));
  auto signature = base64url_decode(token.substr(second + 1));
  if (!header_json || !body || !signature) return failure(malformed("bad token format"));
  auto header = read_header(*header_json);
  if (!header) return failure(wrong_type(header.error()));
  return Parts{*std::move(header), *std::move(body), token.substr(0, second), *std::move(signature)};
}

bool is_jwt(std::string_view type) {
  const auto same = [](char a, char b) { return a == b || a == b - 'A' + 'a'; };
  return std::ranges::equal(std::string_view("jwt"), type, same);
}

std::optional<TokenFailure> header_objection(const TokenHeader& header) {
  if (header.type && !is_jwt(*header.type)) return malformed("Invalid typ");
  if (header.critical) {
    return fail(Slug::TokenMalformed, "Invalid token",
                "The token demands an extension (crit) that this server does not know.");
  }
  if (!header.algorithm) {
    return fail(Slug::TokenAlgorithm, "'alg' claim is missing", "The token does not say how it is signed.");
  }
  return std::nullopt;
}

bool accepts(const std::vector<std::string>& list, std::string_view value) {
  return std::ranges::any_of(list, [&](const std::string& one) { return one == "*" || one == value; });
}

bool names(const std::vector<std::string>& list, std::string_view value) {
  return std::ranges::find(list, value) != list.end();
}

// "*" stands for any issuer but those that have keys of their own here (access.md A6).
bool may_speak_as(const Issuer& issuer, std::string_view name, const std::vector<Issuer>& all) {
  if (names(issuer.accepted_issuers, name)) return true;
  return names(issuer.accepted_issuers, "*") &&
         std::ranges::none_of(all, [&](const Issuer& other) { return names(other.accepted_issuers, name); });
}

// iss, aud, exp, nbf, and that sub and room are there: access.md 1.2.
std::optional<TokenFailure> claim_objection(const TokenClaims& claims, const Issuer& issuer,
                                            const std::vector<Issuer>& all, WallTime now) {
  if (!claims.issuer) return fail(Slug::TokenIssuer, "'iss' claim is missing", "The token does not say who issued it.");
  if (!may_speak_as(issuer, *claims.issuer, all)) {
    return fail(Slug::TokenIssuer, "invalid 'iss' claim", "The token's issuer is not one that this server accepts.");
  }
  if (!claims.audience)
    return fail(Slug::TokenAudience, "'aud' claim is missing", "The token does not say for whom it is.");
  const bool for_anybody = names(issuer.accepted_audiences, "*");
  const bool for_us = for_anybody || std::ranges::any_of(*claims.audience, [&](const auto& one) {
                        return accepts(issuer.accepted_audiences, one);
                      });
  if (!for_us) return fail(Slug::TokenAudience, "invalid 'aud' claim", "The token is for another service.");
  if (!claims.subject) {
    return fail(Slug::TokenMalformed, "sub claim is missing", "The token lacks the claim sub.",
                Condition::NotAuthorized);
  }
  if (!claims.room && issuer.require_room) {
    return fail(Slug::TokenMalformed, "room claim is missing", "The token names no room.", Condition::NotAuthorized);
  }
  if (issuer.single_use && claims.token_id.empty()) {
    return fail(Slug::TokenMalformed, "jti claim is missing", "The token has no id (jti), and may be used only once.",
                Condition::NotAuthorized);
  }
  if (!claims.expires && (issuer.require_exp || issuer.single_use))
    return fail(Slug::TokenMalformed, "exp must be number", "The token never expires.");
  if (claims.expires && now >= WallTime(std::chrono::seconds(*claims.expires)) + issuer.leeway) {
    return fail(Slug::TokenExpired, "Not acceptable by exp (" + std::to_string(*claims.expires) + ")",
                "The token has expired.");
  }
  if (claims.not_before && now < WallTime(std::chrono::seconds(*claims.not_before)) - issuer.leeway) {
    return fail(Slug::TokenNotYet, "Not acceptable by nbf", "The token is not valid yet.");
  }
  return std::nullopt;
}

// The room claim, in the one canonical form or as a pattern. A claim that can be no room's name covers none.
void set_rooms(const TokenClaims& claims, const Issuer& issuer, Scope& scope) {
  scope.rooms = Scope::Rooms::None;
  scope.claim = claims.room.value_or("");
  if (!claims.room) {
    scope.rooms = Scope::Rooms::All;
  } else if (*claims.room == "*") {
    scope.rooms = issuer.allow_any_room ? Scope::Rooms::All : Scope::Rooms::None;
  } else if (claims.room_is_pattern) {
    if (auto pattern = LuaPattern::compile(*claims.room)) {
      scope.rooms = Scope::Rooms::Pattern;
      scope.pattern = *std::move(pattern);
    }
  } else if (const auto room = canonical_room(*claims.room)) {
    scope.rooms = Scope::Rooms::Exact;
    scope.name = room->name();
  }
}

// access.md 4.9: a tenant's room needs the token to name the tenant or *, always; others need sub only under domain
// verification.
void set_tenants(const TokenClaims& claims, const Issuer& issuer, Scope& scope) {
  scope.without_tenant = !issuer.verify_domain;
  for (const std::string* said : {&*claims.subject, &claims.tenant}) {
    if (*said == "*") scope.any_tenant = true;
    auto tenant = canonical_tenant(*said);
    if (tenant) scope.tenants.insert(*std::move(tenant));
  }
  if (*claims.subject == "*") scope.without_tenant = true;
  const auto subject = canonical_part(*claims.subject, kMaxRoomNameBytes);
  if (subject && std::ranges::find(issuer.own_names, *subject) != issuer.own_names.end()) scope.without_tenant = true;
}

std::string escaped(std::string_view part) {
  std::string out;
  for (const char c : part) {
    if (c == '/' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

// Stable for a person, different for every issuer: the parts are escaped, so that no id can look like another issuer's.
std::string subject_key(const TokenClaims& claims, const Issuer& issuer, std::string_view token_hash) {
  const std::string origin = "token:" + escaped(issuer.name) + "/" + escaped(*claims.issuer) + "/";
  if (claims.display.user_id.empty()) return origin + "#" + std::string(token_hash);
  const std::string& tenant = claims.tenant.empty() ? *claims.subject : claims.tenant;
  return origin + escaped(tenant) + "/" + escaped(claims.display.user_id);
}

Identity identity_of(const TokenClaims& claims, const Issuer& issuer, const VerificationKey& key,
                     std::string_view token) {
  Identity identity;
  identity.kind = IdentityKind::Token;
  const std::string token_hash = sha256_hex(token);
  identity.subject = subject_key(claims, issuer, token_hash);
  identity.scope = Scope{};
  set_rooms(claims, issuer, identity.scope);
  set_tenants(claims, issuer, identity.scope);
  if (claims.not_before) identity.scope.from = WallTime(std::chrono::seconds(*claims.not_before)) - issuer.leeway;
  if (claims.expires) identity.scope.until = WallTime(std::chrono::seconds(*claims.expires)) + issuer.leeway;
  identity.claimed_role = claims.role;
  // Of the other issuers nobody is moderator without a word (docker's JWT_ACCEPTED_ALLOWNER_ISSUERS).
  std::string role_claim = claims.role_claim;
  if (claims.role == ClaimedRole::Unsaid && !issuer.moderator_issuers.empty() &&
      !accepts(issuer.moderator_issuers, *claims.issuer)) {
    identity.claimed_role = ClaimedRole::Participant;
    role_claim = "iss=" + *claims.issuer;
  }
  identity.features = claims.features;
  identity.lobby_bypass = claims.lobby_bypass;
  identity.password_bypass = claims.security_bypass;
  identity.user_lobby = claims.user_lobby;
  identity.hidden_from_recorder = claims.hidden_from_recorder;
  identity.room_wishes = claims.room_wishes;
  identity.display = claims.display;
  identity.proof = {.via = Proof::Via::Bearer,
                    .ticket = Proof::Ticket::None,
                    .issuer = issuer.name,
                    .key_id = key.key_id(),
                    .jti = claims.token_id,
                    .role_claim = role_claim,
                    .token_hash = token_hash,
                    .giver = claims.giver};
  if (claims.issued_at) identity.proof.issued_at = WallTime(std::chrono::seconds(*claims.issued_at));
  return identity;
}

// Finds the keys that may have signed, and says what was missing if there are none. A header may only choose among
// pinned keys: jwk, jku, x5u and x5c are never looked at.
class KeySearch {
 public:
  explicit KeySearch(const Parts& parts) : parts_(parts), algorithm_(algorithm_named(*parts.header.algorithm)) {}

  bool signed_by(const VerificationKey& key, const Issuer& issuer) {
    if (key.algorithm() != algorithm_) return false;
    // A key server's keys have names, and answer to them only.
    if (issuer.key_id_required && !key.key_id().empty() && !parts_.header.key_id) return false;
    algorithm_known_ = true;
    if (!key.key_id().empty() && parts_.header.key_id && *parts_.header.key_id != key.key_id()) return false;
    key_known_ = true;
    return checks_left_ > 0 && checks_left_-- > 0 && key.verifies(parts_.signed_text, parts_.signature);
  }

  // No key of `issuer` has signed; it may have others. Its name in the token only says whom to ask.
  void may_be_of(const Issuer& issuer) {
    if (!issuer.more_keys || !algorithm_ || is_symmetric(*algorithm_)) return;
    const auto& key_id = parts_.header.key_id;
    const auto& allowed = issuer.algorithms;
    if (!allowed.empty() && std::ranges::find(allowed, *algorithm_) == allowed.end()) return;
    // A key that is at hand under that name has said no.
    if (key_id && std::ranges::find(issuer.keys, *key_id, &VerificationKey::key_id) != issuer.keys.end()) return;
    if (issuer.key_id_required && !key_id) {
      key_id_lacks_ = true;
      return;
    }
    if (!claimed_issuer_) claimed_issuer_ = read_claims(parts_.body).value_or(TokenClaims{}).issuer.value_or("");
    if (!claimed_issuer_->empty() && accepts(issuer.accepted_issuers, *claimed_issuer_))
      missing_.push_back({issuer.name, key_id.value_or("")});
  }

  TokenFailure nobody() const {
    TokenFailure failure = said();
    failure.missing_keys = missing_;
    return failure;
  }

 private:
  TokenFailure said() const {
    if (key_id_lacks_ && !key_known_) {
      return fail(Slug::TokenKeyUnknown, "'kid' claim is missing",
                  "The token does not name its key (kid), and keys are looked up by their name.");
    }
    if (!algorithm_known_ && missing_.empty()) {
      return fail(Slug::TokenAlgorithm, "Invalid or incorrect alg",
                  "The token is signed in a way that no configured key allows.");
    }
    if (!key_known_)
      return fail(Slug::TokenKeyUnknown, "could not obtain public key",
                  "The token names a key that is not configured.");
    return fail(Slug::TokenSignature, "Invalid signature", "The token's signature is wrong.");
  }

  const Parts& parts_;
  std::optional<Algorithm> algorithm_;
  bool algorithm_known_ = false;
  bool key_known_ = false;
  bool key_id_lacks_ = false;
  std::size_t checks_left_ = kMaxSignatureChecks;
  std::optional<std::string> claimed_issuer_;
  std::vector<MissingKey> missing_;
};

}  // namespace

std::string_view condition_text(Condition condition) {
  return condition == Condition::NotAllowed ? "not-allowed" : "not-authorized";
}

TokenVerifier::TokenVerifier(std::vector<Issuer> issuers) : issuers_(std::move(issuers)) {}

const Issuer* TokenVerifier::issuer(std::string_view name) const {
  const auto found = std::ranges::find(issuers_, name, &Issuer::name);
  return found == issuers_.end() ? nullptr : &*found;
}

Result<Identity, TokenFailure> TokenVerifier::verify(std::string_view token, WallTime now) const {
  const auto parts = take_apart(token);
  if (!parts) return failure(parts.error());
  if (auto objection = header_objection(parts->header)) return failure(*std::move(objection));

  KeySearch search(*parts);
  std::optional<TokenFailure> first_objection;
  for (const Issuer& issuer : issuers_) {
    const auto key =
        std::ranges::find_if(issuer.keys, [&](const VerificationKey& one) { return search.signed_by(one, issuer); });
    if (key == issuer.keys.end()) {
      search.may_be_of(issuer);
      continue;
    }
    const auto claims = read_claims(parts->body);
    if (!claims) return failure(wrong_type(claims.error()));
    auto objection = claim_objection(*claims, issuer, issuers_, now);
    if (!objection) return identity_of(*claims, issuer, *key, token);
    // Two issuers may share a key: the token must satisfy one of them wholly.
    if (!first_objection) first_objection = std::move(objection);
  }
  return failure(first_objection ? *first_objection : search.nobody());
}

}  // namespace conclave::access
