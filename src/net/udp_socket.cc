#include "net/udp_socket.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <vector>

#include "base/check.h"
#include "base/log.h"
#include "net/sockaddr.h"

namespace conclave {
namespace {

// Batches read in a row before the other sockets of the loop get their turn.
constexpr int kBatchesPerWakeup = 4;

int kernel_buffer(int fd, int option) {
  int bytes = UdpSocket::kKernelBufferBytes;
  (void)::setsockopt(fd, SOL_SOCKET, option, &bytes, sizeof(bytes));
  socklen_t length = sizeof(bytes);
  (void)::getsockopt(fd, SOL_SOCKET, option, &bytes, &length);
  return bytes / 2;  // the kernel reports twice what is for payload (socket(7))
}

NetError cannot_bind(const Address& address, int error) {
  std::string remedy = "check the address and the port";
  if (error == EADDRINUSE) remedy = "stop the program that holds the port, or choose another with JVB_PORT";
  if (error == EADDRNOTAVAIL) remedy = "use an address of this host, or 0.0.0.0 for all";
  return {"cannot bind UDP " + address.str() + ": " + std::strerror(error), remedy};
}

}  // namespace

struct UdpSocket::Poll {
  uv_poll_t handle{};
  UdpSocket* owner = nullptr;
  std::shared_ptr<Poll> self;
};

// All memory of the packet path, in one piece.
struct UdpSocket::Buffers {
  struct Incoming {
    std::array<std::byte, kMaxDatagramBytes> bytes;
    sockaddr_storage from;
  };
  struct Outgoing {
    std::array<std::byte, kMaxDatagramBytes> bytes;
    std::size_t size;
    TimePoint read_at;  // of the batch that it answers; 0 if it answers none
    SocketAddress to;
  };

  std::array<Incoming, kBatch> in;
  std::array<iovec, kBatch> in_parts;
  std::array<mmsghdr, kBatch> in_messages;
  std::array<ReceivedDatagram, kBatch> received;

  std::vector<Outgoing> out = std::vector<Outgoing>(kMaxQueued);  // a ring
  std::size_t out_first = 0;
  std::size_t out_count = 0;
  std::array<iovec, kBatch> out_parts;
  std::array<mmsghdr, kBatch> out_messages;

  Outgoing& queued(std::size_t i) { return out[(out_first + i) % kMaxQueued]; }
  void sent(std::size_t count) {
    out_first = (out_first + count) % kMaxQueued;
    out_count -= count;
  }
};

namespace {

// The loop's clock stands still during a turn, and a turn is what is measured here.
TimePoint read_clock() { return TimePoint::clock::now(); }

// Those of one batch stand together: one look at the clock and one count for all of them.
template <class Buffers>
void count_transit(TransitTimes& transit, Buffers& buffers, std::size_t sent) {
  const TimePoint now = read_clock();
  for (std::size_t i = 0, end = 0; i < sent; i = end) {
    const TimePoint read_at = buffers.queued(i).read_at;
    for (end = i + 1; end < sent && buffers.queued(end).read_at == read_at;) ++end;
    if (read_at != TimePoint{}) transit.add(now - read_at, end - i);
  }
}

}  // namespace

Result<std::unique_ptr<UdpSocket>, NetError> UdpSocket::bind(UvLoop& loop, const Address& address) {
  const bool all = address.ip() == "0.0.0.0";
  const Address all_v6 = Address::v6(std::array<std::byte, 16>{}, address.port());
  int error = 0;
  const auto open = [&](bool v6) -> int {
    const int fd = ::socket(v6 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) {
      error = errno;
      return -1;
    }
    const int only_v6 = all || address.is_v4() || address == all_v6 ? 0 : 1;
    if (v6) (void)::setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &only_v6, sizeof(only_v6));
    const SocketAddress name = to_sockaddr(v6 && all ? all_v6 : address, v6);
    if (::bind(fd, name.get(), name.size()) == 0) return fd;
    error = errno;
    ::close(fd);
    return -1;
  };
  bool v6 = all || !address.is_v4();
  int fd = open(v6);
  // A host without IPv6 refuses the family or the address; a port in use is no reason to try again.
  if (fd < 0 && all && error != EADDRINUSE && error != EACCES) {
    v6 = false;
    fd = open(false);
  }
  if (fd < 0) return failure(cannot_bind(address, error));

