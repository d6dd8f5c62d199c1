#include "net/stream_websocket.h"

#include <algorithm>
#include <utility>

namespace conclave {

StreamWebSocket::StreamWebSocket(NetLoop& home, std::unique_ptr<Stream> stream, std::string unread, const WebSocketOptions& options)
    : WebSocket(home.uv()),
      home_(home),
      options_(options),
      peer_(stream->peer()),
      stream_(std::move(stream)),
      unread_(std::move(unread)),
      frames_(options.max_message_bytes),
      last_received_(home.uv().now()) {
  home_.counters().websockets_opened.add();
  stream_->set_listener(this);
}

StreamWebSocket::~StreamWebSocket() {
  if (stream_ == nullptr) return;
  home_.counters().websockets_closed.add();
  frames_.close(close_code::kGoingAway, {});
  stream_->write(frames_.take_output());
  stream_->set_listener(nullptr);
  home_.close_gently(std::move(stream_));
}

void StreamWebSocket::set_listener(WebSocketListener* listener) {
  assert_here();
  listener_ = listener;
  if (begun_ || listener == nullptr) return;
  begun_ = true;
  loop().post([this, alive = std::weak_ptr<int>(alive_)] {
    if (!alive.expired() && stream_ != nullptr) begin_reading();
  });
}

void StreamWebSocket::begin_reading() {
  last_received_ = loop().now();
  if (!closing_) look_for_life();
  stream_->start_reading();
  const std::string unread = std::exchange(unread_, {});
  if (!unread.empty()) on_bytes(as_bytes(unread));
}

void StreamWebSocket::look_for_life() {
  const Duration silence = loop().now() - last_received_;
  if (silence >= options_.dead_after) {
    home_.counters().websocket_dead.add();
    return finish(close_code::kAbnormal, Leave::AtOnce);
  }
  if (silence >= options_.ping_after) {
    frames_.ping();
    pass_output();
  }
  const Duration next = silence < options_.ping_after ? options_.ping_after - silence : options_.ping_after;
  timer_ = loop().after(std::min(next, options_.dead_after - silence), [this] { look_for_life(); });
}

void StreamWebSocket::send_text(std::string_view text) {
  assert_here();
  if (stream_ == nullptr || frames_.closing()) return;
  home_.counters().websocket_messages_out.add();
  frames_.send_text(text);
  pass_output();
}

void StreamWebSocket::close(std::uint16_t code, std::string_view reason) {
  assert_here();
  if (stream_ == nullptr || closing_) return;
  closing_ = true;
  frames_.close(code, reason);
  pass_output();
  timer_ = loop().after(options_.close_wait, [this] { finish(frames_.final_code(), Leave::Gently); });
}

void StreamWebSocket::pass_output() {
  if (const std::string output = frames_.take_output(); !output.empty()) stream_->write(output);
}

void StreamWebSocket::on_bytes(Bytes bytes) {
  last_received_ = loop().now();
  frames_.receive(bytes);
  const std::weak_ptr<int> alive = alive_;
  while (auto text = frames_.next_text()) {
    if (closing_ || listener_ == nullptr) continue;
    home_.counters().websocket_messages_in.add();
    listener_->on_text(*text);
    if (alive.expired() || stream_ == nullptr) return;
  }
  pass_output();
  if (!frames_.read_done()) return;
  if (frames_.violated()) home_.counters().websocket_protocol_errors.add();
  finish(frames_.final_code(), Leave::Gently);
}

void StreamWebSocket::on_written() {
  if (buffered_bytes() <= options_.max_buffered_bytes) return;
  home_.counters().websocket_overflows.add();
  // A close frame would wait behind all that the peer does not read.
  finish(close_code::kPolicyViolation, Leave::AtOnce);
}

void StreamWebSocket::on_ended(StreamEnd) { finish(closing_ ? frames_.final_code() : close_code::kAbnormal, Leave::AtOnce); }

void StreamWebSocket::finish(std::uint16_t code, Leave leave) {
  if (stream_ == nullptr) return;
  home_.counters().websockets_closed.add();
  timer_.cancel();
  stream_->set_listener(nullptr);
  std::unique_ptr<Stream> stream = std::move(stream_);
  if (leave == Leave::Gently) {
    home_.close_gently(std::move(stream));
  } else {
    stream.reset();
  }
  if (listener_ != nullptr) listener_->on_closed(code);
}

}  // namespace conclave
