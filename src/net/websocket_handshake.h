#pragma once
// The opening handshake of a WebSocket, the server's end (RFC 6455 §4.2). No loop.
#include <optional>
#include <string>
#include <string_view>

#include "net/http.h"

namespace conclave {

// Asks for a WebSocket at all, well-formed or not.
bool wants_websocket(const HttpRequest& request);
// What is wrong with it, as a response; nothing if it is well-formed.
std::optional<HttpResponse> websocket_refusal(const HttpRequest& request);
// §4.2.2: what Sec-WebSocket-Accept says to a Sec-WebSocket-Key.
std::string websocket_accept(std::string_view key);
// The whole answer of status 101.
std::string websocket_response(const HttpRequest& request, std::string_view subprotocol);

}  // namespace conclave
