#include "xmpp/sessions.h"

#include <utility>
#include <vector>

#include "base/log.h"
#include "base/network.h"
#include "xmpp/session_state.h"
#include "xmpp/stanza_check.h"

namespace conclave::xmpp {
namespace {

SessionEnd end_for(const stream_event::Ended& ended) {
  if (ended.by == stream_event::Ended::By::Client) return SessionEnd::Closed;
  if (ended.condition == "conflict") return SessionEnd::Replaced;
  if (ended.condition == "system-shutdown") return SessionEnd::ServerStop;
  return SessionEnd::PolicyViolation;
}

}  // namespace

Sessions::Sessions(Loop& loop, Authenticator& authenticator, StanzaHandler& handler, Random& random,
                   SessionsOptions options)
    : Pinned(loop), authenticator_(authenticator), handler_(handler), random_(random), options_(std::move(options)) {
  CONCLAVE_CHECK(!options_.stream.domains.empty());
}

Sessions::~Sessions() = default;

Sessions::Connection* Sessions::find(ConnectionId id) {
  const auto found = connections_.find(id);
  return found == connections_.end() ? nullptr : found->second.get();
}

bool Sessions::is_bound(ConnectionId id) const {
  const auto found = connections_.find(id);
  return found != connections_.end() && found->second->session != SessionId{};
}

Sessions::Session* Sessions::find(SessionId id) {
  const auto found = sessions_.find(id);
  return found == sessions_.end() ? nullptr : found->second.get();
}

ConnectionId Sessions::connected(Transport& transport, StreamRequest request) {
  assert_here();
  const ConnectionId id{next_connection_++};
  auto made = std::make_unique<Connection>(id, transport, std::move(request), Stream(options_.stream, random_));
  Connection& connection = *made;
  const std::string network = network_of(connection.request.peer);
  const bool full = connections_.size() >= options_.max_connections;
  connections_.emplace(id, std::move(made));
  if (stopping_) {
    fail(id, {"system-shutdown"});
    return id;
  }
  if (full) {
    counters_.connections_refused.add();
    fail(id, {"resource-constraint"});
    return id;
  }
  counters_.connections_opened.add();
  make_place_in(network);
  unbound_of_[network].insert(id);
  connection.network = network;
  connection.handshake = loop().after(options_.handshake_timeout, [this, id] {
    counters_.handshake_timeouts.add();
    fail(id, {"connection-timeout"});
  });
  return id;
}

template <class Take>
void Sessions::into_stream(ConnectionId id, Take take) {
  assert_here();
  Connection* connection = find(id);
  if (connection == nullptr) return;
  take(connection->stream);
  drain(id);
}

void Sessions::opened(ConnectionId id, const StreamOpening& opening) {
  into_stream(id, [&](Stream& stream) { stream.open(opening); });
}

void Sessions::received(ConnectionId id, Element element) {
  into_stream(id, [&](Stream& stream) { stream.receive(std::move(element)); });
}

void Sessions::unreadable(ConnectionId id, ParseError error) {
  into_stream(id, [&](Stream& stream) { stream.fail({std::string(condition(error))}); });
}

void Sessions::finished(ConnectionId id) {
  into_stream(id, [](Stream& stream) { stream.finish(); });
}

void Sessions::lost(ConnectionId id) {
  assert_here();
  Connection* connection = find(id);
  if (connection == nullptr) return;
  connection->transport = nullptr;
  const SessionId owner = connection->session;
  drop(id);
  Session* session = find(owner);
  if (session == nullptr) return;
  if (!session->management.resumable()) return end(owner, SessionEnd::TimedOut);
  session->connection = ConnectionId{};
  ++hibernated_;
  counters_.sessions_hibernated.add();
  session->hibernation = loop().after(options_.hibernation, [this, owner] {
    counters_.sessions_timed_out.add();
    end(owner, SessionEnd::TimedOut);
  });
}

void Sessions::flush(Connection& connection) {
  while (const std::optional<StreamOutput> output = connection.stream.next_output()) {
    if (connection.transport == nullptr) continue;
    Transport& transport = *connection.transport;
    if (const auto* header = std::get_if<StreamHeader>(&*output)) transport.open(*header);
    if (const auto* sent = std::get_if<stream_output::Sent>(&*output)) transport.send(sent->element);
    if (const auto* error = std::get_if<StreamError>(&*output)) transport.fail(*error);
  }
}

void Sessions::drain(ConnectionId id) {
  while (Connection* connection = find(id)) {
    flush(*connection);
    std::optional<StreamEvent> event = connection->stream.next_event();
    if (!event) return;
    std::visit([&](auto& what) { on(*connection, std::move(what)); }, *event);
  }
}

void Sessions::on(Connection& connection, stream_event::Opened event) {
  connection.request.to = std::move(event.to);
  connection.stream.offer(authenticator_.mechanisms(connection.request));
}

void Sessions::on(Connection& connection, stream_event::WantsBind) {
  if (sessions_.size() >= options_.max_sessions) {
    counters_.connections_refused.add();
    return connection.stream.refuse_bind(errors::kResourceConstraint);
  }
  const SessionId id{static_cast<std::uint64_t>(loop().id().value) << kSessionLoopShift | next_session_++};
  Jid jid{connection.stream.username(), connection.stream.domain(), random_.token(16)};
  const ConnectionId connection_id = connection.id;
  sessions_.emplace(id, std::make_unique<Session>(id, jid, connection_id, options_.rates));
  connection.session = id;
  arrived(connection);
  counters_.sessions_bound.add();
  handler_.session_bound(id, jid, connection.request, connection.shown.proof);
  if (Connection* still = find(connection_id)) still->stream.bound(jid);
}

void Sessions::on(Connection& connection, stream_event::Stanza event) {
  Session* session = find(connection.session);
  if (CONCLAVE_BUG_IF(session == nullptr)) return connection.stream.fail({"internal-server-error"});
  counters_.stanzas_in.add();
  session->management.count_received();
  if (!session->throttle.push(loop().now(), std::move(event.stanza))) {
    return connection.stream.fail({"policy-violation", "Rate limit exceeded"});
  }
  handle_ready(session->id);
}

void Sessions::handle_ready(SessionId id) {
  while (Session* session = find(id)) {
    std::optional<Element> stanza = session->throttle.pop(loop().now());
    if (!stanza) break;
    stanza->set("from", session->address);
    StanzaCheck check = check_stanza(*stanza);
    if (check.verdict == StanzaVerdict::Pass) {
      handler_.stanza(Sender{id, session->jid}, std::move(*stanza));
    } else if (check.answer) {
      deliver(id, std::move(*check.answer));
    }
  }
  Session* session = find(id);
  if (session == nullptr) return;
  const std::optional<TimePoint> next = session->throttle.deadline(loop().now());
  if (!next) return session->throttled.cancel();
  counters_.stanzas_delayed.add();
  session->throttled = loop().after(*next - loop().now(), [this, id] { handle_ready(id); });
}

void Sessions::on(Connection& connection, stream_event::Ended event) {
  if (event.by == stream_event::Ended::By::Error) {
    counters_.stream_errors.add();
    if (event.condition == "policy-violation") counters_.policy_violations.add();
    if (event.condition == "not-well-formed" || event.condition == "restricted-xml") counters_.malformed.add();
    log::info("stream ended with an error", {{"condition", event.condition},
                                             {"peer", connection.request.peer.str()},
                                             {"user", connection.stream.username()}});
  }
  const SessionId session = connection.session;
  drop(connection.id);
  end(session, end_for(event));
}

void Sessions::arrived(Connection& connection) {
  connection.handshake.cancel();
  const auto counted = unbound_of_.find(std::exchange(connection.network, {}));
  if (counted == unbound_of_.end()) return;
  counted->second.erase(connection.id);
  if (counted->second.empty()) unbound_of_.erase(counted);
}

void Sessions::make_place_in(const std::string& network) {
  const auto unbound = unbound_of_.find(network);
  if (unbound == unbound_of_.end() || unbound->second.size() < options_.max_unbound_of_network) return;
  const ConnectionId oldest = *unbound->second.begin();
  arrived(*find(oldest));
  counters_.connections_refused.add();
  fail(oldest, {"resource-constraint"});
}

void Sessions::drop(ConnectionId id) {
  const auto found = connections_.find(id);
  if (found == connections_.end()) return;
  std::unique_ptr<Connection> connection = std::move(found->second);
  connections_.erase(found);
  arrived(*connection);
  if (connection->transport != nullptr) connection->transport->close();
  // Its stream or one of its timers may be what called us.
  loop().destroy_later(std::move(connection));
}

void Sessions::end(SessionId id, SessionEnd how) {
  const auto found = sessions_.find(id);
  if (found == sessions_.end()) return;
  std::unique_ptr<Session> session = std::move(found->second);
  sessions_.erase(found);
  if (session->connection == ConnectionId{}) --hibernated_;
  if (session->management.resumable()) by_resumption_id_.erase(session->management.resumption_id());
  session->hibernation.cancel();
  session->throttled.cancel();
  counters_.sessions_ended.add();
  loop().destroy_later(std::move(session));
  post([this, id, how] { handler_.session_ended(id, how); });
}

void Sessions::fail(ConnectionId id, const StreamError& error) {
  Connection* connection = find(id);
  if (connection == nullptr) return;
  connection->stream.fail(error);
  drain(id);
}

void Sessions::deliver(SessionId id, Element stanza) {
  assert_here();
  Session* session = find(id);
  if (session == nullptr) return counters_.undeliverable.add();
  stanza.set("to", session->address);
  std::string frame = stanza.str();
  if (!session->management.sent(frame)) return disconnect(id, "policy-violation", "Too many unacknowledged stanzas");
  counters_.stanzas_out.add();
  Connection* connection = find(session->connection);
  if (connection == nullptr) return;
  connection->stream.send(std::move(frame));
  if (session->management.take_request()) connection->stream.send(std::string(kSmRequestFrame));
  flush(*connection);
}

void Sessions::disconnect(SessionId id, std::string_view condition, std::string_view text) {
  assert_here();
  Session* session = find(id);
  if (session == nullptr) return;
  if (session->connection != ConnectionId{})
    return fail(session->connection, {std::string(condition), std::string(text)});
  end(id, end_for({stream_event::Ended::By::Error, std::string(condition)}));
}

void Sessions::shutdown() {
  assert_here();
  stopping_ = true;
  std::vector<ConnectionId> open;
  for (const auto& [id, connection] : connections_) open.push_back(id);
  for (const ConnectionId id : open) fail(id, {"system-shutdown"});
  std::vector<SessionId> left;
  for (const auto& [id, session] : sessions_) left.push_back(id);
  for (const SessionId id : left) end(id, SessionEnd::ServerStop);
}

void Sessions::post(UniqueFunction<void()> work) {
  loop().post([alive = std::weak_ptr(alive_), work = std::move(work)]() mutable {
    if (!alive.expired()) work();
  });
}

}  // namespace conclave::xmpp
