#pragma once
// Where a stream's credential becomes an Identity: the one user of access' verifier on the way in.
#include <functional>
#include <optional>

#include "access/identity.h"
#include "access/token.h"
#include "base/counter.h"
#include "base/random.h"
#include "loop/loop.h"
#include "sasl/password_login.h"
#include "xmpp/authenticator.h"

namespace conclave::server {

struct LoginCounters {
  Counter guests;
  Counter tokens;
  Counter tokens_refused;
};

// One per loop.
class Login final : public xmpp::Authenticator {
 public:
  using FindIdentity = std::function<const access::Identity*(xmpp::SessionId)>;
  // The verifier in force now, good until the end of the turn.
  using CurrentVerifier = std::function<const access::TokenVerifier&()>;
  // `identity_of` gives the identity of a session of this loop; null if it has none.
  // `passwords` is of the same loop and outlives this.
  Login(Loop& loop, CurrentVerifier verifier, sasl::PasswordLogin& passwords, Random& random,
        FindIdentity identity_of);

  std::vector<std::string> mechanisms(const xmpp::StreamRequest& request) override;
  void authenticate(const xmpp::StreamRequest& request, const xmpp::SaslStart& start, xmpp::AuthReply reply) override;
  bool may_resume(xmpp::SessionId old, const xmpp::StreamRequest& request, const xmpp::Authenticated& shown) override;

  const LoginCounters& counters() const { return counters_; }

 private:
  std::optional<xmpp::SaslFailure> judge(const xmpp::StreamRequest& request, access::Identity& into);

  Loop& loop_;
  CurrentVerifier verifier_;
  sasl::PasswordLogin& passwords_;
  Random& random_;
  FindIdentity identity_of_;
  LoginCounters counters_;
};

}  // namespace conclave::server
