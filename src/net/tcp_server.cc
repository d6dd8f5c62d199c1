#include "net/tcp_server.h"

#include <utility>

#include "net/stream.h"
#include "net/stream_tcp_socket.h"
#include "net/tcp_listener.h"

namespace conclave {

Result<std::unique_ptr<TcpServer>, NetError> TcpServer::listen(NetLoop& home, TcpHandler& handler,
                                                               TcpServerOptions options) {
  std::unique_ptr<TcpServer> server(new TcpServer(home, handler, std::move(options)));
  const TcpServerOptions& wanted = server->options_;
  auto listener = TcpListener::listen(home, wanted.address, wanted.port_setting,
                                      [server = server.get()](uv_stream_t* from) { server->accepted(from); });
  if (!listener) return failure(listener.error());
  server->listener_ = std::move(*listener);
  server->port_ = server->listener_->address().port();
  return server;
}

TcpServer::TcpServer(NetLoop& home, TcpHandler& handler, TcpServerOptions options)
    : Pinned(home.uv()),
      home_(home),
      handler_(handler),
      options_(std::move(options)),
      open_(std::make_shared<OpenConnections>()) {}

TcpServer::~TcpServer() = default;

void TcpServer::stop_listening() {
  listener_.reset();
}

void TcpServer::accepted(uv_stream_t* server) {
  const bool full = open_->count >= options_.max_connections;
  ++open_->count;
  auto stream = Stream::accept(home_, server, nullptr, ConnectionSlot(Remote<OpenConnections>(loop(), open_)));
  home_.counters().connections_accepted.add();
  if (full) home_.counters().connections_refused.add();
  if (full || stream == nullptr) return;
  stream->watch_peer(TcpServerOptions::kDeadAfter);
  handler_.connected(
      std::make_unique<StreamTcpSocket>(home_, std::move(stream), options_.tls, options_.max_buffered_bytes));
}

}  // namespace conclave
