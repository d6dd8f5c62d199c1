#include "server/watched_login.h"

#include <array>
#include <utility>

namespace conclave::server {
namespace {

using access::IdentityKind;

IdentityKind kind_shown(const xmpp::StreamRequest& request, const xmpp::SaslStart& start) {
  if (start.mechanism != "ANONYMOUS") return IdentityKind::Password;
  return request.token.empty() ? IdentityKind::Guest : IdentityKind::Token;
}

// The slug; of a failure that has none (a message that cannot be read), the condition. Labels are of a fixed set,
// whatever a failure says.
std::string_view outcome_of(const xmpp::SaslFailure& failure) {
  if (!failure.slug.empty()) return failure.slug;
  static constexpr std::array<std::string_view, 5> kConditions = {
      "not-authorized", "not-allowed", "encryption-required", "malformed-request", "invalid-mechanism"};
  for (const std::string_view one : kConditions) {
    if (failure.condition == one) return one;
  }
  return "other";
}

}  // namespace

void WatchedLogin::authenticate(const xmpp::StreamRequest& request, const xmpp::SaslStart& start,
                                xmpp::AuthReply reply) {
  login_.authenticate(request, start, watched({kind_shown(request, start), request.peer.str()}, std::move(reply)));
}

xmpp::AuthReply WatchedLogin::watched(Attempt attempt, xmpp::AuthReply reply) {
  return [this, attempt = std::move(attempt), reply = std::move(reply)](xmpp::SaslOutcome outcome) mutable {
    if (auto* challenge = std::get_if<xmpp::SaslChallenge>(&outcome)) {
      challenge->next = [this, attempt, next = std::move(challenge->next)](std::string response,
                                                                           xmpp::AuthReply then) mutable {
        next(std::move(response), watched(std::move(attempt), std::move(then)));
      };
      return reply(std::move(outcome));
    }
    reply(judge(attempt, std::move(outcome)));
  };
}

xmpp::SaslOutcome WatchedLogin::judge(const Attempt& attempt, xmpp::SaslOutcome outcome) {
  if (const auto* failure = std::get_if<xmpp::SaslFailure>(&outcome)) {
    trail_.login_failed(attempt.kind, outcome_of(*failure), {}, attempt.peer);
    return outcome;
  }
  auto& let_in = std::get<xmpp::Authenticated>(outcome);
  auto* identity = std::any_cast<access::Identity>(&let_in.proof);
  if (identity == nullptr) return outcome;
  identity->proof.peer = attempt.peer;
  if (is_revoked_(*identity)) {
    const std::string_view slug = access::slug_text(access::Slug::TokenRevoked);
    trail_.login_failed(identity->kind, slug, identity->subject, attempt.peer);
    return xmpp::SaslFailure{.condition = "not-allowed", .text = "This credential has been revoked."};
  }
  trail_.logged_in(*identity, attempt.peer);
  return outcome;
}

}  // namespace conclave::server
