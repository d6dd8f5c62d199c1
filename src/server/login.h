#pragma once
// Where a stream's credential becomes an Identity: the one user of access' verifier on the way in.
#include <functional>
#include <optional>

#include "access/identity.h"
#include "access/token.h"
#include "base/random.h"
#include "loop/loop.h"
#include "sasl/password_login.h"
#include "server/token_login.h"
#include "xmpp/authenticator.h"

namespace conclave::server {

// One per loop.
class Login final : public xmpp::Authenticator {
 public:
  using FindIdentity = std::function<const access::Identity*(xmpp::SessionId)>;
  // `identity_of` gives the identity of a session of this loop; null if it has none. `earlier` the same for the stream
  // that a resumption id names. `passwords` is of the same loop and outlives this.
  using FindEarlier = std::function<const access::Identity*(std::string_view)>;
  Login(Loop& loop, TokenLogin tokens, sasl::PasswordLogin& passwords, Random& random, FindIdentity identity_of,
        FindEarlier earlier);

  std::vector<std::string> mechanisms(const xmpp::StreamRequest& request) override;
  void authenticate(const xmpp::StreamRequest& request, const xmpp::SaslStart& start, xmpp::AuthReply reply) override;
  bool may_resume(xmpp::SessionId old, const xmpp::StreamRequest& request, const xmpp::Authenticated& shown) override;

 private:
  void proceed(const xmpp::StreamRequest& request, const xmpp::SaslStart& start, std::string username,
               access::Identity identity, xmpp::AuthReply reply);
  xmpp::SaslFailure refused(const xmpp::StreamRequest& request, const access::TokenFailure& failure);

  Loop& loop_;
  TokenLogin tokens_;
  sasl::PasswordLogin& passwords_;
  Random& random_;
  FindIdentity identity_of_;
  FindEarlier earlier_;
};

}  // namespace conclave::server
