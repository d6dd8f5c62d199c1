#pragma once
// From the token that a stream shows to an Identity, however many steps that takes: keys that are not at hand are
// fetched first, a token that is good once is counted.
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "access/token.h"
#include "loop/loop.h"
#include "server/token_desk.h"

namespace conclave::server {

// One per loop.
class TokenLogin {
 public:
  using Answer = Result<access::Identity, access::TokenFailure>;
  using Reply = UniqueFunction<void(Answer)>;
  using Verifier = std::function<std::shared_ptr<const access::TokenVerifier>()>;

  // `verifier` gives the newest one that this loop has.
  TokenLogin(Loop& loop, TokenDesk& desk, Verifier verifier)
      : loop_(loop), desk_(desk), verifier_(std::move(verifier)) {}

  // `earlier`: who the stream that is to be resumed belongs to, or null; he may show a token that is good once again.
  // The reply comes at once or in a later turn.
  void check(std::string token, const access::Identity* earlier, Reply reply);
  // Who it is about, without counting it: nobody is logged in by that. One that was counted before is refused.
  void look(std::string token, Reply reply);

 private:
  using Verified = UniqueFunction<void(const access::TokenVerifier&, Answer)>;
  // By the keys that are at hand, else by those that are fetched now.
  void verify(std::string token, Verified then);
  // `counted`: hash of the token that was counted for the stream to be resumed.
  void finish(const access::TokenVerifier& verifier, Answer answer, const std::optional<std::string>& counted,
              Reply reply);
  void count(access::Identity identity, Reply reply);

  Loop& loop_;
  TokenDesk& desk_;
  Verifier verifier_;
};

}  // namespace conclave::server
