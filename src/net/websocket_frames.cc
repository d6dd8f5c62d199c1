#include "net/websocket_frames.h"

#include <wslay/wslay.h>

#include <algorithm>

#include "base/check.h"
#include "net/websocket.h"

namespace conclave {
namespace {

constexpr std::size_t kMaxReasonBytes = 123;  // §5.5: a control frame has 125 bytes, two are the code's
constexpr std::size_t kMaxTexts = 4096;       // of one receive(); 64 KiB hold more only if they are tiny

}  // namespace

struct WebSocketFrames::Callbacks {
  static WebSocketFrames& self(void* user) { return *static_cast<WebSocketFrames*>(user); }

  static ssize_t receive(wslay_event_context* context, std::uint8_t* to, std::size_t length, int, void* user) {
    Bytes& input = self(user).input_;
    if (input.empty()) {
      wslay_event_set_error(context, WSLAY_ERR_WOULDBLOCK);
      return -1;
    }
    const Bytes part = input.first(std::min(length, input.size()));
    std::copy(part.begin(), part.end(), reinterpret_cast<std::byte*>(to));
    input = input.subspan(part.size());
    return static_cast<ssize_t>(part.size());
  }

  static ssize_t send(wslay_event_context*, const std::uint8_t* from, std::size_t length, int, void* user) {
    self(user).output_.append(reinterpret_cast<const char*>(from), length);
    return static_cast<ssize_t>(length);
  }

  static void frame_started(wslay_event_context*, const wslay_event_on_frame_recv_start_arg* frame, void* user) {
    WebSocketFrames& frames = self(user);
    if (frame->opcode == WSLAY_BINARY_FRAME) return frames.refuse(close_code::kUnsupportedData);
    if (frame->opcode == WSLAY_TEXT_FRAME) frames.fragments_ = 0;
    if (frame->opcode == WSLAY_CONTINUATION_FRAME && ++frames.fragments_ > kMaxFragments) frames.refuse(close_code::kPolicyViolation);
  }

  static void message(wslay_event_context*, const wslay_event_on_msg_recv_arg* message, void* user) {
    WebSocketFrames& frames = self(user);
    if (message->opcode != WSLAY_TEXT_FRAME || frames.closing()) return;
    if (frames.texts_.size() == kMaxTexts) return frames.refuse(close_code::kPolicyViolation);
    // The pointer is null for an empty message.
    if (message->msg_length == 0) {
      frames.texts_.emplace_back();
    } else {
      frames.texts_.emplace_back(reinterpret_cast<const char*>(message->msg), message->msg_length);
    }
  }
};

void WebSocketFrames::Free::operator()(wslay_event_context* context) const { wslay_event_context_free(context); }

WebSocketFrames::WebSocketFrames(std::size_t max_message_bytes) {
  const wslay_event_callbacks callbacks{
      .recv_callback = Callbacks::receive,
      .send_callback = Callbacks::send,
      .genmask_callback = nullptr,
      .on_frame_recv_start_callback = Callbacks::frame_started,
      .on_frame_recv_chunk_callback = nullptr,
      .on_frame_recv_end_callback = nullptr,
      .on_msg_recv_callback = Callbacks::message,
  };
  wslay_event_context* context = nullptr;
  CONCLAVE_CHECK(wslay_event_context_server_init(&context, &callbacks, this) == 0);
  context_.reset(context);
  wslay_event_config_set_max_recv_msg_length(context, max_message_bytes);
}

WebSocketFrames::~WebSocketFrames() = default;

void WebSocketFrames::receive(Bytes bytes) {
  if (read_done()) return;
  input_ = bytes;
  if (wslay_event_recv(context_.get()) != 0 && !closing()) {
    // wslay has queued a close frame without a code, and takes no other.
    refused_ = true;
    close_code_ = close_code::kProtocolError;
    wslay_event_shutdown_write(context_.get());
    output_ += "\x88\x02\x03\xea";  // close, 1002
  }
  input_ = {};
}

std::optional<std::string> WebSocketFrames::next_text() {
  if (texts_.empty()) return std::nullopt;
  std::string text = std::move(texts_.front());
  texts_.pop_front();
  return text;
}

void WebSocketFrames::send_text(std::string_view text) {
  if (closing()) return;
  const wslay_event_msg message{WSLAY_TEXT_FRAME, reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
  wslay_event_queue_msg(context_.get(), &message);
}

void WebSocketFrames::ping() {
  if (closing()) return;
  const wslay_event_msg message{WSLAY_PING, nullptr, 0};
  wslay_event_queue_msg(context_.get(), &message);
}

void WebSocketFrames::close(std::uint16_t code, std::string_view reason) {
  if (closing()) return;
  std::size_t length = std::min(reason.size(), kMaxReasonBytes);
  // Not through the middle of a character.
  while (length < reason.size() && length > 0 && (static_cast<unsigned char>(reason[length]) & 0xc0) == 0x80) --length;
  wslay_event_queue_close(context_.get(), code, reinterpret_cast<const std::uint8_t*>(reason.data()), length);
  close_code_ = code;
}

void WebSocketFrames::refuse(std::uint16_t code) {
  refused_ = true;
  close(code, {});
  wslay_event_shutdown_read(context_.get());
}

std::string WebSocketFrames::take_output() {
  wslay_event_send(context_.get());
  return std::exchange(output_, {});
}

bool WebSocketFrames::read_done() const { return wslay_event_get_read_enabled(context_.get()) == 0; }

bool WebSocketFrames::violated() const {
  return refused_ || (read_done() && wslay_event_get_close_received(context_.get()) == 0);
}

std::uint16_t WebSocketFrames::final_code() const {
  if (close_code_) return *close_code_;
  if (wslay_event_get_close_received(context_.get()) != 0) return wslay_event_get_status_code_received(context_.get());
  // wslay refused by itself, and knows with which code once the frame is written.
  return wslay_event_get_close_sent(context_.get()) != 0 ? wslay_event_get_status_code_sent(context_.get()) : close_code::kAbnormal;
}

}  // namespace conclave
