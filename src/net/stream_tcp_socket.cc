#include "net/stream_tcp_socket.h"

#include <utility>

namespace conclave {

StreamTcpSocket::StreamTcpSocket(NetLoop& home, std::unique_ptr<Stream> stream, TlsContext* tls,
                                 std::size_t max_buffered_bytes)
    : TcpSocket(home.uv()),
      home_(home),
      tls_(tls),
      max_buffered_bytes_(max_buffered_bytes),
      peer_(stream->peer()),
      stream_(std::move(stream)) {
  stream_->set_listener(this);
}

StreamTcpSocket::~StreamTcpSocket() {
  close();
}

void StreamTcpSocket::set_listener(TcpSocketListener* listener) {
  assert_here();
  listener_ = listener;
  if (listener == nullptr || std::exchange(begun_, true) || stream_ == nullptr) return;
  stream_->start_reading();
}

void StreamTcpSocket::write(std::string_view bytes) {
  assert_here();
  if (stream_ != nullptr) stream_->write(bytes);
}

bool StreamTcpSocket::start_tls() {
  assert_here();
  return stream_ != nullptr && tls_ != nullptr && stream_->start_tls(tls_->new_session());
}

void StreamTcpSocket::close() {
  if (stream_ == nullptr) return;
  stream_->set_listener(nullptr);
  home_.close_gently(std::move(stream_));
}

void StreamTcpSocket::on_bytes(Bytes bytes) {
  if (listener_ != nullptr) listener_->on_bytes(as_text(bytes));
}

void StreamTcpSocket::on_secured() {
  if (listener_ != nullptr) listener_->on_tls();
}

void StreamTcpSocket::on_written() {
  if (buffered_bytes() <= max_buffered_bytes_) return;
  home_.counters().tcp_overflows.add();
  lose();  // an end would wait behind all that the peer does not read
}

void StreamTcpSocket::on_ended(StreamEnd) {
  lose();
}

void StreamTcpSocket::lose() {
  if (stream_ == nullptr) return;
  stream_->set_listener(nullptr);
  stream_.reset();
  if (listener_ != nullptr) listener_->on_closed();
}

}  // namespace conclave
