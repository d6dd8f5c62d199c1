#include "server/single_sign_on.h"

#include <nlohmann/json.hpp>
#include <utility>

namespace conclave::server {

SingleSignOn::SingleSignOn(UvLoop& loop, const oidc::Options& options, std::string public_url)
    : public_url_(std::move(public_url)),
      name_(options.name),
      http_(loop),
      sign_in_(loop, http_, random_, options, public_url_) {}

void SingleSignOn::add_to_config(nlohmann::json& config) const {
  // The client fills in {room} and {state}; the tenant stands in the latter alone.
  config["tokenAuthUrl"] = public_url_ + "/auth/login?room={room}&state={state}";
  config["tokenLogoutUrl"] = public_url_ + "/auth/logout";
  config["loginName"] = name_;
}

}  // namespace conclave::server
