// The part of Sessions that proves who somebody is.
#include "xmpp/session_state.h"

namespace conclave::xmpp {

void Sessions::on(Connection& connection, stream_event::WantsAuthentication event) {
  connection.mechanism = event.start.mechanism;
  authenticator_.authenticate(connection.request, event.start, reply_to(connection));
}

void Sessions::on(Connection& connection, stream_event::WantsNextStep event) {
  auto next = std::move(connection.next_step);
  if (CONCLAVE_BUG_IF(!next)) return connection.stream.refuse({"temporary-auth-failure"});
  next(std::move(event.response), reply_to(connection));
}

AuthReply Sessions::reply_to(Connection& connection) {
  return [this, alive = std::weak_ptr(alive_), id = connection.id, login = ++connection.login](SaslOutcome outcome) {
    if (alive.expired()) return;
    assert_here();
    Connection* asked = find(id);
    if (asked == nullptr || asked->login != login) return;
    ++asked->login;  // a second reply to the same question says nothing either
    conclude(*asked, std::move(outcome));
    drain(id);
  };
}

void Sessions::conclude(Connection& connection, SaslOutcome outcome) {
  if (auto* challenge = std::get_if<SaslChallenge>(&outcome)) {
    connection.next_step = std::move(challenge->next);
    return connection.stream.challenge(challenge->data);
  }
  if (const auto* refused = std::get_if<SaslFailure>(&outcome)) {
    counters_.login_failures.add();
    return connection.stream.refuse(*refused);
  }
  connection.shown = std::get<Authenticated>(std::move(outcome));
  // Only anonymous user names are ours to choose. The secret in previd names the session, the credential still has to
  // fit it.
  if (connection.mechanism == "ANONYMOUS") {
    if (Session* old = resumable(connection.request.previd, connection)) connection.shown.username = old->jid.node;
  }
  counters_.logins.add();
  connection.stream.authenticated(connection.shown.username, connection.shown.additional_data);
  const bool in = connection.stream.state() == Stream::State::Reopening;
  if (in && connection.transport != nullptr) connection.transport->logged_in();
}

std::optional<SessionId> Sessions::session_named_by(std::string_view resumption_id) const {
  const auto found = by_resumption_id_.find(std::string(resumption_id));
  return found == by_resumption_id_.end() ? std::nullopt : std::optional(found->second);
}

Sessions::Session* Sessions::resumable(std::string_view resumption_id, const Connection& by) {
  const auto found = by_resumption_id_.find(std::string(resumption_id));
  if (found == by_resumption_id_.end()) return nullptr;
  Session* session = find(found->second);
  if (CONCLAVE_BUG_IF(session == nullptr) || session->jid.domain != by.stream.domain()) return nullptr;
  return authenticator_.may_resume(session->id, by.request, by.shown) ? session : nullptr;
}

}  // namespace conclave::xmpp
