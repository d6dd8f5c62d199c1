#include "oidc/id_token.h"

#include <algorithm>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>

#include "access/json_check.h"
#include "access/token.h"
#include "base/base64.h"

namespace conclave::oidc {
namespace {

using Json = nlohmann::json;

auto refused(std::string problem) {
  return failure(IdTokenFailure{.problem = std::move(problem)});
}

std::optional<std::string> decoded(std::string_view part) {
  auto bytes = base64url_decode(part);
  if (!bytes || !access::strict_json(*bytes, access::kMaxTokenDepth, access::kMaxTokenMembers)) return std::nullopt;
  return bytes;
}

std::optional<std::string> text_of(const Json& object, const char* name) {
  const auto at = object.find(name);
  if (at == object.end() || !at->is_string()) return std::nullopt;
  return at->get<std::string>();
}

// NumericDate (RFC 7519 §2), fractions cut.
std::optional<WallTime> time_of(const Json& object, const char* name) {
  const auto at = object.find(name);
  if (at == object.end() || !at->is_number()) return std::nullopt;
  const double seconds = at->get<double>();
  if (!(seconds >= 0 && seconds < 1e12)) return std::nullopt;
  return WallTime(std::chrono::seconds(static_cast<std::int64_t>(seconds)));
}

bool is_for(const Json& claims, const std::string& client_id) {
  const auto audience = claims.find("aud");
  if (audience == claims.end()) return false;
  const auto party = claims.find("azp");
  if (party != claims.end() && *party != client_id) return false;
  if (audience->is_string()) return *audience == client_id;
  if (!audience->is_array()) return false;
  const bool among = std::ranges::any_of(*audience, [&](const Json& one) { return one == client_id; });
  // Several audiences need the one that asked to be named.
  return among && (audience->size() == 1 || party != claims.end());
}

std::optional<std::string> problem_of(const Json& claims, const IdTokenRules& rules, WallTime now) {
  if (text_of(claims, "iss") != rules.issuer) return "it is of another issuer";
  if (!is_for(claims, rules.client_id)) return "it is for another client";
  const auto expires = time_of(claims, "exp");
  const auto issued = time_of(claims, "iat");
  if (!expires || !issued) return "exp or iat is missing";
  if (now >= *expires + rules.leeway) return "it has expired";
  if (*issued > now + rules.leeway) return "it was issued in the future; compare the clocks";
  if (claims.contains("nbf")) {
    const auto begins = time_of(claims, "nbf");
    if (!begins || *begins > now + rules.leeway) return "it is not valid yet";
  }
  if (text_of(claims, "nonce") != rules.nonce) return "its nonce is not of this login";
  const auto subject = text_of(claims, "sub");
  if (!subject || subject->empty() || subject->size() > 255) return "sub is missing or too long";
  return std::nullopt;
}

}  // namespace

Result<std::string, IdTokenFailure> verify_id_token(std::string_view token,
                                                    const std::vector<access::VerificationKey>& keys,
                                                    const IdTokenRules& rules, WallTime now) {
  if (token.size() > access::kMaxTokenBytes) return refused("it is too long");
  const std::size_t first = token.find('.');
  const std::size_t last = token.rfind('.');
  if (first == std::string_view::npos || first == last || token.find('.', first + 1) != last)
    return refused("it is no JWS");
  const auto header_text = decoded(token.substr(0, first));
  const auto body_text = decoded(token.substr(first + 1, last - first - 1));
  const auto signature = base64url_decode(token.substr(last + 1));
  if (!header_text || !body_text || !signature) return refused("it is malformed");
  const Json header = Json::parse(*header_text, nullptr, false);
  const Json claims = Json::parse(*body_text, nullptr, false);
  if (!header.is_object() || !claims.is_object() || header.contains("crit")) return refused("it is malformed");

  const std::string algorithm = text_of(header, "alg").value_or("");
  const std::string key_id = text_of(header, "kid").value_or("");
  std::size_t checks_left = access::kMaxSignatureChecks;
  const bool is_signed = std::ranges::any_of(keys, [&](const access::VerificationKey& key) {
    if (access::is_symmetric(key.algorithm()) || access::algorithm_text(key.algorithm()) != algorithm) return false;
    if (!key_id.empty() && !key.key_id().empty() && key.key_id() != key_id) return false;
    if (checks_left == 0) return false;
    --checks_left;
    return key.verifies(token.substr(0, last), *signature);
  });
  if (!is_signed)
    return failure(IdTokenFailure{.problem = "no key of the provider has signed it", .unknown_key = true});
  if (auto problem = problem_of(claims, rules, now)) return refused(std::move(*problem));
  return *body_text;
}

}  // namespace conclave::oidc
