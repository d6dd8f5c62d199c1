#pragma once
// Where net and xmpp touch for native clients and attached services: a TCP connection becomes, after STARTTLS, a
// connection of Sessions (RFC 6120).
#include <cstddef>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/counter.h"
#include "base/random.h"
#include "loop/pinned.h"
#include "net/tcp_server.h"
#include "xmpp/sessions.h"
#include "xmpp/tcp/admission.h"

namespace conclave::xmpp {

// Of one loop; read from any.
struct TcpCounters {
  Counter connections;
  Counter refused;      // too many that have not logged in, or of one address
  Counter secured;      // TLS agreed on
  Counter not_secured;  // ended before that: a stream error, a handshake that failed or came to no end
};

// Owns the TCP connections of one loop. Lives on that loop, as Sessions does, which outlives it.
class TcpBinding final : public Pinned, public TcpHandler {
 public:
  // `domains`: what a client may open; the first is ours. They and `random` outlive it.
  TcpBinding(Loop& loop, Sessions& sessions, const std::vector<std::string>& domains, Random& random,
             const tcp::Limits& limits = {});
  ~TcpBinding() override;

  void connected(std::unique_ptr<TcpSocket> socket) override;

  std::size_t open() const { return connections_.size(); }
  const TcpCounters& counters() const { return counters_; }

 private:
  class Connection;

  void forget(Connection* connection);

  Sessions& sessions_;
  const std::vector<std::string>& domains_;
  Random& random_;
  const tcp::Limits limits_;
  tcp::Admission admission_;
  TcpCounters counters_;
  std::unordered_map<Connection*, std::unique_ptr<Connection>> connections_;
};

}  // namespace conclave::xmpp
