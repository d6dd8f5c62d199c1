#pragma once
// A TCP server on one address for protocols other than HTTP, whose connections may turn to TLS (STARTTLS).
#include <uv.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "base/address.h"
#include "base/result.h"
#include "base/time.h"
#include "net/net_error.h"
#include "net/net_loop.h"
#include "net/tcp_socket.h"

namespace conclave {

class TcpListener;
class TlsContext;
struct OpenConnections;

// Outlives the server.
class TcpHandler {
 public:
  virtual ~TcpHandler() = default;
  // On the server's loop. Destroying the socket refuses it.
  virtual void connected(std::unique_ptr<TcpSocket> socket) = 0;
};

struct TcpServerOptions {
  static constexpr std::size_t kMaxConnections = 2'000;
  static constexpr std::size_t kMaxBufferedBytes = 4 * 1024 * 1024;  // as of a WebSocket
  // A peer that does not acknowledge anything for so long is gone (TCP_USER_TIMEOUT); it is probed when it is quiet.
  static constexpr Duration kDeadAfter = 60s;

  Address address{};                                   // port 0: any free one
  std::string port_setting{};                          // for the remedy: "XMPP_PORT"
  TlsContext* tls = nullptr;                           // outlives the server
  std::size_t max_connections = kMaxConnections;       // more are closed at once and counted
  std::size_t max_buffered_bytes = kMaxBufferedBytes;  // of one connection's unsent output: it is dropped, counted
};

// Lives on the loop of `home`; owned by whoever called listen().
class TcpServer : public Pinned {
 public:
  // Any thread before the loop runs, or on the loop.
  static Result<std::unique_ptr<TcpServer>, NetError> listen(NetLoop& home, TcpHandler& handler,
                                                             TcpServerOptions options);
  ~TcpServer();

  std::uint16_t port() const { return port_; }
  // Takes no further connection; those that are open are their owners' business.
  void stop_listening();

 private:
  TcpServer(NetLoop& home, TcpHandler& handler, TcpServerOptions options);
  void accepted(uv_stream_t* server);

  NetLoop& home_;
  TcpHandler& handler_;
  TcpServerOptions options_;
  std::uint16_t port_ = 0;
  std::shared_ptr<OpenConnections> open_;  // shared with the slots that connections hold
  std::unique_ptr<TcpListener> listener_;
};

}  // namespace conclave
