#pragma once
// One WebSocket of the server (RFC 6455), text messages only. HttpServer makes it; the handler owns it (see net/http_server.h).
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/address.h"
#include "base/time.h"
#include "loop/pinned.h"
#include "net/http.h"

namespace conclave {

namespace close_code {  // RFC 6455 §7.4.1
inline constexpr std::uint16_t kNormal = 1000;
inline constexpr std::uint16_t kGoingAway = 1001;
inline constexpr std::uint16_t kProtocolError = 1002;
inline constexpr std::uint16_t kUnsupportedData = 1003;
inline constexpr std::uint16_t kAbnormal = 1006;  // never sent: the connection ended without a close frame
inline constexpr std::uint16_t kInvalidText = 1007;
inline constexpr std::uint16_t kPolicyViolation = 1008;
inline constexpr std::uint16_t kMessageTooBig = 1009;
inline constexpr std::uint16_t kTryAgainLater = 1013;
}  // namespace close_code

struct WebSocketOptions {
  static constexpr Duration kPingAfter = 15s;
  static constexpr Duration kDeadAfter = 60s;
  static constexpr Duration kCloseWait = 5s;
  static constexpr std::size_t kMaxMessageBytes = 256 * 1024;
  static constexpr std::size_t kMaxBufferedBytes = 4 * 1024 * 1024;

  Duration ping_after = kPingAfter;                    // nothing received for so long: a ping, and again each time
  Duration dead_after = kDeadAfter;                    // nothing received for so long: on_closed(1006)
  Duration close_wait = kCloseWait;                    // how long our close() waits for the peer's close frame
  std::size_t max_message_bytes = kMaxMessageBytes;    // a longer message: 1009
  std::size_t max_buffered_bytes = kMaxBufferedBytes;  // more unsent output: 1008, counted
};

class WebSocketListener {
 public:
  virtual ~WebSocketListener() = default;
  // Valid UTF-8. The view dies with the call. Calling back in is allowed, destroying the WebSocket too.
  virtual void on_text(std::string_view text) = 0;
  // Once, the last call, never from within send_text() or close(). `code`: of the side that closed first; 1005 if the peer's close frame had
  // none, 1006 if there was no close frame. Destroying the WebSocket is allowed.
  virtual void on_closed(std::uint16_t code) = 0;
};

// An interface, so that what speaks through it can be tested without sockets.
// Lives on the loop that it was accepted for. Destroying it says close code 1001 (unless closing had begun) and on_closed does not come.
class WebSocket : public Pinned {
 public:
  using Pinned::Pinned;
  virtual ~WebSocket() = default;

  // Not owned; must outlive the WebSocket or be replaced by null. Messages are read from when the first listener is set; the first
  // on_text comes in a later turn.
  virtual void set_listener(WebSocketListener* listener) = 0;
  // `text` must be valid UTF-8. Sent with everything else of this turn. After close() or on_closed() it is dropped.
  virtual void send_text(std::string_view text) = 0;
  // Sends a close frame; `reason` at most 123 bytes of UTF-8 (cut off otherwise). on_closed(code) follows when the peer has answered or
  // after close_wait; no on_text comes in between.
  virtual void close(std::uint16_t code, std::string_view reason) = 0;
  // Output that the kernel has not taken yet.
  virtual std::size_t buffered_bytes() const = 0;
  virtual Address peer() const = 0;
};

// The values of Sec-WebSocket-Protocol, in the client's order.
std::vector<std::string_view> requested_subprotocols(const HttpRequest& request);

}  // namespace conclave
