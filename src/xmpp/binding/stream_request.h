#pragma once
// What the address of a connection says (signalling.md 1.1); the same for WebSocket and BOSH. Any thread.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "loop/loop.h"
#include "net/http.h"
#include "xmpp/authenticator.h"

namespace conclave::xmpp {

inline constexpr std::string_view kWebSocketSegment = "xmpp-websocket";
inline constexpr std::string_view kBoshSegment = "http-bind";
inline constexpr std::size_t kMaxTokenBytes = 8 * 1024;
inline constexpr std::size_t kMaxRoomBytes = 1024;

// "/<segment>" or "/<tenant>/<segment>".
bool is_xmpp_websocket_path(std::string_view path);
bool is_bosh_path(std::string_view path);

// Nothing if a value is too long.
std::optional<StreamRequest> stream_request(const HttpRequest& request);

// Where a new connection shall live: a resumption id that names one of the first `loops` loops goes before `room_loop`,
// where the named room lives, because there its session is.
LoopId home_of(const StreamRequest& request, LoopId room_loop, std::uint32_t loops);

}  // namespace conclave::xmpp
