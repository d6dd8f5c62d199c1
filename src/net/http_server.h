#pragma once
// An HTTP/1.1 and WebSocket server on one address. Two instances serve with and without TLS.
#include <uv.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

#include "base/address.h"
#include "base/result.h"
#include "base/unique_function.h"
#include "net/http.h"
#include "net/net_error.h"
#include "net/net_loop.h"
#include "net/websocket.h"

namespace conclave {

class HttpConnection;
class FramedFront;
class Stream;
class TcpListener;
class TlsContext;
struct OpenConnections;

struct UpgradeAccept {
  std::string subprotocol{};  // empty: none is named in the answer
  LoopId loop{};              // where the socket shall live
  WebSocketOptions options{};
};
// A response refuses.
using UpgradeDecision = std::variant<HttpResponse, UpgradeAccept>;

// Called once, on the server's loop, in this turn or a later one; by then the connection may be gone, which is allowed.
using HttpReply = UniqueFunction<void(HttpResponse)>;
using UpgradeReply = UniqueFunction<void(UpgradeDecision)>;

// For handlers that keep a request waiting (long polling): `then` is called, on the server's loop and at most once, if
// the connection ends before the reply.
struct HttpGone {
  UniqueFunction<void()> then{};
};

// Outlives the server and all its loops.
class HttpHandler {
 public:
  virtual ~HttpHandler() = default;
  // On the server's loop. HEAD arrives as HEAD; the server leaves the body out. An exception derived from
  // std::exception becomes a 500.
  virtual HttpResponse request(const HttpRequest& request) = 0;
  // For handlers that have to ask another loop first. Until the reply comes the connection takes no further request;
  // after answer_timeout it is closed.
  virtual void request_later(const HttpRequest& request, HttpReply reply) { reply(this->request(request)); }
  // For handlers that let the client wait, and want to know when it waits no longer.
  virtual void long_request(const HttpRequest& request, HttpReply reply, const std::shared_ptr<HttpGone>&) {
    request_later(request, std::move(reply));
  }
  // On the server's loop, for well-formed WebSocket upgrades only (the server itself answers the others 400 or 426).
  virtual UpgradeDecision upgrade(const HttpRequest& request) = 0;
  // As request_later(): for who must ask another loop whether to refuse.
  virtual void upgrade_later(const HttpRequest& request, UpgradeReply reply) { reply(upgrade(request)); }
  // On the loop that upgrade() chose, hence from several threads.
  virtual void websocket(Loop& home, HttpRequest request, std::unique_ptr<WebSocket> socket) = 0;
};

struct HttpServerOptions {
  static constexpr Duration kHeadTimeout = 10s;
  static constexpr Duration kBodyTimeout = 30s;
  static constexpr Duration kIdleTimeout = 30s;
  static constexpr Duration kAnswerTimeout = 120s;  // twice as long as a BOSH request waits
  static constexpr std::size_t kMaxConnections = 20'000;

  Address address{};              // port 0: any free one
  std::string port_setting{};     // for the remedy: "HTTPS_PORT"
  TlsContext* tls = nullptr;      // outlives the server; null: plain
  FramedFront* framed = nullptr;  // on the same loop, outlives the server: takes connections with media for itself; with tls only
  std::vector<NetLoop*> loops{};  // that upgrade() may choose; the server's own need not be named
  Duration head_timeout =
      kHeadTimeout;  // TLS handshake together with the first request head; each later head from its first byte
  Duration body_timeout = kBodyTimeout;
  Duration idle_timeout = kIdleTimeout;      // between requests, and for a response that is not taken
  Duration answer_timeout = kAnswerTimeout;  // for a handler that replies later
  std::size_t max_connections =
      kMaxConnections;  // WebSockets included, on whatever loop; more are closed at once and counted
};

// Lives on the loop of `home`; owned by whoever called listen().
class HttpServer : public Pinned {
 public:
  // Any thread before the loop runs, or on the loop.
  static Result<std::unique_ptr<HttpServer>, NetError> listen(NetLoop& home, HttpHandler& handler,
                                                              HttpServerOptions options);
  ~HttpServer();  // close()

  std::uint16_t port() const { return address_.port(); }
  Address address() const { return address_; }
  // Takes no further connection.
  void stop_listening();
  // The same, and drops connections that are still HTTP; not from within a handler. WebSockets are their owners'
  // business.
  void close();
  std::size_t open_connections() const;

 private:
  friend class HttpConnection;

  HttpServer(NetLoop& home, HttpHandler& handler, HttpServerOptions options);
  Result<void, NetError> start();
  void accepted(uv_stream_t* server);
  void serve(std::unique_ptr<Stream> stream);
  void forget(HttpConnection* connection);
  NetLoop* find_loop(LoopId id);

  NetLoop& home_;
  HttpHandler& handler_;
  HttpServerOptions options_;
  Address address_;
  std::shared_ptr<OpenConnections> open_;  // shared with the slots that connections hold, wherever they live
  std::unique_ptr<TcpListener> listener_;
  std::unordered_map<HttpConnection*, std::unique_ptr<HttpConnection>> connections_;
};

}  // namespace conclave
