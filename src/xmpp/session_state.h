#pragma once
// For sessions*.cc alone: what is kept of a connection and of a session.
#include <string>
#include <utility>

#include "loop/loop.h"
#include "xmpp/sessions.h"

namespace conclave::xmpp {

struct Sessions::Connection {
  Connection(ConnectionId own_id, Transport& to, StreamRequest with, Stream made)
      : id(own_id), transport(&to), request(std::move(with)), stream(std::move(made)) {}

  ConnectionId id;
  Transport* transport;  // null once the socket is lost
  StreamRequest request;
  std::string network;  // under which it counts as not bound; empty: it does not
  Stream stream;
  std::string mechanism;
  std::uint64_t login = 0;  // counts attempts: a late reply to an aborted one says nothing
  UniqueFunction<void(std::string, AuthReply)> next_step;
  Authenticated shown;
  SessionId session;  // zero before bind
  Timer handshake;
};

struct Sessions::Session {
  Session(SessionId own_id, Jid own_jid, ConnectionId on, const RateLimits& rates)
      : id(own_id), jid(std::move(own_jid)), address(jid.str()), connection(on), throttle(rates) {}

  SessionId id;
  Jid jid;
  std::string address;      // jid as text
  ConnectionId connection;  // zero while hibernated
  StreamManagement management;
  Throttle throttle;
  Timer throttled;    // until the throttle lets the next stanza go
  Timer hibernation;  // until the session ends, while there is no connection
};

}  // namespace conclave::xmpp
