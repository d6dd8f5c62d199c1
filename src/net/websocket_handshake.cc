#include "net/websocket_handshake.h"

#include <openssl/evp.h>

#include <array>

#include "base/base64.h"
#include "base/check.h"
#include "net/websocket.h"

namespace conclave {

bool wants_websocket(const HttpRequest& request) {
  return request.headers.has_token("Upgrade", "websocket") && request.headers.has_token("Connection", "Upgrade");
}

std::optional<HttpResponse> websocket_refusal(const HttpRequest& request) {
  if (request.method != "GET") return HttpResponse::bad_request("a WebSocket begins with GET");
  const auto version = request.headers.find("Sec-WebSocket-Version");
  if (!version || *version != "13") {
    HttpResponse response = HttpResponse::text(426, "WebSocket version 13 is spoken here\n");
    response.headers.add("Sec-WebSocket-Version", "13");
    return response;
  }
  const auto key = request.headers.find("Sec-WebSocket-Key");
  const auto nonce = key ? base64_decode(*key) : std::nullopt;
  if (!nonce || nonce->size() != 16) return HttpResponse::bad_request("Sec-WebSocket-Key must be 16 bytes in base64");
  return std::nullopt;
}

std::string websocket_accept(std::string_view key) {
  const std::string input = std::string(key) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
  unsigned int length = 0;
  CONCLAVE_CHECK(EVP_Digest(input.data(), input.size(), digest.data(), &length, EVP_sha1(), nullptr) == 1);
  return base64_encode(std::as_bytes(std::span(digest)).first(length));
}

std::string websocket_response(const HttpRequest& request, std::string_view subprotocol) {
  std::string response = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ";
  response += websocket_accept(request.headers.find("Sec-WebSocket-Key").value_or(""));
  if (!subprotocol.empty()) response.append("\r\nSec-WebSocket-Protocol: ").append(subprotocol);
  return response + "\r\n\r\n";
}

std::vector<std::string_view> requested_subprotocols(const HttpRequest& request) {
  std::vector<std::string_view> result;
  for (const auto& [name, value] : request.headers) {
    if (!same_without_case(name, "Sec-WebSocket-Protocol")) continue;
    std::string_view rest = value;
    while (!rest.empty()) {
      const auto comma = rest.find(',');
      std::string_view item = rest.substr(0, comma);
      rest = comma == std::string_view::npos ? std::string_view{} : rest.substr(comma + 1);
      while (!item.empty() && (item.front() == ' ' || item.front() == '\t')) item.remove_prefix(1);
      while (!item.empty() && (item.back() == ' ' || item.back() == '\t')) item.remove_suffix(1);
      if (!item.empty()) result.push_back(item);
    }
  }
  return result;
}

}  // namespace conclave
