#pragma once
// What a provider says about itself (OpenID Connect Discovery 1.0 §3). Pure; any thread.
#include <string>
#include <string_view>

#include "base/result.h"

namespace conclave::oidc {

struct Metadata {
  std::string issuer{};
  std::string authorization_endpoint{};
  std::string token_endpoint{};
  std::string jwks_uri{};
  std::string userinfo_endpoint{};     // "": there is none
  std::string end_session_endpoint{};  // "": there is none
  bool secret_in_body = false;         // client_secret_post is taken and client_secret_basic is not
  bool names_itself = false;           // the way back always carries iss (RFC 9207)
};

// The error is a sentence for the operator. A document of another issuer, and plain http under an issuer with https,
// are refused.
Result<Metadata, std::string> read_metadata(std::string_view body, std::string_view issuer);

// Where the document is: <issuer>/.well-known/openid-configuration.
std::string metadata_url(std::string_view issuer);

}  // namespace conclave::oidc
