#pragma once
// Logging in at an OpenID Connect provider, joined to this server: its HTTP client, its journey, and what stock clients
// are told.
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "base/random.h"
#include "net/http_client.h"
#include "oidc/sign_in.h"

namespace conclave::server {

// Lives on loop 0, like the HTTP servers.
class SingleSignOn {
 public:
  // `options` outlive this; `public_url` has no slash at the end.
  SingleSignOn(UvLoop& loop, const oidc::Options& options, std::string public_url);

  void request(const HttpRequest& request, oidc::SignIn::Reply reply) { sign_in_.request(request, std::move(reply)); }
  const oidc::SignInCounters& counters() const { return sign_in_.counters(); }

  // tokenAuthUrl and tokenLogoutUrl (signalling.md 4.4 d), into the object of config.js.
  void add_to_config(nlohmann::json& config) const;

 private:
  std::string public_url_;
  std::string name_;
  SystemRandom random_;
  HttpClient http_;
  oidc::SignIn sign_in_;
};

}  // namespace conclave::server
