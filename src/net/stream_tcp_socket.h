#pragma once
// A TcpSocket over a connection. Inside net/ only.
#include <memory>

#include "net/stream.h"
#include "net/tcp_socket.h"

namespace conclave {

class StreamTcpSocket final : public TcpSocket, private StreamListener {
 public:
  // `tls` outlives it; null: start_tls() fails.
  StreamTcpSocket(NetLoop& home, std::unique_ptr<Stream> stream, TlsContext* tls, std::size_t max_buffered_bytes);
  ~StreamTcpSocket() override;

  void set_listener(TcpSocketListener* listener) override;
  void write(std::string_view bytes) override;
  bool start_tls() override;
  void close() override;
  std::size_t buffered_bytes() const override { return stream_ == nullptr ? 0 : stream_->buffered_bytes(); }
  Address peer() const override { return peer_; }

 private:
  void on_bytes(Bytes bytes) override;
  void on_secured() override;
  void on_written() override;
  void on_ended(StreamEnd end) override;
  void lose();  // may destroy this: nothing may follow it

  NetLoop& home_;
  TlsContext* tls_;
  std::size_t max_buffered_bytes_;
  Address peer_;
  std::unique_ptr<Stream> stream_;  // null once the end is known
  TcpSocketListener* listener_ = nullptr;
  bool begun_ = false;
};

}  // namespace conclave
