#pragma once
// The frames of one WebSocket, the server's end (RFC 6455 §5–7), by wslay. No loop, no socket: bytes in; texts, bytes out and an end.
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/byte_reader.h"

struct wslay_event_context;

namespace conclave {

class WebSocketFrames {
 public:
  // Fragments of one message; beyond: 1008. One-byte fragments would cost many times their size otherwise.
  static constexpr std::size_t kMaxFragments = 1024;

  explicit WebSocketFrames(std::size_t max_message_bytes);
  ~WebSocketFrames();
  WebSocketFrames(const WebSocketFrames&) = delete;
  WebSocketFrames& operator=(const WebSocketFrames&) = delete;

  // Answers pings, a close frame and violations by itself; drain next_text() and take_output() afterwards.
  void receive(Bytes bytes);
  std::optional<std::string> next_text();

  // Nothing of these three is sent once a close frame was queued.
  void send_text(std::string_view text);
  void ping();
  void close(std::uint16_t code, std::string_view reason);

  std::string take_output();

  // A close frame was sent or will be with the next output.
  bool closing() const { return close_code_.has_value(); }
  // Nothing more will come of receive(): the peer sent a close frame or violated the protocol.
  bool read_done() const;
  bool violated() const;
  // The code of whichever side closed first.
  std::uint16_t final_code() const;

 private:
  struct Callbacks;
  struct Free {
    void operator()(wslay_event_context* context) const;
  };
  void refuse(std::uint16_t code);

  std::unique_ptr<wslay_event_context, Free> context_;
  Bytes input_;
  std::string output_;
  std::deque<std::string> texts_;
  std::size_t fragments_ = 0;
  std::optional<std::uint16_t> close_code_;  // what we said first
  bool refused_ = false;
};

}  // namespace conclave
