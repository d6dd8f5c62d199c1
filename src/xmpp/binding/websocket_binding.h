#pragma once
// Where net and xmpp touch: an upgraded WebSocket with the subprotocol "xmpp" becomes a connection of Sessions (RFC
// 7395).
#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>
#include <unordered_map>

#include "loop/pinned.h"
#include "net/http.h"
#include "net/http_server.h"
#include "net/websocket.h"
#include "xmpp/sessions.h"

namespace conclave::xmpp {

inline constexpr std::string_view kWebSocketSegment = "xmpp-websocket";
inline constexpr std::string_view kWebSocketSubprotocol = "xmpp";
inline constexpr std::size_t kMaxTokenBytes = 8 * 1024;
inline constexpr std::size_t kMaxRoomBytes = 1024;

// "/xmpp-websocket" or "/<tenant>/xmpp-websocket".
bool is_xmpp_websocket_path(std::string_view path);

// What a request says (signalling.md 1.1). Nothing if a value is too long. Any thread.
std::optional<StreamRequest> stream_request(const HttpRequest& request);

// Whether to upgrade: the path is right, the client offers the subprotocol and the values are sane. `room_loop` is
// where the named room lives; a resumption id that names one of the first `loops` loops goes before it, because there
// its session is. Any thread.
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
