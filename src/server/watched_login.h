#pragma once
// Stands before the login: what it let in is held against the revocations, and every outcome is counted and audited.
#include <functional>

#include "access/revocation.h"
#include "server/trail.h"
#include "xmpp/authenticator.h"

namespace conclave::server {

// One per loop, on it. `login` and `trail` outlive it.
class WatchedLogin final : public xmpp::Authenticator {
 public:
  using IsRevoked = std::function<bool(const access::Identity&)>;
  WatchedLogin(xmpp::Authenticator& login, Trail& trail, IsRevoked is_revoked)
      : login_(login), trail_(trail), is_revoked_(std::move(is_revoked)) {}

  std::vector<std::string> mechanisms(const xmpp::StreamRequest& request) override {
    return login_.mechanisms(request);
  }
  void authenticate(const xmpp::StreamRequest& request, const xmpp::SaslStart& start, xmpp::AuthReply reply) override;
  bool may_resume(xmpp::SessionId old, const xmpp::StreamRequest& request, const xmpp::Authenticated& shown) override {
    return login_.may_resume(old, request, shown);
  }

 private:
  struct Attempt {
    access::IdentityKind kind = access::IdentityKind::Guest;  // of what was shown
    std::string peer;
  };
  xmpp::AuthReply watched(Attempt attempt, xmpp::AuthReply reply);
  xmpp::SaslOutcome judge(const Attempt& attempt, xmpp::SaslOutcome outcome);

  xmpp::Authenticator& login_;
  Trail& trail_;
  IsRevoked is_revoked_;
};

}  // namespace conclave::server
