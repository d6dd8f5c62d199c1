#include "net/stream.h"

#include <fcntl.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <utility>

#include "base/check.h"
#include "net/sockaddr.h"

namespace conclave {

OwnedFd::~OwnedFd() {
  if (fd_ >= 0) ::close(fd_);
}

// libuv needs this memory until the close callback; `owner` is null once the Stream is gone.
struct Stream::Handle {
  uv_tcp_t tcp{};
  uv_shutdown_t shutdown{};
  Stream* owner = nullptr;
  Write* in_flight = nullptr;
  std::shared_ptr<Handle> self;

  uv_stream_t* stream() { return reinterpret_cast<uv_stream_t*>(&tcp); }
  uv_handle_t* handle() { return reinterpret_cast<uv_handle_t*>(&tcp); }
};

struct Stream::Write {
  uv_write_t request{};
  std::string bytes;
  std::shared_ptr<Handle> handle;
};

Stream::Stream(NetLoop& home, SslPtr ssl, ConnectionSlot slot)
    : Pinned(home.uv()),
      home_(home),
      ssl_(std::move(ssl)),
      slot_(std::move(slot)),
      handle_(std::make_shared<Handle>()) {
  CONCLAVE_CHECK(uv_tcp_init(home.uv().raw(), &handle_->tcp) == 0);
  handle_->tcp.data = handle_.get();
  handle_->owner = this;
  handle_->self = handle_;
  established_ = ssl_ == nullptr || SSL_is_init_finished(ssl_.get()) == 1;
}

Stream::~Stream() {
  if (!detached_) home_.counters().connections_closed.add();
  handle_->owner = nullptr;
  uv_close(handle_->handle(), [](uv_handle_t* handle) {
    // Keeps the handle alive until this callback has returned.
    const std::shared_ptr<Handle> last = std::move(static_cast<Handle*>(handle->data)->self);
  });
}

std::unique_ptr<Stream> Stream::accept(NetLoop& home, uv_stream_t* server, SslPtr ssl, ConnectionSlot slot) {
  std::unique_ptr<Stream> stream(new Stream(home, std::move(ssl), std::move(slot)));
  if (uv_accept(server, stream->handle_->stream()) != 0) return nullptr;
  sockaddr_storage peer{};
  int length = sizeof(peer);
  if (uv_tcp_getpeername(&stream->handle_->tcp, reinterpret_cast<sockaddr*>(&peer), &length) != 0) return nullptr;
  stream->peer_ = from_sockaddr(peer);
  uv_tcp_nodelay(&stream->handle_->tcp, 1);
  return stream;
}

std::unique_ptr<Stream> Stream::adopt(NetLoop& home, DetachedStream detached) {
  std::unique_ptr<Stream> stream(new Stream(home, std::move(detached.ssl), std::move(detached.slot)));
  stream->peer_ = detached.peer;
  if (uv_tcp_open(&stream->handle_->tcp, detached.fd.get()) != 0) return nullptr;
  (void)detached.fd.release();
  home.counters().connections_moved.add();
  return stream;
}

DetachedStream Stream::detach() {
  CONCLAVE_CHECK(buffered_bytes() == 0);
  stop_reading();
  ended_ = detached_ = true;
  uv_os_fd_t fd = -1;
  DetachedStream result;
  // A second descriptor, because closing the handle closes the first; both name the same connection.
  if (uv_fileno(handle_->handle(), &fd) == 0) result.fd = OwnedFd(::fcntl(fd, F_DUPFD_CLOEXEC, 0));
  result.ssl = std::move(ssl_);
  result.peer = peer_;
  result.slot = std::move(slot_);
  return result;
}

void Stream::start_reading() {
  if (reading_ || ended_) return;
  reading_ = true;
  uv_read_start(
      handle_->stream(),
      [](uv_handle_t* handle, std::size_t, uv_buf_t* buffer) {
        Stream* owner = static_cast<Handle*>(handle->data)->owner;
        *buffer = uv_buf_init(owner->home_.read_buffer(), NetLoop::kReadBufferBytes);
      },
      [](uv_stream_t* stream, ssize_t count, const uv_buf_t*) {
        Stream* owner = static_cast<Handle*>(stream->data)->owner;
        if (owner != nullptr && count != 0) owner->received(count);
      });
  if (ssl_ != nullptr && (SSL_has_pending(ssl_.get()) != 0 || BIO_ctrl_pending(SSL_get_rbio(ssl_.get())) > 0)) {
    // Bytes that came before the pause or the move lie in the session, and no socket will announce them.
    loop().post([handle = handle_] {
      if (handle->owner != nullptr && handle->owner->reading_) handle->owner->advance_tls();
    });
  }
}

void Stream::stop_reading() {
  if (!reading_) return;
  reading_ = false;
  uv_read_stop(handle_->stream());
}

void Stream::received(ssize_t count) {
  if (count < 0) return end(count == UV_EOF ? StreamEnd::PeerEnded : StreamEnd::Failed);
  const auto size = static_cast<std::size_t>(count);
  home_.counters().bytes_in.add(size);
  const char* data = home_.read_buffer();
  if (ssl_ == nullptr) {
    if (listener_ != nullptr) listener_->on_bytes(as_bytes(std::string_view(data, size)));
    return;
  }
  if (BIO_write(SSL_get_rbio(ssl_.get()), data, static_cast<int>(count)) != count) return end(StreamEnd::Failed);
  advance_tls();
}

void Stream::advance_tls() {
  if (!established_) {
    ERR_clear_error();
    const int result = SSL_accept(ssl_.get());
    const int error = result == 1 ? SSL_ERROR_NONE : SSL_get_error(ssl_.get(), result);
    take_tls_output(tls_out_);
    if (!tls_out_.empty()) schedule_flush();
    if (error == SSL_ERROR_WANT_READ) return;
    if (error != SSL_ERROR_NONE) {
      ERR_clear_error();
      home_.counters().tls_handshakes_failed.add();
      return end(StreamEnd::HandshakeFailed);
    }
    established_ = true;
    const std::shared_ptr<Handle> handle = handle_;
    if (listener_ != nullptr) listener_->on_secured();
    if (handle->owner == nullptr || ssl_ == nullptr) return;
  }
  read_tls();
}

void Stream::read_tls() {
  const std::shared_ptr<Handle> handle = handle_;
  std::array<char, 16 * 1024> plain;  // one record at most
  while (reading_) {
    ERR_clear_error();
    const int count = SSL_read(ssl_.get(), plain.data(), static_cast<int>(plain.size()));
    if (count > 0) {
      if (listener_ != nullptr)
        listener_->on_bytes(as_bytes(std::string_view(plain.data(), static_cast<std::size_t>(count))));
      if (handle->owner == nullptr) return;
      if (ssl_ == nullptr) return;  // detached
      continue;
    }
    const int error = SSL_get_error(ssl_.get(), count);
    ERR_clear_error();
    take_tls_output(tls_out_);  // alerts, key updates
    if (!tls_out_.empty()) schedule_flush();
    if (error == SSL_ERROR_WANT_READ) return;
    return end(error == SSL_ERROR_ZERO_RETURN ? StreamEnd::PeerEnded : StreamEnd::Failed);
  }
}

void Stream::end(StreamEnd end) {
  if (ended_) return;
  ended_ = true;
  stop_reading();
  if (listener_ != nullptr) listener_->on_ended(end);
}

void Stream::write(std::string_view bytes) {
  if (shutdown_wanted_) return;
  out_.append(bytes);
  schedule_flush();
}

void Stream::shutdown() {
  shutdown_wanted_ = true;
  schedule_flush();
}

bool Stream::start_tls(SslPtr ssl, std::string_view received) {
  if (ssl == nullptr || ssl_ != nullptr || ended_ || shutdown_wanted_ || handle_->in_flight != nullptr) return false;
  if (std::string clear = std::exchange(out_, {}); !clear.empty()) send(std::move(clear));
  if (handle_->in_flight != nullptr) return false;
  ssl_ = std::move(ssl);
  established_ = false;
  const int size = static_cast<int>(received.size());
  return size == 0 || BIO_write(SSL_get_rbio(ssl_.get()), received.data(), size) == size;
}

void Stream::watch_peer(Duration dead_after) {
  uv_os_fd_t fd = -1;
  if (uv_fileno(handle_->handle(), &fd) != 0) return;
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(dead_after);
  const auto set = [fd](int level, int option, long long value) {
    const int number = static_cast<int>(value);
    (void)::setsockopt(fd, level, option, &number, sizeof(number));  // without it a dead peer is found later
  };
  set(SOL_SOCKET, SO_KEEPALIVE, 1);
  set(IPPROTO_TCP, TCP_KEEPIDLE, seconds.count() / 2);
  set(IPPROTO_TCP, TCP_KEEPINTVL, seconds.count() / 6);
  set(IPPROTO_TCP, TCP_KEEPCNT, 3);
  set(IPPROTO_TCP, TCP_USER_TIMEOUT, seconds.count() * 1000);
}

void Stream::limit_unsent(int bytes) {
  uv_os_fd_t fd = -1;
  if (uv_fileno(handle_->handle(), &fd) != 0) return;
  (void)::setsockopt(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &bytes, sizeof(bytes));
}

void Stream::schedule_flush() {
  if (flush_due_) return;
  flush_due_ = true;
  loop().at_turn_end([handle = handle_] {
    if (handle->owner != nullptr) handle->owner->flush();
  });
}

std::size_t Stream::in_flight_bytes() const {
  return handle_->in_flight == nullptr ? 0 : uv_stream_get_write_queue_size(handle_->stream());
}

void Stream::take_tls_output(std::string& wire) {
  BIO* bio = SSL_get_wbio(ssl_.get());
  char* data = nullptr;
  const long length = BIO_get_mem_data(bio, &data);
  if (length > 0) wire.append(data, static_cast<std::size_t>(length));
  (void)BIO_reset(bio);
}

void Stream::encrypt(std::string& wire) {
  wire = std::exchange(tls_out_, {});
  if (!out_.empty() && established_) {
    ERR_clear_error();
    std::size_t written = 0;
    SSL_write_ex(ssl_.get(), out_.data(), out_.size(), &written);  // takes all or fails: its BIO has no bounds
    out_.clear();
  }
  if (shutdown_wanted_ && !shutdown_sent_ && established_) SSL_shutdown(ssl_.get());
  ERR_clear_error();
  take_tls_output(wire);
}

void Stream::flush() {
  flush_due_ = false;
  if (handle_->in_flight == nullptr) {
    std::string wire;
    if (ssl_ != nullptr) {
      encrypt(wire);
    } else {
      wire.swap(out_);
    }
    if (!wire.empty()) send(std::move(wire));
    if (shutdown_wanted_ && !shutdown_sent_ && handle_->in_flight == nullptr) {
      shutdown_sent_ = true;
      uv_shutdown(&handle_->shutdown, handle_->stream(), [](uv_shutdown_t*, int) {});
    }
  }
  if (listener_ != nullptr) listener_->on_written();
}

void Stream::send(std::string wire) {
  uv_buf_t buffer = uv_buf_init(wire.data(), static_cast<unsigned int>(wire.size()));
  const int sent = uv_try_write(handle_->stream(), &buffer, 1);
  const std::size_t taken = sent > 0 ? static_cast<std::size_t>(sent) : 0;
  home_.counters().bytes_out.add(wire.size());
  if (taken == wire.size()) return;
  // An error shows again in the write's callback, where ending is safe.
  wire.erase(0, taken);
  auto* write = new Write{{}, std::move(wire), handle_};
  write->request.data = write;
  buffer = uv_buf_init(write->bytes.data(), static_cast<unsigned int>(write->bytes.size()));
  handle_->in_flight = write;
  const int started = uv_write(&write->request, handle_->stream(), &buffer, 1, [](uv_write_t* request, int status) {
    const std::unique_ptr<Write> done(static_cast<Write*>(request->data));
    Handle& handle = *done->handle;
    handle.in_flight = nullptr;
    if (handle.owner == nullptr) return;
    if (status < 0) return handle.owner->end(StreamEnd::Failed);
    handle.owner->flush();
  });
  if (started != 0) {
    handle_->in_flight = nullptr;
    delete write;
    loop().post([handle = handle_] {
      if (handle->owner != nullptr) handle->owner->end(StreamEnd::Failed);
    });
  }
}

}  // namespace conclave
