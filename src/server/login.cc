#include "server/login.h"

#include <utility>

#include "base/log.h"

namespace conclave::server {

Login::Login(Loop& loop, CurrentVerifier verifier, Random& random, FindIdentity identity_of)
    : loop_(loop), verifier_(std::move(verifier)), random_(random), identity_of_(std::move(identity_of)) {}

std::vector<std::string> Login::mechanisms(std::string_view) {
  return {"ANONYMOUS"};
}

void Login::authenticate(const xmpp::StreamRequest& request, const xmpp::SaslStart&, xmpp::AuthReply reply) {
  const std::string username = random_.uuid();
  if (request.token.empty()) {
    counters_.guests.add();
    reply(xmpp::Authenticated{.username = username, .proof = access::guest(username)});
    return;
  }
  auto identity = verifier_().verify(request.token, loop_.wall_now());
  if (identity) {
    counters_.tokens.add();
    reply(xmpp::Authenticated{.username = username, .proof = std::move(*identity)});
    return;
  }
  // A token that is shown and bad ends the connection; it never makes a guest (access.md 4.2).
  counters_.tokens_refused.add();
  const access::TokenFailure& failure = identity.error();
  log::info("token refused",
            {{"reason", access::slug_text(failure.slug)}, {"peer", request.peer.str()}, {"why", failure.sentence}});
  reply(xmpp::SaslFailure{.condition = std::string(access::condition_text(failure.condition)), .text = failure.text});
}

bool Login::may_resume(xmpp::SessionId old, const xmpp::StreamRequest& request, const xmpp::Authenticated& shown) {
  const access::Identity* identity = identity_of_(old);
  if (identity == nullptr) return false;
  if (request.token.empty()) {
    // The resumption id alone: as good as the credential that the stream began with, so no longer than that.
    return !identity->scope.until || loop_.wall_now() < *identity->scope.until;
  }
  const auto* fresh = std::any_cast<access::Identity>(&shown.proof);
  if (fresh == nullptr) return false;
  return !identity->authenticated() || identity->subject == fresh->subject;
}

}  // namespace conclave::server
