#include "net/http_server.h"

#include <uv.h>

#include <algorithm>

#include "base/check.h"
#include "base/log.h"
#include "net/http_connection.h"
#include "net/sockaddr.h"
#include "net/stream.h"
#include "net/tls.h"

namespace conclave {
namespace {

constexpr int kBacklog = 1024;  // the kernel cuts it to net.core.somaxconn

NetError cannot_listen(const Address& address, const std::string& setting, int error) {
  const std::string choose = setting.empty() ? "choose another port" : "choose another port with " + setting;
  std::string remedy = "check the address and the port";
  if (error == UV_EADDRINUSE) remedy = "stop the program that holds the port, or " + choose;
  if (error == UV_EACCES) remedy = choose + " (1024 or above), or allow this program to use low ports";
  if (error == UV_EADDRNOTAVAIL) remedy = "use an address of this host, or 0.0.0.0 for all";
  return {"cannot listen on " + address.str() + ": " + uv_strerror(error), remedy};
}

}  // namespace

struct HttpServer::Listener {
  uv_tcp_t tcp{};
  HttpServer* owner = nullptr;
};

Result<std::unique_ptr<HttpServer>, NetError> HttpServer::listen(NetLoop& home, HttpHandler& handler, HttpServerOptions options) {
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

HttpServer::~HttpServer() { close(); }

Result<void, NetError> HttpServer::start() {
  listener_ = new Listener{};
  listener_->owner = this;
  listener_->tcp.data = listener_;
  auto* stream = reinterpret_cast<uv_stream_t*>(&listener_->tcp);
  const SocketAddress wanted = to_sockaddr(address_);
  int error = uv_tcp_init(home_.uv().raw(), &listener_->tcp);
  CONCLAVE_CHECK(error == 0);
  error = uv_tcp_bind(&listener_->tcp, wanted.get(), 0);
  if (error == 0) {
    error = uv_listen(stream, kBacklog, [](uv_stream_t* server, int status) {
      HttpServer* owner = static_cast<Listener*>(server->data)->owner;
      if (owner != nullptr) owner->accepted(status);
    });
  }
  sockaddr_storage bound{};
  int length = sizeof(bound);
  if (error == 0) error = uv_tcp_getsockname(&listener_->tcp, reinterpret_cast<sockaddr*>(&bound), &length);
  if (error != 0) return failure(cannot_listen(address_, options_.port_setting, error));
  address_ = from_sockaddr(bound);
  return {};
}

void HttpServer::stop_listening() {
  if (listener_ != nullptr) {
    listener_->owner = nullptr;
    uv_close(reinterpret_cast<uv_handle_t*>(&listener_->tcp), [](uv_handle_t* handle) { delete static_cast<Listener*>(handle->data); });
    listener_ = nullptr;
  }
}

void HttpServer::close() {
  stop_listening();
  connections_.clear();
}

std::size_t HttpServer::open_connections() const { return open_->count; }

void HttpServer::accepted(int status) {
  if (status < 0) {
    log::warning("a connection could not be accepted", {{"address", address_.str()}, {"reason", uv_strerror(status)}});
    return;
  }
  const bool full = open_->count >= options_.max_connections;
  SslPtr ssl = options_.tls != nullptr && !full ? options_.tls->new_session() : nullptr;
  ++open_->count;
  auto stream = Stream::accept(home_, reinterpret_cast<uv_stream_t*>(&listener_->tcp), std::move(ssl),
                               ConnectionSlot(Remote<OpenConnections>(loop(), open_)));
  home_.counters().connections_accepted.add();
  if (full) {
    home_.counters().connections_refused.add();
    return;
  }
  if (stream == nullptr || (options_.tls != nullptr && !stream->tls())) return;
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
  const auto found = std::find_if(options_.loops.begin(), options_.loops.end(), [&](NetLoop* loop) { return loop->uv().id() == id; });
  return found == options_.loops.end() ? nullptr : *found;
}

}  // namespace conclave
