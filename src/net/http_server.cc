#include "net/http_server.h"

#include <algorithm>

#include "net/framed_front.h"
#include "net/http_connection.h"
#include "net/stream.h"
#include "net/tcp_listener.h"
#include "net/tls.h"

namespace conclave {
Result<std::unique_ptr<HttpServer>, NetError> HttpServer::listen(NetLoop& home, HttpHandler& handler,
                                                                 HttpServerOptions options) {
  std::unique_ptr<HttpServer> server(new HttpServer(home, handler, std::move(options)));
  if (auto started = server->start(); !started) return failure(started.error());
  return server;
}

HttpServer::HttpServer(NetLoop& home, HttpHandler& handler, HttpServerOptions options)
    : Pinned(home.uv()),
      home_(home),
      handler_(handler),
      options_(std::move(options)),
      address_(options_.address),
      open_(std::make_shared<OpenConnections>()) {}

HttpServer::~HttpServer() {
  close();
}

Result<void, NetError> HttpServer::start() {
  auto listener =
      TcpListener::listen(home_, address_, options_.port_setting, [this](uv_stream_t* server) { accepted(server); });
  if (!listener) return failure(listener.error());
  listener_ = std::move(*listener);
  address_ = listener_->address();
  return {};
}

void HttpServer::stop_listening() {
  listener_.reset();
}

void HttpServer::close() {
  stop_listening();
  connections_.clear();
}

std::size_t HttpServer::open_connections() const {
  return open_->count;
}

void HttpServer::accepted(uv_stream_t* server) {
  const bool full = open_->count >= options_.max_connections;
  const bool sorts = options_.framed != nullptr && options_.tls != nullptr;
  SslPtr ssl = options_.tls != nullptr && !full && !sorts ? options_.tls->new_session() : nullptr;
  ++open_->count;
  auto stream = Stream::accept(home_, server, std::move(ssl), ConnectionSlot(Remote<OpenConnections>(loop(), open_)));
  home_.counters().connections_accepted.add();
  if (full) {
    home_.counters().connections_refused.add();
    return;
  }
  if (stream == nullptr || (options_.tls != nullptr && !stream->tls() && !sorts)) return;
  if (!sorts) return serve(std::move(stream));
  options_.framed->sort(std::move(stream), [this, open = std::weak_ptr(open_)](std::unique_ptr<Stream> sorted, const std::string& read) {
    if (open.expired() || listener_ == nullptr) return;  // closed meanwhile
    if (sorted->start_tls(options_.tls->new_session(), read)) serve(std::move(sorted));
  });
}

void HttpServer::serve(std::unique_ptr<Stream> stream) {
  auto connection = std::make_unique<HttpConnection>(*this, std::move(stream));
  connections_.emplace(connection.get(), std::move(connection));
}

void HttpServer::forget(HttpConnection* connection) {
  // Out of the table first, because destroying it may look there.
  const auto found = connections_.find(connection);
  if (found == connections_.end()) return;
  const std::unique_ptr<HttpConnection> last = std::move(found->second);
  connections_.erase(found);
}

NetLoop* HttpServer::find_loop(LoopId id) {
  if (id == home_.uv().id()) return &home_;
  const auto found =
      std::find_if(options_.loops.begin(), options_.loops.end(), [&](NetLoop* loop) { return loop->uv().id() == id; });
  return found == options_.loops.end() ? nullptr : *found;
}

}  // namespace conclave
