#pragma once
// Where net and xmpp touch: an upgraded WebSocket with the subprotocol "xmpp" becomes a connection of Sessions (RFC
// 7395).
#include <cstddef>
#include <memory>
#include <string_view>
#include <unordered_map>

#include "loop/pinned.h"
#include "net/http.h"
#include "net/http_server.h"
#include "net/websocket.h"
#include "xmpp/binding/stream_request.h"
#include "xmpp/sessions.h"

namespace conclave::xmpp {

inline constexpr std::string_view kWebSocketSubprotocol = "xmpp";

// Whether to upgrade: the path is right, the client offers the subprotocol and the values are sane. For `room_loop` and
// `loops` see home_of(). Any thread.
UpgradeDecision decide_upgrade(const HttpRequest& request, LoopId room_loop, std::uint32_t loops);

// Owns the sockets of one loop's streams. Lives on that loop, as Sessions does, which outlives it.
class WebSocketBinding : public Pinned {
 public:
  WebSocketBinding(Loop& loop, Sessions& sessions);
  ~WebSocketBinding();

  void accept(const HttpRequest& request, std::unique_ptr<WebSocket> socket);
  std::size_t open() const { return sockets_.size(); }

 private:
  class Connection;

  void forget(Connection* connection);

  Sessions& sessions_;
  Parser parser_;
  std::unordered_map<Connection*, std::unique_ptr<Connection>> sockets_;
};

}  // namespace conclave::xmpp
