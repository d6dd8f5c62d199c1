#include "xmpp/binding/websocket_binding.h"

#include <algorithm>
#include <string>
#include <utility>

#include "xmpp/framed.h"
#include "xmpp/framing.h"

namespace conclave::xmpp {
namespace {

constexpr std::string_view kBearer = "Bearer ";

struct Path {
  bool ours = false;
  std::string_view tenant;
};

Path split(std::string_view path) {
  if (!path.starts_with('/')) return {};
  path.remove_prefix(1);
  if (path == kWebSocketSegment) return {true, {}};
  const std::size_t slash = path.find('/');
  if (slash == std::string_view::npos || slash == 0 || path.substr(slash + 1) != kWebSocketSegment) return {};
  return {true, path.substr(0, slash)};
}

std::string_view shown_token(const HttpRequest& request) {
  const std::string_view in_query = request.query_value("token").value_or("");
  if (!in_query.empty()) return in_query;
  const std::string_view header = request.headers.find("authorization").value_or("");
  if (header.size() <= kBearer.size() || !same_without_case(header.substr(0, kBearer.size()), kBearer)) return {};
  return header.substr(kBearer.size());
}

}  // namespace

bool is_xmpp_websocket_path(std::string_view path) {
  return split(path).ours;
}

std::optional<StreamRequest> stream_request(const HttpRequest& request) {
  // A proxy that takes the tenant off the path says it as prefix; where it is still on the path, that is what the
  // person opened.
  std::string_view tenant = split(request.path).tenant;
  if (tenant.empty()) tenant = request.query_value("prefix").value_or("");
  const std::string_view room = request.query_value("room").value_or("");
  const std::string_view token = shown_token(request);
  const std::string_view previd = request.query_value("previd").value_or("");
  if (room.size() > kMaxRoomBytes || tenant.size() > kMaxRoomBytes || token.size() > kMaxTokenBytes)
    return std::nullopt;
  return StreamRequest{.room = std::string(room),
                       .prefix = std::string(tenant),
                       .token = std::string(token),
                       // A text that is no resumption id names no session; there is no need to keep it.
                       .previd = loop_of_resumption_id(previd) ? std::string(previd) : std::string(),
                       .peer = request.peer,
                       .confidential = request.tls,
                       .to = {}};
}

UpgradeDecision decide_upgrade(const HttpRequest& request, LoopId room_loop, std::uint32_t loops) {
  if (!is_xmpp_websocket_path(request.path)) return HttpResponse::not_found();
  const std::vector<std::string_view> offered = requested_subprotocols(request);
  if (std::find(offered.begin(), offered.end(), kWebSocketSubprotocol) == offered.end()) {
    return HttpResponse::bad_request("the subprotocol \"xmpp\" (RFC 7395) has to be offered");
  }
  const std::optional<StreamRequest> wanted = stream_request(request);
  if (!wanted) return HttpResponse::bad_request("room or token is too long");
  const std::optional<LoopId> session_loop = loop_of_resumption_id(wanted->previd);
  UpgradeAccept accept{.subprotocol = std::string(kWebSocketSubprotocol),
                       .loop = session_loop && session_loop->value < loops ? *session_loop : room_loop,
                       .options = {}};
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
  void fail(std::string_view error) override { socket_->send_text(error); }
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
