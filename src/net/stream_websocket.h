#pragma once
// A WebSocket over a TCP or TLS connection. Inside net/ only.
#include <memory>
#include <string>

#include "net/stream.h"
#include "net/websocket.h"
#include "net/websocket_frames.h"

namespace conclave {

class StreamWebSocket final : public WebSocket, private StreamListener {
 public:
  // `unread`: what came behind the upgrade request. The answer of status 101 has been sent.
  StreamWebSocket(NetLoop& home, std::unique_ptr<Stream> stream, std::string unread, const WebSocketOptions& options);
  ~StreamWebSocket() override;

  void set_listener(WebSocketListener* listener) override;
  void send_text(std::string_view text) override;
  void close(std::uint16_t code, std::string_view reason) override;
  std::size_t buffered_bytes() const override { return stream_ == nullptr ? 0 : stream_->buffered_bytes(); }
  Address peer() const override { return peer_; }

 private:
  enum class Leave { Gently, AtOnce };

  void on_bytes(Bytes bytes) override;
  void on_written() override;
  void on_ended(StreamEnd end) override;
  void begin_reading();
  void pass_output();
  void look_for_life();
  void finish(std::uint16_t code, Leave leave);  // may destroy this: nothing may follow it

  NetLoop& home_;
  WebSocketOptions options_;
  Address peer_;
  std::unique_ptr<Stream> stream_;  // null once the end is known
  std::string unread_;
  WebSocketFrames frames_;
  WebSocketListener* listener_ = nullptr;
  bool begun_ = false;
  bool closing_ = false;  // by our own close()
  TimePoint last_received_;
  Timer timer_;  // life while open, close_wait while closing
  std::shared_ptr<int> alive_ = std::make_shared<int>(0);  // watched weakly by what runs later
};

}  // namespace conclave
