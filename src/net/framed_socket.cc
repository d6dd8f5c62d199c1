#include "net/framed_socket.h"

#include <utility>

namespace conclave {

FramedSocket::FramedSocket(NetLoop& home, std::unique_ptr<Stream> stream, std::string unread, ConnectionSlot unproven)
    : Pinned(home.uv()),
      peer_(stream->peer()),
      stream_(std::move(stream)),
      unread_(std::move(unread)),
      unproven_(std::move(unproven)) {
  stream_->watch_peer(kDeadAfter);
  stream_->limit_unsent(kKernelUnsentBytes);
  stream_->set_listener(this);
}

void FramedSocket::set_listener(FramedSocketListener* listener) {
  assert_here();
  listener_ = listener;
  loop().post([this, alive = std::weak_ptr<int>(alive_)] {
    if (alive.expired()) return;
    const std::string first = std::exchange(unread_, {});
    on_bytes(as_bytes(first));
    if (!alive.expired() && !closed_) stream_->start_reading();
  });
}

bool FramedSocket::send(Bytes packet) {
  if (closed_ || packet.empty() || packet.size() > kMaxFrameBytes) return false;
  // RFC 7983 §7: what begins with less than 64 is STUN or DTLS.
  const bool is_control = std::to_integer<unsigned>(packet[0]) < 64;
  const std::size_t limit = is_control ? kMaxWaitingWithControl : kMaxWaitingBytes;
  if (waiting_bytes() + packet.size() + kFrameHeadBytes > limit) return false;
  const auto head = frame_head(packet.size());
  stream_->write({head.data(), head.size()});
  stream_->write(as_text(packet));
  return true;
}

void FramedSocket::on_bytes(Bytes bytes) {
  while (!bytes.empty() && !closed_) {
    bytes = bytes.subspan(deframer_.receive(bytes));
    if (deframer_.too_long()) return close();
    if (deframer_.whole() && listener_ != nullptr) listener_->on_packet(deframer_.packet());
  }
}

void FramedSocket::on_ended(StreamEnd) {
  close();
}

void FramedSocket::close() {
  if (std::exchange(closed_, true)) return;
  stream_->stop_reading();
  if (listener_ != nullptr) listener_->on_closed();
}

}  // namespace conclave
