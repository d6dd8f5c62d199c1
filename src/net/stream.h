#pragma once
// A TCP connection of one loop, with TLS or without: bytes in, bytes out. Inside net/ only.
#include <uv.h>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "base/address.h"
#include "base/byte_reader.h"
#include "loop/pinned.h"
#include "loop/remote.h"
#include "net/net_loop.h"
#include "net/tls.h"

namespace conclave {

// How many connections a server has open; lives on the server's loop.
struct OpenConnections {
  std::size_t count = 0;
};

// Held by a connection wherever it lives; gives its place back to the server when destroyed.
class ConnectionSlot {
 public:
  ConnectionSlot() = default;
  explicit ConnectionSlot(Remote<OpenConnections> open) : open_(std::move(open)) {}
  ConnectionSlot(ConnectionSlot&& other) noexcept : open_(std::exchange(other.open_, {})) {}
  ConnectionSlot& operator=(ConnectionSlot&& other) noexcept {
    std::swap(open_, other.open_);
    return *this;
  }
  ~ConnectionSlot() {
    open_.send([](OpenConnections& open) { --open.count; });
  }

 private:
  Remote<OpenConnections> open_;
};

// Owns a descriptor until somebody takes it.
class OwnedFd {
 public:
  OwnedFd() = default;
  explicit OwnedFd(int fd) : fd_(fd) {}
  OwnedFd(OwnedFd&& other) noexcept : fd_(other.release()) {}
  OwnedFd& operator=(OwnedFd&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~OwnedFd();
  int get() const { return fd_; }
  int release() { return std::exchange(fd_, -1); }

 private:
  int fd_ = -1;
};

// A connection between two loops: a value.
struct DetachedStream {
  OwnedFd fd;
  SslPtr ssl;
  Address peer;
  ConnectionSlot slot;
};

enum class StreamEnd { PeerEnded, Failed, HandshakeFailed };

// Every call may destroy the stream.
class StreamListener {
 public:
  virtual ~StreamListener() = default;
  virtual void on_bytes(Bytes bytes) = 0;
  // The TLS handshake is done.
  virtual void on_secured() {}
  // The kernel took some of the output, or would not; buffered_bytes() says what is left. Once for every flush and
  // completed write.
  virtual void on_written() = 0;
  // The last call. PeerEnded: nothing more comes; writing may still work.
  virtual void on_ended(StreamEnd end) = 0;
};

// Output is collected and leaves at the end of the turn as one write (and as few TLS records as fit).
class Stream : public Pinned {
 public:
  // From uv_listen's callback.
  static std::unique_ptr<Stream> accept(NetLoop& home, uv_stream_t* server, SslPtr ssl, ConnectionSlot slot);
  static std::unique_ptr<Stream> adopt(NetLoop& home, DetachedStream detached);
  ~Stream();  // at once; what waits to be sent is lost (NetLoop::close_gently keeps it)

  void set_listener(StreamListener* listener) { listener_ = listener; }
  // Calls come in later turns.
  void start_reading();
  void stop_reading();
  void write(std::string_view bytes);
  // Has the kernel look whether the peer lives: on_ended(Failed) when it acknowledges nothing for so long.
  void watch_peer(Duration dead_after);
  // The kernel takes no more than so much beyond what it could send at once: what waits does so here, where it can be counted.
  void limit_unsent(int bytes);
  // After what was written: close_notify and the end of the stream. Nothing may be written after it.
  void shutdown();

  // What was written goes out in clear; all after it, both ways, is TLS with us as the server (STARTTLS). False, and
  // nothing has changed, if the kernel does not take the clear bytes at once.
  // `received`: of TLS already, read before this was known. Reading, once started, begins with it.
  [[nodiscard]] bool start_tls(SslPtr ssl, std::string_view received = {});

  std::size_t buffered_bytes() const { return out_.size() + tls_out_.size() + in_flight_bytes(); }
  // Falls while the kernel takes output: the sign of life of a slow reader.
  std::size_t kernel_backlog() const { return in_flight_bytes(); }
  bool tls() const { return ssl_ != nullptr; }
  bool handshake_done() const { return established_; }
  bool ended() const { return ended_; }
  Address peer() const { return peer_; }

  // Leaves this loop; nothing may be buffered. Nothing if the descriptor cannot be had.
  DetachedStream detach();

 private:
  struct Handle;
  struct Write;

  Stream(NetLoop& home, SslPtr ssl, ConnectionSlot slot);
  std::size_t in_flight_bytes() const;
  void schedule_flush();
  void flush();
  void encrypt(std::string& wire);
  void take_tls_output(std::string& wire);
  void send(std::string wire);
  void received(ssize_t count);
  void advance_tls();
  void read_tls();
  void end(StreamEnd end);

  NetLoop& home_;
  SslPtr ssl_;
  ConnectionSlot slot_;
  Address peer_;
  StreamListener* listener_ = nullptr;
  std::shared_ptr<Handle> handle_;  // holds itself until libuv let go of it
  std::string out_;                 // plain bytes that wait for the end of the turn or the write in flight
  std::string tls_out_;             // records that OpenSSL wants sent
  bool established_ = false;
  bool reading_ = false;
  bool flush_due_ = false;
  bool shutdown_wanted_ = false;
  bool shutdown_sent_ = false;
  bool ended_ = false;
  bool detached_ = false;
};

}  // namespace conclave
