#include "xmpp/binding/websocket_binding.h"

#include <algorithm>
#include <string>
#include <utility>

#include "xmpp/framed.h"
#include "xmpp/framing.h"

namespace conclave::xmpp {
UpgradeDecision decide_upgrade(const HttpRequest& request, LoopId room_loop, std::uint32_t loops) {
  if (!is_xmpp_websocket_path(request.path)) return HttpResponse::not_found();
  const std::vector<std::string_view> offered = requested_subprotocols(request);
  if (std::find(offered.begin(), offered.end(), kWebSocketSubprotocol) == offered.end()) {
    return HttpResponse::bad_request("the subprotocol \"xmpp\" (RFC 7395) has to be offered");
  }
  const std::optional<StreamRequest> wanted = stream_request(request);
  if (!wanted) return HttpResponse::bad_request("room or token is too long");
  UpgradeAccept accept{
      .subprotocol = std::string(kWebSocketSubprotocol), .loop = home_of(*wanted, room_loop, loops), .options = {}};
  // Somewhat more than a stanza may have, so that who sends too much hears a stream error and not only a closed socket.
  accept.options.max_message_bytes = 2 * kMaxFrameBytes;
  return accept;
}

class WebSocketBinding::Connection final : public Transport, public WebSocketListener {
 public:
  Connection(WebSocketBinding& binding, std::unique_ptr<WebSocket> socket)
      : binding_(binding), socket_(std::move(socket)) {}
  ~Connection() override { socket_->set_listener(nullptr); }

  void start(StreamRequest request) {
    id_ = binding_.sessions_.connected(*this, std::move(request));
    socket_->set_listener(this);
  }
  void leave() { binding_.sessions_.lost(id_); }

  void open(const StreamHeader& header) override { socket_->send_text(open_frame(header)); }
  void send(std::string_view element) override { socket_->send_text(element); }
  void fail(const StreamError& error) override { socket_->send_text(stream_error_frame(error)); }
  void close() override {
    socket_->send_text(kCloseFrame);
    socket_->close(close_code::kNormal, "");
  }

  void on_text(std::string_view text) override { receive_frame(binding_.sessions_, id_, binding_.parser_, text); }
  void on_closed(std::uint16_t) override {
    leave();
    binding_.forget(this);
  }

 private:
  WebSocketBinding& binding_;
  std::unique_ptr<WebSocket> socket_;
  ConnectionId id_;
};

WebSocketBinding::WebSocketBinding(Loop& loop, Sessions& sessions) : Pinned(loop), sessions_(sessions) {}

WebSocketBinding::~WebSocketBinding() {
  for (const auto& [key, connection] : sockets_) connection->leave();
}

void WebSocketBinding::accept(const HttpRequest& request, std::unique_ptr<WebSocket> socket) {
  assert_here();
  std::optional<StreamRequest> wanted = stream_request(request);
  if (!wanted) return loop().destroy_later(std::move(socket));
  auto made = std::make_unique<Connection>(*this, std::move(socket));
  Connection& connection = *made;
  sockets_.emplace(&connection, std::move(made));
  connection.start(std::move(*wanted));
}

void WebSocketBinding::forget(Connection* connection) {
  const auto found = sockets_.find(connection);
  if (found == sockets_.end()) return;
  std::unique_ptr<Connection> gone = std::move(found->second);
  sockets_.erase(found);
  loop().destroy_later(std::move(gone));
}

}  // namespace conclave::xmpp
