#include "net/tcp_listener.h"

#include <utility>

#include "base/check.h"
#include "base/log.h"
#include "net/sockaddr.h"

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

struct TcpListener::Handle {
  uv_tcp_t tcp{};
  TcpListener* owner = nullptr;

  uv_stream_t* stream() { return reinterpret_cast<uv_stream_t*>(&tcp); }
};

Result<std::unique_ptr<TcpListener>, NetError> TcpListener::listen(NetLoop& home, const Address& address,
                                                                   const std::string& port_setting, Accept accept) {
  std::unique_ptr<TcpListener> listener(new TcpListener(home, address, std::move(accept)));
  if (auto started = listener->start(port_setting); !started) return failure(started.error());
  return listener;
}

TcpListener::TcpListener(NetLoop& home, const Address& address, Accept accept)
    : Pinned(home.uv()), home_(home), address_(address), accept_(std::move(accept)), handle_(new Handle{}) {
  handle_->owner = this;
  handle_->tcp.data = handle_;
  CONCLAVE_CHECK(uv_tcp_init(home_.uv().raw(), &handle_->tcp) == 0);
}

TcpListener::~TcpListener() {
  handle_->owner = nullptr;
  uv_close(reinterpret_cast<uv_handle_t*>(&handle_->tcp),
           [](uv_handle_t* handle) { delete static_cast<Handle*>(handle->data); });
}

Result<void, NetError> TcpListener::start(const std::string& port_setting) {
  const SocketAddress wanted = to_sockaddr(address_);
  int error = uv_tcp_bind(&handle_->tcp, wanted.get(), 0);
  if (error == 0) {
    error = uv_listen(handle_->stream(), kBacklog, [](uv_stream_t* server, int status) {
      TcpListener* owner = static_cast<Handle*>(server->data)->owner;
      if (owner != nullptr) owner->connected(status);
    });
  }
  sockaddr_storage bound{};
  int length = sizeof(bound);
  if (error == 0) error = uv_tcp_getsockname(&handle_->tcp, reinterpret_cast<sockaddr*>(&bound), &length);
  if (error != 0) return failure(cannot_listen(address_, port_setting, error));
  address_ = from_sockaddr(bound);
  return {};
}

void TcpListener::connected(int status) {
  if (status < 0) {
    log::warning("a connection could not be accepted", {{"address", address_.str()}, {"reason", uv_strerror(status)}});
    return;
  }
  accept_(handle_->stream());
}

}  // namespace conclave
