#include "oidc/metadata.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "net/http_url.h"

namespace conclave::oidc {
namespace {

using Json = nlohmann::json;

std::string text_of(const Json& object, const char* name) {
  const auto at = object.find(name);
  return at != object.end() && at->is_string() ? at->get<std::string>() : std::string();
}

bool is_usable(const std::string& url, bool must_be_tls) {
  const auto parts = parse_http_url(url);
  return parts && !parts->has_fragment && !parts->has_user && (!must_be_tls || parts->scheme == "https");
}

bool lists(const Json& object, const char* name, std::string_view wanted) {
  const auto at = object.find(name);
  return at != object.end() && at->is_array() &&
         std::ranges::any_of(*at, [&](const Json& one) { return one == wanted; });
}

}  // namespace

std::string metadata_url(std::string_view issuer) {
  if (issuer.ends_with('/')) issuer.remove_suffix(1);
  return std::string(issuer) + "/.well-known/openid-configuration";
}

Result<Metadata, std::string> read_metadata(std::string_view body, std::string_view issuer) {
  const Json json = Json::parse(body, nullptr, false);
  if (!json.is_object()) return failure(std::string("the metadata is no JSON object"));
  Metadata metadata;
  metadata.issuer = text_of(json, "issuer");
  if (metadata.issuer != issuer)
    return failure("the metadata is of another issuer; CONCLAVE_OIDC_ISSUER must be exactly what it says there");
  const bool must_be_tls = issuer.starts_with("https://");
  const auto take = [&](const char* name, std::string& out, bool needed) {
    out = text_of(json, name);
    if (out.empty()) return !needed;
    return is_usable(out, must_be_tls);
  };
  if (!take("authorization_endpoint", metadata.authorization_endpoint, true) ||
      !take("token_endpoint", metadata.token_endpoint, true) || !take("jwks_uri", metadata.jwks_uri, true) ||
      !take("userinfo_endpoint", metadata.userinfo_endpoint, false) ||
      !take("end_session_endpoint", metadata.end_session_endpoint, false)) {
    return failure(std::string("the metadata names an endpoint that is missing, or none that may be used"));
  }
  constexpr const char* kMethods = "token_endpoint_auth_methods_supported";  // absent: basic is the default
  metadata.secret_in_body =
      lists(json, kMethods, "client_secret_post") && !lists(json, kMethods, "client_secret_basic");
  const auto named = json.find("authorization_response_iss_parameter_supported");
  metadata.names_itself = named != json.end() && *named == true;
  return metadata;
}

}  // namespace conclave::oidc
