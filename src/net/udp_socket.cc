#include "net/udp_socket.h"

#include <netinet/in.h>
#include <netinet/udp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <vector>

#include "base/check.h"
#include "base/log.h"
#include "net/segment_plan.h"
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
    Address address;
    SocketAddress to;
  };

  std::array<Incoming, kBatch> in;
  std::array<iovec, kBatch> in_parts;
  std::array<mmsghdr, kBatch> in_messages;
  std::array<ReceivedDatagram, kBatch> received;

  std::vector<Outgoing> out = std::vector<Outgoing>(kMaxQueued);  // a ring
  std::size_t out_first = 0;
  std::size_t out_count = 0;
  SegmentPlan plan;            // of the ring's first datagrams
  std::size_t next_group = 0;  // what came before has left
  std::array<iovec, kBatch * SegmentPlan::kMaxSegments> out_parts;
  std::array<mmsghdr, kBatch> out_messages;
  struct alignas(cmsghdr) Control {
    std::array<std::byte, CMSG_SPACE(sizeof(std::uint16_t))> bytes;
  };
  std::array<Control, kBatch> out_controls;

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
    : Pinned(loop),
      fd_(fd),
      is_v6_(is_v6),
      local_(local),
      buffers_(std::make_unique<Buffers>()),
      poll_(std::make_shared<Poll>()) {
  for (std::size_t i = 0; i < kBatch; ++i) {
    auto& in = buffers_->in[i];
    buffers_->in_parts[i] = {.iov_base = in.bytes.data(), .iov_len = in.bytes.size()};
    buffers_->in_messages[i] = {};
    buffers_->in_messages[i].msg_hdr.msg_iov = &buffers_->in_parts[i];
    buffers_->in_messages[i].msg_hdr.msg_iovlen = 1;
    buffers_->in_messages[i].msg_hdr.msg_name = &in.from;
    buffers_->out_messages[i] = {};
  }
  CONCLAVE_CHECK(uv_poll_init(loop.raw(), &poll_->handle, fd_) == 0);
  const int none = 0;  // a kernel before 4.18 would send the segments as one datagram
  segmentation_ = ::setsockopt(fd_, SOL_UDP, UDP_SEGMENT, &none, sizeof(none)) == 0;
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
  slot.address = to;
  slot.to = to_sockaddr(to, is_v6_);
  if (blocked_) return;
  if (buffers.out_count >= SegmentPlan::kMaxDatagrams) return flush();
  if (flush_due_) return;
  flush_due_ = true;
  loop().at_turn_end([poll = poll_] {
    if (poll->owner == nullptr) return;
    poll->owner->flush_due_ = false;
    poll->owner->flush();
  });
}

void UdpSocket::plan() {
  Buffers& buffers = *buffers_;
  buffers.plan.clear();
  buffers.next_group = 0;
  const std::size_t count = std::min(buffers.out_count, SegmentPlan::kMaxDatagrams);
  for (std::size_t i = 0; i < count; ++i) {
    const auto& slot = buffers.queued(i);
    buffers.plan.add(slot.address, slot.size, segmentation_);
  }
}

// As many groups as one call takes, from next_group on.
std::size_t UdpSocket::prepare_messages() {
  Buffers& buffers = *buffers_;
  const std::size_t messages = std::min(buffers.plan.groups() - buffers.next_group, kBatch);
  std::size_t parts = 0;
  for (std::size_t i = 0; i < messages; ++i) {
    const SegmentPlan::Group& group = buffers.plan.group(buffers.next_group + i);
    msghdr& header = buffers.out_messages[i].msg_hdr;
    auto& first = buffers.queued(group.first);
    header.msg_name = &first.to;
    header.msg_namelen = first.to.size();
    header.msg_iov = &buffers.out_parts[parts];
    header.msg_iovlen = group.count;
    for (std::uint16_t at = group.first; at != SegmentPlan::kNone; at = buffers.plan.next(at)) {
      auto& slot = buffers.queued(at);
      buffers.out_parts[parts++] = {.iov_base = slot.bytes.data(), .iov_len = slot.size};
    }
    header.msg_control = nullptr;
    header.msg_controllen = 0;
    if (group.count == 1) continue;
    header.msg_control = &buffers.out_controls[i];
    header.msg_controllen = sizeof(buffers.out_controls[i].bytes);
    cmsghdr* control = CMSG_FIRSTHDR(&header);
    control->cmsg_level = SOL_UDP;
    control->cmsg_type = UDP_SEGMENT;
    control->cmsg_len = CMSG_LEN(sizeof(group.size));
    std::memcpy(CMSG_DATA(control), &group.size, sizeof(group.size));
  }
  return messages;
}

void UdpSocket::flush() {
  Buffers& buffers = *buffers_;
  while (!blocked_) {
    if (buffers.next_group == buffers.plan.groups()) {
      count_transit(counters_.transit, buffers, buffers.plan.datagrams());
      buffers.sent(buffers.plan.datagrams());
      plan();
      if (buffers.plan.datagrams() == 0) return;
    }
    const std::size_t messages = prepare_messages();
    const int count = ::sendmmsg(fd_, buffers.out_messages.data(), static_cast<unsigned int>(messages), MSG_DONTWAIT);
    const int error = errno;
    counters_.send_calls.add();
    if (count <= 0) {
      if (!after_error(error)) return;
      continue;
    }
    for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
      counters_.datagrams_out.add(buffers.out_messages[i].msg_hdr.msg_iovlen);
      counters_.bytes_out.add(buffers.out_messages[i].msg_len);
    }
    counters_.messages_out.add(static_cast<std::size_t>(count));
    buffers.next_group += static_cast<std::size_t>(count);
  }
}

// False: wait until the socket can be written.
bool UdpSocket::after_error(int error) {
  Buffers& buffers = *buffers_;
  if (error == EINTR) return true;
  if (error == EAGAIN || error == EWOULDBLOCK) {
    counters_.send_blocked.add();
    blocked_ = true;
    watch();
    return false;
  }
  // The error is the first message's: without it the others may go.
  const std::size_t refused = buffers.next_group++;
  if (buffers.plan.group(refused).count == 1) {
    counters_.dropped_error.add();
    return true;
  }
  // Segments may be refused for one receiver (a narrow path) or for all (a device without checksums: EIO).
  send_singly(refused);
  if (error == EIO || error == EOPNOTSUPP) {
    if (segmentation_) log::warning("UDP segmentation given up", {{"reason", std::strerror(error)}});
    segmentation_ = false;
    while (buffers.next_group < buffers.plan.groups()) send_singly(buffers.next_group++);
  }
  return true;
}

void UdpSocket::send_singly(std::size_t group) {
  Buffers& buffers = *buffers_;
  for (auto at = buffers.plan.group(group).first; at != SegmentPlan::kNone; at = buffers.plan.next(at)) {
    const auto& slot = buffers.queued(at);
    counters_.send_calls.add();
    if (::sendto(fd_, slot.bytes.data(), slot.size, MSG_DONTWAIT, slot.to.get(), slot.to.size()) < 0) {
      counters_.dropped_error.add();
      continue;
    }
    counters_.datagrams_out.add();
    counters_.bytes_out.add(slot.size);
    counters_.messages_out.add();
  }
}

}  // namespace conclave