  sockaddr_storage bound{};
  socklen_t length = sizeof(bound);
  (void)::getsockname(fd, reinterpret_cast<sockaddr*>(&bound), &length);
  const std::uint16_t port = from_sockaddr(bound).port();
  const int receive_bytes = kernel_buffer(fd, SO_RCVBUF);
  const int send_bytes = kernel_buffer(fd, SO_SNDBUF);
  log::info("UDP socket bound", {{"address", address.with_port(port).str()},
                                 {"ipv6", v6 ? "yes" : "no"},
                                 {"receive_buffer_bytes", receive_bytes},
                                 {"send_buffer_bytes", send_bytes}});
  return std::unique_ptr<UdpSocket>(new UdpSocket(loop, fd, v6, address.with_port(port)));
}

UdpSocket::UdpSocket(UvLoop& loop, int fd, bool is_v6, Address local)
    : Pinned(loop), fd_(fd), is_v6_(is_v6), local_(local), buffers_(std::make_unique<Buffers>()), poll_(std::make_shared<Poll>()) {
  for (std::size_t i = 0; i < kBatch; ++i) {
    auto& in = buffers_->in[i];
    buffers_->in_parts[i] = {.iov_base = in.bytes.data(), .iov_len = in.bytes.size()};
    buffers_->in_messages[i] = {};
    buffers_->in_messages[i].msg_hdr.msg_iov = &buffers_->in_parts[i];
    buffers_->in_messages[i].msg_hdr.msg_iovlen = 1;
    buffers_->in_messages[i].msg_hdr.msg_name = &in.from;
    buffers_->out_messages[i] = {};
    buffers_->out_messages[i].msg_hdr.msg_iov = &buffers_->out_parts[i];
    buffers_->out_messages[i].msg_hdr.msg_iovlen = 1;
  }
  CONCLAVE_CHECK(uv_poll_init(loop.raw(), &poll_->handle, fd_) == 0);
  poll_->handle.data = poll_.get();
  poll_->owner = this;
  poll_->self = poll_;
}

UdpSocket::~UdpSocket() {
  poll_->owner = nullptr;
  uv_poll_stop(&poll_->handle);
  uv_close(reinterpret_cast<uv_handle_t*>(&poll_->handle), [](uv_handle_t* handle) {
    const std::shared_ptr<Poll> last = std::move(static_cast<Poll*>(handle->data)->self);
  });
  ::close(fd_);
}

void UdpSocket::set_listener(DatagramListener* listener) {
  listener_ = listener;
  watch();
}

void UdpSocket::watch() {
  const int events = (listener_ != nullptr ? UV_READABLE : 0) | (blocked_ ? UV_WRITABLE : 0);
  if (events == 0) {
    uv_poll_stop(&poll_->handle);
    return;
  }
  uv_poll_start(&poll_->handle, events, [](uv_poll_t* handle, int status, int ready) {
    const std::shared_ptr<Poll> poll = static_cast<Poll*>(handle->data)->self;
    if (poll == nullptr || poll->owner == nullptr) return;
    if ((ready & UV_WRITABLE) != 0) {
      poll->owner->blocked_ = false;
      poll->owner->watch();
      poll->owner->flush();
    }
    if (status < 0) poll->owner->watch();  // libuv stopped watching; recvmmsg fetches the error and so clears it
    if ((ready & UV_READABLE) != 0 || status < 0) poll->owner->readable();
  });
}

