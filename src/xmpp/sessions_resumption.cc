// The part of Sessions that is XEP-0198: acknowledgements, and sessions that move to a new connection.
#include "xmpp/session_state.h"

namespace conclave::xmpp {

void Sessions::on(Connection& connection, stream_event::WantsEnable event) {
  Session* session = find(connection.session);
  if (CONCLAVE_BUG_IF(session == nullptr)) return;
  if (session->management.enabled()) return connection.stream.send(sm_failed_frame("unexpected-request"));
  std::string id = event.resume ? make_resumption_id(loop().id(), random_) : std::string();
  connection.stream.send(sm_enabled_frame(id, options_.hibernation));
  if (!id.empty()) by_resumption_id_.emplace(id, session->id);
  session->management.enable(std::move(id));
}

bool Sessions::allows_control(Connection& connection, Session& session) {
  if (session.throttle.control(loop().now())) return true;
  connection.stream.fail({"policy-violation", "Rate limit exceeded"});
  return false;
}

void Sessions::on(Connection& connection, stream_event::AckRequested) {
  Session* session = find(connection.session);
  if (CONCLAVE_BUG_IF(session == nullptr) || !allows_control(connection, *session)) return;
  connection.stream.send(session->management.enabled() ? sm_ack_frame(session->management.received())
                                                       : sm_failed_frame("unexpected-request"));
}

void Sessions::on(Connection& connection, stream_event::Ack event) {
  Session* session = find(connection.session);
  if (CONCLAVE_BUG_IF(session == nullptr) || !allows_control(connection, *session)) return;
  if (session->management.enabled()) take_ack(connection, *session, event.h);
}

void Sessions::take_ack(Connection& connection, Session& session, std::uint32_t h) {
  if (session.management.acknowledged(h) == StreamManagement::Ack::Fine) return;
  Element detail("handled-count-too-high", kSmNamespace);  // XEP-0198 §4
  detail.set("h", std::to_string(h)).set("send-count", std::to_string(session.management.sent_count()));
  connection.stream.fail({"undefined-condition", "More was acknowledged than was sent", {detail}});
}

void Sessions::on(Connection& connection, stream_event::WantsResume event) {
  Session* session = resumable(event.previd, connection);
  // Over TCP a guest cannot name his session before he resumes it: he was given another user name meanwhile.
  const bool named_by_us =
      connection.mechanism == "ANONYMOUS" && connection.request.previd.empty() && connection.request.token.empty();
  if (session == nullptr || (!named_by_us && session->jid.node != connection.stream.username()) ||
      session->management.acknowledged(event.h) == StreamManagement::Ack::TooHigh) {
    counters_.resumes_refused.add();
    // Not what was wrong: a guessed id and a foreign one look the same.
    return connection.stream.refuse_resume("item-not-found");
  }
  resume(connection, *session);
}

void Sessions::resume(Connection& connection, Session& session) {
  const ConnectionId id = connection.id;
  const ConnectionId old = std::exchange(session.connection, id);
  if (old == ConnectionId{}) {
    --hibernated_;
  } else if (Connection* replaced = find(old)) {
    replaced->session = SessionId{};  // so that its end is not the session's
    fail(old, {"conflict", "Replaced by a new connection"});
  }
  session.hibernation.cancel();
  connection.session = session.id;
  arrived(connection);
  counters_.sessions_resumed.add();

  connection.stream.resumed(session.management.resumption_id(), session.management.received());
  for (const std::string& stanza : session.management.unacked()) connection.stream.send(stanza);
  session.management.moved();
  if (session.management.take_request()) connection.stream.send(std::string(kSmRequestFrame));
  flush(connection);
  handler_.session_resumed(session.id, connection.request, connection.shown.proof);
}

}  // namespace conclave::xmpp
