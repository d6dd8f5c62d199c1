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

Login::Login(Loop& loop, CurrentVerifier verifier, sasl::PasswordLogin& passwords, Random& random,
             FindIdentity identity_of)
    : loop_(loop),
      verifier_(std::move(verifier)),
      passwords_(passwords),
      random_(random),
      identity_of_(std::move(identity_of)) {}

// All of them on one host, so that guests, tokens and accounts need one name (access.md 4.2).
std::vector<std::string> Login::mechanisms(const xmpp::StreamRequest& request) {
  std::vector<std::string> offered{std::string(kAnonymous)};
  for (std::string& mechanism : passwords_.mechanisms(request)) offered.push_back(std::move(mechanism));
  return offered;
}

void Login::authenticate(const xmpp::StreamRequest& request, const xmpp::SaslStart& start, xmpp::AuthReply reply) {
  const std::string username = random_.uuid();
  access::Identity identity = access::guest(username);
  // A token that is shown and bad ends the connection, also beside a password; it never makes a guest (access.md 4.2).
  if (auto refused = judge(request, identity)) return reply(*std::move(refused));
  if (start.mechanism != kAnonymous) return passwords_.begin(request, start, std::move(reply));
  (identity.authenticated() ? counters_.tokens : counters_.guests).add();
  reply(xmpp::Authenticated{.username = username, .proof = std::move(identity)});
}

// The token of the connection, if it has one; a good one says who it is.
std::optional<xmpp::SaslFailure> Login::judge(const xmpp::StreamRequest& request, access::Identity& into) {
  if (request.token.empty()) return std::nullopt;
  auto identity = verifier_().verify(request.token, loop_.wall_now());
  if (identity) {
    into = std::move(*identity);
    return std::nullopt;
  }
  counters_.tokens_refused.add();
  const access::TokenFailure& failure = identity.error();
  log::info("token refused",
            {{"reason", access::slug_text(failure.slug)}, {"peer", request.peer.str()}, {"why", failure.sentence}});
  return xmpp::SaslFailure{.condition = std::string(access::condition_text(failure.condition)), .text = failure.text};
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
