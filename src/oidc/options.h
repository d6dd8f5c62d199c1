#pragma once
// What an operator says about the provider. A value; the secret is never logged.
#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace conclave::oidc {

inline constexpr std::string_view kTokenIssuer = "conclave-oidc";  // iss and aud of the tokens that a login gives

// A room outside tenants needs a `sub` that opens no tenant: it is longer than a tenant's name may be.
inline constexpr std::string_view kNoTenant = "rooms-without-a-tenant-of-this-installation-logged-in-by-openid-connect";

struct Options {
  std::string issuer{};  // exactly as the provider's metadata says it
  std::string client_id{};
  std::string client_secret{};  // empty: a public client, which PKCE alone protects
  std::string scopes = "openid profile email";
  std::string host_claim{};                // whose values make a host; dots lead into objects; empty: policy decides
  std::vector<std::string> host_values{};  // one of them is enough
  std::string ca_file{};                   // trusted instead of the system's roots; empty: the system's
  std::string name = "your organisation";  // how pages call the provider
  std::chrono::seconds token_life{3600};
  std::string token_secret{};  // of this installation, for the tokens that we mint
};

}  // namespace conclave::oidc
