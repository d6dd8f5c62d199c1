#include "server/login.h"

#include <utility>

#include "base/log.h"

namespace conclave::server {
namespace {

constexpr std::string_view kAnonymous = "ANONYMOUS";

bool by_password(const access::Identity& identity) {
  return identity.authenticated() && identity.kind != access::IdentityKind::Token;
}

}  // namespace

Login::Login(Loop& loop, TokenLogin tokens, sasl::PasswordLogin& passwords, Random& random, FindIdentity identity_of,
             FindEarlier earlier)
    : loop_(loop),
      tokens_(std::move(tokens)),
      passwords_(passwords),
      random_(random),
      identity_of_(std::move(identity_of)),
      earlier_(std::move(earlier)) {}

// All of them on one host, so that guests, tokens and accounts need one name (access.md 4.2).
std::vector<std::string> Login::mechanisms(const xmpp::StreamRequest& request) {
  std::vector<std::string> offered{std::string(kAnonymous)};
  for (std::string& mechanism : passwords_.mechanisms(request)) offered.push_back(std::move(mechanism));
  return offered;
}

void Login::authenticate(const xmpp::StreamRequest& request, const xmpp::SaslStart& start, xmpp::AuthReply reply) {
  std::string username = random_.uuid();
  if (request.token.empty()) {
    access::Identity identity = access::guest(username);
    return proceed(request, start, std::move(username), std::move(identity), std::move(reply));
  }
  // The keys may have to be fetched first; the stream may be gone by then, which a reply takes.
  tokens_.check(
      request.token, earlier_(request.previd),
      [this, request, start, username = std::move(username), reply = std::move(reply)](auto identity) mutable {
        // A token that is shown and bad ends the connection, also beside a password; it never makes a guest
        // (access.md 4.2).
        if (!identity) return reply(refused(request, identity.error()));
        proceed(request, start, std::move(username), std::move(*identity), std::move(reply));
      });
}

void Login::proceed(const xmpp::StreamRequest& request, const xmpp::SaslStart& start, std::string username,
                    access::Identity identity, xmpp::AuthReply reply) {
  if (start.mechanism != kAnonymous) return passwords_.begin(request, start, std::move(reply));
  reply(xmpp::Authenticated{.username = std::move(username), .proof = std::move(identity)});
}

xmpp::SaslFailure Login::refused(const xmpp::StreamRequest& request, const access::TokenFailure& failure) {
  log::info("token refused",
            {{"reason", access::slug_text(failure.slug)}, {"peer", request.peer.str()}, {"why", failure.sentence}});
  return {.condition = std::string(access::condition_text(failure.condition)),
          .text = failure.text,
          .slug = access::slug_text(failure.slug)};
}

bool Login::may_resume(xmpp::SessionId old, const xmpp::StreamRequest& request, const xmpp::Authenticated& shown) {
  const access::Identity* identity = identity_of_(old);
  const auto* fresh = std::any_cast<access::Identity>(&shown.proof);
  if (identity == nullptr || fresh == nullptr) return false;
  // Who logged in by password logs in again: a locked account resumes nothing, and nobody becomes it or leaves it.
  if (by_password(*identity) || by_password(*fresh)) return identity->subject == fresh->subject;
  if (request.token.empty()) {
    // The resumption id alone: as good as the credential that the stream began with, so no longer than that.
    return !identity->scope.until || loop_.wall_now() < *identity->scope.until;
  }
  return !identity->authenticated() || identity->subject == fresh->subject;
}

}  // namespace conclave::server
