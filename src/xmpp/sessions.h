#pragma once
// All streams and sessions of one loop. A connection is one socket with its Stream; a session is what was bound on it
// and may move to another connection by resumption (XEP-0198).
#include <any>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/random.h"
#include "loop/pinned.h"
#include "xmpp/authenticator.h"
#include "xmpp/parser.h"
#include "xmpp/rate_limit.h"
#include "xmpp/session.h"
#include "xmpp/stanza_handler.h"
#include "xmpp/stream.h"
#include "xmpp/stream_management.h"
#include "xmpp/transport.h"
#include "xmpp/xmpp_counters.h"

namespace conclave::xmpp {

inline constexpr std::size_t kMaxSessions = 20'000;     // of one loop, hibernated ones included
inline constexpr std::size_t kMaxConnections = 22'000;  // of one loop, not yet bound ones included
// Of those that are not bound yet, of one network_of(). For one more the oldest goes: an office behind one address is
// not locked out by who only waits there.
inline constexpr std::size_t kMaxUnboundOfNetwork = 500;
inline constexpr Duration kHandshakeTimeout = 30s;  // from connection to bind or resume
inline constexpr Duration kHibernation = 60s;       // also said as max in <enabled/>

struct SessionsOptions {
  StreamOptions stream;
  RateLimits rates = {};
  Duration handshake_timeout = kHandshakeTimeout;
  Duration hibernation = kHibernation;
  std::size_t max_sessions = kMaxSessions;
  std::size_t max_connections = kMaxConnections;
  std::size_t max_unbound_of_network = kMaxUnboundOfNetwork;
};

using ConnectionId = StrongId<struct ConnectionTag, std::uint64_t>;

// Lives on its loop; owned by the composition, together with the authenticator and the handler, which outlive it.
class Sessions : public Pinned {
 public:
  Sessions(Loop& loop, Authenticator& authenticator, StanzaHandler& handler, Random& random, SessionsOptions options);
  ~Sessions();

  // --- from binding/. A full server still answers: with a stream error, when the client has opened its stream.
  // `transport` stays valid until lost() or until its close() was called.
  ConnectionId connected(Transport& transport, StreamRequest request);
  void opened(ConnectionId connection, const StreamOpening& opening);
  void received(ConnectionId connection, Element element);
  // What came is not XML, or more of it than is taken.
  void unreadable(ConnectionId connection, ParseError error);
  // The client has ended its stream; its session ends too.
  void finished(ConnectionId connection);
  // The socket is gone, however it went. Resumable sessions hibernate.
  void lost(ConnectionId connection);

  // --- from above. `stanza` needs its `from`; `to` is set here. Lost silently if the session has ended; kept for
  // retransmission if not.
  void deliver(SessionId session, Element stanza);
  // Ends the session with a stream error.
  void disconnect(SessionId session, std::string_view condition, std::string_view text = {});
  // Every stream gets system-shutdown, new ones too; every session ends. The owner lets the loop run a turn before it
  // destroys this.
  void shutdown();

  // The session of this loop that a resumption id (a secret) names; nothing if there is none.
  std::optional<SessionId> session_named_by(std::string_view resumption_id) const;

  // Whether somebody has logged in there, or is back by resumption.
  bool is_bound(ConnectionId connection) const;

  std::size_t sessions() const { return sessions_.size(); }
  std::size_t hibernated() const { return hibernated_; }
  std::size_t connections() const { return connections_.size(); }
  const XmppCounters& counters() const { return counters_; }

 private:
  struct Connection;
  struct Session;

  Connection* find(ConnectionId id);
  Session* find(SessionId id);

  // Sends what the stream has to say and acts on its events. Everything may be gone afterwards.
  void drain(ConnectionId id);
  void flush(Connection& connection);
  // Has the stream of a connection take something in.
  template <class Take>
  void into_stream(ConnectionId id, Take take);
  void on(Connection& connection, stream_event::Opened event);
  void on(Connection& connection, stream_event::WantsAuthentication event);
  void on(Connection& connection, stream_event::WantsNextStep event);
  void on(Connection& connection, stream_event::WantsBind event);
  void on(Connection& connection, stream_event::WantsResume event);
  void on(Connection& connection, stream_event::Stanza event);
  void on(Connection& connection, stream_event::WantsEnable event);
  void on(Connection& connection, stream_event::AckRequested event);
  void on(Connection& connection, stream_event::Ack event);
  void on(Connection& connection, stream_event::Ended event);

  AuthReply reply_to(Connection& connection);
  void conclude(Connection& connection, SaslOutcome outcome);
  Session* resumable(std::string_view resumption_id, const Connection& by);
  void resume(Connection& connection, Session& session);
  void take_ack(Connection& connection, Session& session, std::uint32_t h);
  bool allows_control(Connection& connection, Session& session);
  void handle_ready(SessionId id);
  void fail(ConnectionId id, const StreamError& error);
  void drop(ConnectionId id);
  // Is bound, has resumed, or is gone: its network has a place more.
  void arrived(Connection& connection);
  void make_place_in(const std::string& network);
  void end(SessionId id, SessionEnd how);
  // Later, and only if this still lives.
  void post(UniqueFunction<void()> work);

  Authenticator& authenticator_;
  StanzaHandler& handler_;
  Random& random_;
  SessionsOptions options_;
  XmppCounters counters_;
  std::uint64_t next_connection_ = 1;
  std::uint64_t next_session_ = 1;
  std::size_t hibernated_ = 0;
  bool stopping_ = false;
  std::unordered_map<ConnectionId, std::unique_ptr<Connection>> connections_;
  std::unordered_map<std::string, std::set<ConnectionId>> unbound_of_;  // by network, the oldest first
  std::unordered_map<SessionId, std::unique_ptr<Session>> sessions_;
  // Looked up by hash: time tells nothing about the characters of other ids.
  std::unordered_map<std::string, SessionId> by_resumption_id_;
  std::shared_ptr<const bool> alive_ = std::make_shared<const bool>(true);  // what replies and posts ask that come late
};

}  // namespace conclave::xmpp
