#pragma once
// For tests: loops in threads of their own, and a blocking client of TCP or TLS.
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include "base/check.h"
#include "net/net_loop.h"
#include "net/sockaddr.h"
#include "net/test_frames.h"

namespace conclave {

// A loop, its sockets' state and its thread. Whatever lives on it must be gone when this is destroyed, or be destroyed between stop() and then.
class LoopThread {
 public:
  explicit LoopThread(std::uint32_t id) : loop(LoopId{id}), net(std::make_unique<NetLoop>(loop)) {}
  ~LoopThread() {
    stop();
    net.reset();
  }
  void start() {
    thread_ = std::thread([this] { loop.run(); });
  }
  void stop() {
    if (!thread_.joinable()) return;
    loop.stop();
    thread_.join();
  }

  UvLoop loop;
  std::unique_ptr<NetLoop> net;

 private:
  std::thread thread_;
};

// Reads give up after ten seconds, so that a broken server fails a test and does not hang it.
class TestClient {
 public:
  explicit TestClient(std::uint16_t port, int receive_buffer = 0) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const timeval limit{10, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
    if (receive_buffer > 0) ::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof(receive_buffer));
    const SocketAddress to = to_sockaddr(Address::v4(0x7f000001, port));
    CONCLAVE_CHECK(::connect(fd_, to.get(), to.size()) == 0);
  }
  ~TestClient() {
    if (ssl_ != nullptr) SSL_free(ssl_);
    if (context_ != nullptr) SSL_CTX_free(context_);
    if (fd_ >= 0) ::close(fd_);
  }
  TestClient(const TestClient&) = delete;
  TestClient& operator=(const TestClient&) = delete;

  bool start_tls(int max_version = 0) {
    context_ = SSL_CTX_new(TLS_client_method());
    if (max_version != 0) SSL_CTX_set_max_proto_version(context_, max_version);
    ssl_ = SSL_new(context_);
    static constexpr unsigned char kAlpn[] = "\x02h2\x08http/1.1";
    SSL_set_alpn_protos(ssl_, kAlpn, sizeof(kAlpn) - 1);
    SSL_set_fd(ssl_, fd_);
    return SSL_connect(ssl_) == 1;
  }
  std::string alpn() const {
    const unsigned char* name = nullptr;
    unsigned int length = 0;
    SSL_get0_alpn_selected(ssl_, &name, &length);
    return {reinterpret_cast<const char*>(name), length};
  }

  void send(std::string_view bytes) {
    if (ssl_ != nullptr) {
      (void)SSL_write(ssl_, bytes.data(), static_cast<int>(bytes.size()));
      return;
    }
    while (!bytes.empty()) {
      const ssize_t count = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (count <= 0) return;
      bytes.remove_prefix(static_cast<std::size_t>(count));
    }
  }
  void end_sending() { ::shutdown(fd_, SHUT_WR); }

  // Waits for more input; false at the end of the stream.
  bool read_more() {
    char buffer[16384];
    const ssize_t count = ssl_ != nullptr ? SSL_read(ssl_, buffer, sizeof(buffer)) : ::recv(fd_, buffer, sizeof(buffer), 0);
    if (count <= 0) return false;
    input_.append(buffer, static_cast<std::size_t>(count));
    return true;
  }
  std::string read_to_end() {
    while (read_more()) {
    }
    return std::exchange(input_, {});
  }
  // Fewer at the end of the stream.
  std::string read_bytes(std::size_t count) {
    while (input_.size() < count && read_more()) {
    }
    const std::string bytes = input_.substr(0, count);
    input_.erase(0, count);
    return bytes;
  }
  // Status, head and body; status 0 at the end of the stream.
  struct Response {
    int status = 0;
    std::string head;
    std::string body;
  };
  Response read_response(bool with_body = true) {
    std::size_t end = 0;
    while ((end = input_.find("\r\n\r\n")) == std::string::npos) {
      if (!read_more()) return {};
    }
    Response response;
    response.head = input_.substr(0, end + 2);
    input_.erase(0, end + 4);
    response.status = std::stoi(response.head.substr(9, 3));
    const auto at = response.head.find("Content-Length: ");
    const std::size_t length = with_body && at != std::string::npos ? std::stoul(response.head.substr(at + 16)) : 0;
    while (input_.size() < length && read_more()) {
    }
    response.body = input_.substr(0, length);
    input_.erase(0, length);
    return response;
  }
  Response ask(std::string_view request) {
    send(request);
    return read_response();
  }
  Response get(std::string_view target) { return ask("GET " + std::string(target) + " HTTP/1.1\r\nHost: x\r\n\r\n"); }

  static std::string upgrade_request(std::string_view target, std::string_view more = {}) {
    return "GET " + std::string(target) +
           " HTTP/1.1\r\nHost: x\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
           "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
           std::string(more) + "\r\n";
  }
  std::optional<testing_frames::Frame> read_frame() {
    for (;;) {
      if (auto frame = testing_frames::take_server_frame(input_)) return frame;
      if (!read_more()) return std::nullopt;
    }
  }

 private:
  int fd_;
  SSL* ssl_ = nullptr;
  SSL_CTX* context_ = nullptr;
  std::string input_;
};

}  // namespace conclave