void UdpSocket::readable() {
  const std::shared_ptr<Poll> poll = poll_;
  for (int round = 0; round < kBatchesPerWakeup; ++round) {
    if (listener_ == nullptr) return;
    Buffers& buffers = *buffers_;
    for (auto& message : buffers.in_messages) message.msg_hdr.msg_namelen = sizeof(sockaddr_storage);
    const int count = ::recvmmsg(fd_, buffers.in_messages.data(), kBatch, MSG_DONTWAIT, nullptr);
    if (count <= 0) return;
    counters_.receive_calls.add();
    std::size_t taken = 0;
    std::size_t bytes = 0;
    for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
      if ((buffers.in_messages[i].msg_hdr.msg_flags & MSG_TRUNC) != 0) {
        counters_.truncated.add();
        continue;
      }
      const std::size_t size = buffers.in_messages[i].msg_len;
      bytes += size;
      buffers.received[taken++] = {from_sockaddr(buffers.in[i].from), MutableBytes(buffers.in[i].bytes).first(size)};
    }
    counters_.datagrams_in.add(taken);
    counters_.bytes_in.add(bytes);
    read_at_ = taken > 0 ? read_clock() : TimePoint{};
    if (taken > 0) listener_->datagrams(std::span(buffers.received).first(taken));
    if (poll->owner == nullptr) return;
    read_at_ = {};
    if (static_cast<std::size_t>(count) < kBatch) return;
  }
}

void UdpSocket::send(const Address& to, Bytes bytes) {
  assert_here();
  Buffers& buffers = *buffers_;
  if (bytes.size() > kMaxDatagramBytes || (!to.is_v4() && !is_v6_)) return counters_.dropped_error.add();
  if (buffers.out_count == kMaxQueued) return counters_.dropped_full.add();
  auto& slot = buffers.queued(buffers.out_count++);
  if (!bytes.empty()) std::memcpy(slot.bytes.data(), bytes.data(), bytes.size());
  slot.size = bytes.size();
  slot.read_at = read_at_;
  slot.to = to_sockaddr(to, is_v6_);
  if (blocked_) return;
  if (buffers.out_count >= kBatch) return flush();
  if (flush_due_) return;
  flush_due_ = true;
  loop().at_turn_end([poll = poll_] {
    if (poll->owner == nullptr) return;
    poll->owner->flush_due_ = false;
    poll->owner->flush();
  });
}

void UdpSocket::flush() {
  Buffers& buffers = *buffers_;
  while (buffers.out_count > 0 && !blocked_) {
    const std::size_t batch = std::min(buffers.out_count, kBatch);
    for (std::size_t i = 0; i < batch; ++i) {
      auto& slot = buffers.queued(i);
      buffers.out_parts[i] = {.iov_base = slot.bytes.data(), .iov_len = slot.size};
      buffers.out_messages[i].msg_hdr.msg_name = &slot.to;
      buffers.out_messages[i].msg_hdr.msg_namelen = slot.to.size();
    }
    const int count = ::sendmmsg(fd_, buffers.out_messages.data(), static_cast<unsigned int>(batch), MSG_DONTWAIT);
    counters_.send_calls.add();
    if (count > 0) {
      std::size_t bytes = 0;
      for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) bytes += buffers.queued(i).size;
      count_transit(counters_.transit, buffers, static_cast<std::size_t>(count));
      counters_.datagrams_out.add(static_cast<std::size_t>(count));
      counters_.bytes_out.add(bytes);
      buffers.sent(static_cast<std::size_t>(count));
      continue;
    }
    if (errno == EINTR) continue;
    if (errno == EAGAIN || errno == EWOULDBLOCK) {
      counters_.send_blocked.add();
      blocked_ = true;
      watch();
      return;
    }
    // The error is the first datagram's: without it the others may go.
    counters_.dropped_error.add();
    buffers.sent(1);
  }
}

}  // namespace conclave
