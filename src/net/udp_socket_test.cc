#include "net/udp_socket.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <future>

#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>

#include "net/interfaces.h"
#include "net/test_client.h"

namespace {
std::atomic<bool> kernel_is_full{false};
std::atomic<int> segments_refused_with{0};  // errno
}  // namespace

// Stands before libc's: loopback never lets a sender wait, so a full kernel has to be played.
extern "C" int sendmmsg(int fd, mmsghdr* messages, unsigned int count, int flags) {
  if (kernel_is_full) {
    errno = EAGAIN;
    return -1;
  }
  if (segments_refused_with != 0 && count > 0 && messages[0].msg_hdr.msg_control != nullptr) {
    errno = segments_refused_with;
    return -1;
  }
  return static_cast<int>(::syscall(SYS_sendmmsg, fd, messages, count, flags));
}

namespace conclave {
namespace {

using ::testing::HasSubstr;

// Sends everything back, in upper case to show that the buffer may be changed.
class Echo final : public DatagramListener {
 public:
  explicit Echo(UdpSocket& socket) : socket_(socket) {}
  void datagrams(std::span<const ReceivedDatagram> batch) override {
    for (const auto& datagram : batch) {
      if (!datagram.bytes.empty()) datagram.bytes[0] ^= std::byte{0x20};
      socket_.send(datagram.from, datagram.bytes);
    }
  }

 private:
  UdpSocket& socket_;
};

class TestPeer {
 public:
  TestPeer(int family, std::uint16_t port) : fd_(::socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    const timeval limit{10, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
    const auto ip = family == AF_INET ? Address::parse("127.0.0.1", port) : Address::parse("::1", port);
    const SocketAddress to = to_sockaddr(*ip);
    connected_ = ::connect(fd_, to.get(), to.size()) == 0;
  }
  ~TestPeer() { ::close(fd_); }
  bool connected() const { return connected_; }
  void send(std::string_view bytes) { (void)::send(fd_, bytes.data(), bytes.size(), 0); }
  std::string receive() {
    char buffer[4096];
    const ssize_t count = ::recv(fd_, buffer, sizeof(buffer), 0);
    return count < 0 ? "nothing" : std::string(buffer, static_cast<std::size_t>(count));
  }

 private:
  int fd_;
  bool connected_;
};

class UdpSocketTest : public ::testing::Test {
 protected:
  ~UdpSocketTest() override {
    thread_.stop();
    socket_.reset();
  }
  std::uint16_t bind(const Address& address) {
    auto socket = UdpSocket::bind(thread_.loop, address);
    CONCLAVE_CHECK(socket.has_value());
    socket_ = std::move(*socket);
    echo_ = std::make_unique<Echo>(*socket_);
    socket_->set_listener(echo_.get());
    return socket_->port();
  }

  LoopThread thread_{0};
  std::unique_ptr<UdpSocket> socket_;
  std::unique_ptr<Echo> echo_;
};

TEST_F(UdpSocketTest, CarriesBatchesBothWays) {
  TestPeer peer(AF_INET, bind(Address::v4(0x7f000001, 0)));
  // All lie in the kernel before the loop begins, so that they come as batches.
  for (int i = 0; i < 150; ++i) peer.send("a" + std::to_string(i));
  thread_.start();
  for (int i = 0; i < 150; ++i) EXPECT_EQ(peer.receive(), "A" + std::to_string(i));
  thread_.stop();
  const UdpCounters& counters = socket_->counters();
  EXPECT_EQ(counters.datagrams_in.value(), 150u);
  EXPECT_EQ(counters.datagrams_out.value(), 150u);
  EXPECT_EQ(counters.receive_calls.value(), 3u);
  EXPECT_LE(counters.send_calls.value(), 3u);
}

// 15 frames of four packets, the last of each shorter.
TEST_F(UdpSocketTest, WhatGoesToOneReceiverLeavesAsSegmentsAndArrivesAsItWas) {
  TestPeer peer(AF_INET, bind(Address::v4(0x7f000001, 0)));
  const auto text = [](int i) { return std::string(i % 4 == 3 ? 100 : 1000, static_cast<char>('0' + i)); };
  for (int i = 0; i < 60; ++i) peer.send("a" + text(i));
  thread_.start();
  for (int i = 0; i < 60; ++i) EXPECT_EQ(peer.receive(), "A" + text(i));
  thread_.stop();
  const UdpCounters& counters = socket_->counters();
  EXPECT_EQ(counters.datagrams_out.value(), 60u);
  EXPECT_EQ(counters.bytes_out.value(), 15u * 3104u);
  EXPECT_EQ(counters.messages_out.value(), 15u);
}

TEST_F(UdpSocketTest, SegmentsThatTheKernelRefusesAreSentOneByOne) {
  for (const int error : {EINVAL, EIO}) {
    LoopThread thread{1};
    auto socket = UdpSocket::bind(thread.loop, Address::v4(0x7f000001, 0)).value();
    Echo echo(*socket);
    socket->set_listener(&echo);
    TestPeer peer(AF_INET, socket->port());
    segments_refused_with = error;
    for (int i = 0; i < 40; ++i) peer.send("a" + std::to_string(10 + i));
    thread.start();
    for (int i = 0; i < 40; ++i) EXPECT_EQ(peer.receive(), "A" + std::to_string(10 + i));
    thread.stop();
    segments_refused_with = 0;
    EXPECT_EQ(socket->counters().datagrams_out.value(), 40u);
    EXPECT_EQ(socket->counters().messages_out.value(), 40u);
    EXPECT_EQ(socket->counters().dropped_error.value(), 0u);
  }
}

TEST_F(UdpSocketTest, CountsTheTimeFromReadToWrite) {
  TestPeer peer(AF_INET, bind(Address::v4(0x7f000001, 0)));
  for (int i = 0; i < 100; ++i) peer.send("a");
  thread_.start();
  for (int i = 0; i < 100; ++i) EXPECT_EQ(peer.receive(), "A");
  // What answers nothing that came has no such time.
  std::promise<void> sent;
  thread_.loop.post([&] {
    socket_->send(Address::v4(0x7f000001, socket_->port()), as_bytes("x"));
    socket_->set_listener(nullptr);
    sent.set_value();
  });
  sent.get_future().wait();
  while (socket_->counters().datagrams_out.value() < 101) std::this_thread::yield();
  thread_.stop();
  const TransitTimes& transit = socket_->counters().transit;
  std::uint64_t all = 0;
  for (std::size_t i = 0; i <= TransitTimes::kBounds; ++i) all += transit.count(i);
  EXPECT_EQ(all, 100u);
  EXPECT_GT(transit.seconds(), 0);
}

TEST(TransitTimes, EachBoundIsTwiceTheOneBefore) {
  TransitTimes times;
  times.add(0us, 1);
  times.add(16us, 1);
  times.add(16001ns, 2);
  times.add(32us, 1);
  times.add(33us, 1);
  times.add(10s, 5);
  EXPECT_EQ(times.count(0), 2u);
  EXPECT_EQ(times.count(1), 3u);
  EXPECT_EQ(times.count(2), 1u);
  EXPECT_EQ(times.count(TransitTimes::kBounds), 5u);
  EXPECT_DOUBLE_EQ(TransitTimes::bound_seconds(0), 16e-6);
  EXPECT_DOUBLE_EQ(TransitTimes::bound_seconds(TransitTimes::kBounds - 1), 1.048576);
  EXPECT_NEAR(times.seconds(), 50.000113, 1e-6);
}

TEST_F(UdpSocketTest, KeepsSoMuchWhileTheKernelIsFullAndDropsTheRest) {
  bind(Address::v4(0x7f000001, 0));
  const Address to = Address::v4(0x7f000001, socket_->port());  // to itself, where nobody listens
  socket_->set_listener(nullptr);
  thread_.start();
  kernel_is_full = true;
  std::promise<void> queued;
  thread_.loop.post([&] {
    for (std::size_t i = 0; i < UdpSocket::kMaxQueued + 10; ++i) socket_->send(to, as_bytes("x"));
    queued.set_value();
  });
  queued.get_future().wait();
  kernel_is_full = false;
  // Ends only when the loop was told that it may write again and all went out.
  const UdpCounters& counters = socket_->counters();
  while (counters.datagrams_out.value() < UdpSocket::kMaxQueued) std::this_thread::yield();
  thread_.stop();
  EXPECT_EQ(counters.dropped_full.value(), 10u);
  EXPECT_EQ(counters.datagrams_out.value(), UdpSocket::kMaxQueued);
  EXPECT_GE(counters.send_blocked.value(), 1u);
}

TEST_F(UdpSocketTest, SpeaksBothFamiliesOnOnePort) {
  const std::uint16_t port = bind(Address::v4(0, 0));
  thread_.start();
  TestPeer v4(AF_INET, port);
  v4.send("x");
  EXPECT_EQ(v4.receive(), "X");
  TestPeer v6(AF_INET6, port);
  if (!v6.connected()) GTEST_SKIP() << "no IPv6 here";
  v6.send("y");
  EXPECT_EQ(v6.receive(), "Y");
}

TEST_F(UdpSocketTest, DropsAndCountsWhatIsTooLong) {
  TestPeer peer(AF_INET, bind(Address::v4(0x7f000001, 0)));
  peer.send(std::string(UdpSocket::kMaxDatagramBytes + 1, 'z'));
  peer.send("");
  peer.send("b");
  thread_.start();
  EXPECT_EQ(peer.receive(), "");
  EXPECT_EQ(peer.receive(), "B");
  std::promise<void> sent;
  thread_.loop.post([&] {
    const std::vector<std::byte> large(UdpSocket::kMaxDatagramBytes + 1);
    socket_->send(*Address::parse("127.0.0.1", 9), large);
    socket_->send(*Address::parse("::1", 9), {});  // not a family of this socket
    sent.set_value();
  });
  sent.get_future().get();
  thread_.stop();
  EXPECT_EQ(socket_->counters().truncated.value(), 1u);
  EXPECT_EQ(socket_->counters().dropped_error.value(), 2u);
}

TEST_F(UdpSocketTest, GoesOnBehindADatagramThatTheKernelRefuses) {
  const std::uint16_t port = bind(Address::v4(0x7f000001, 0));
  TestPeer peer(AF_INET, port);
  peer.send("q");
  thread_.loop.post([&] { socket_->send(Address::v4(0xffffffff, 9), as_bytes("broadcast is not permitted")); });
  thread_.start();
  EXPECT_EQ(peer.receive(), "Q");
  thread_.stop();
  EXPECT_EQ(socket_->counters().dropped_error.value(), 1u);
}

TEST_F(UdpSocketTest, NamesTheAddressThatIsTaken) {
  const Address taken = Address::v4(0x7f000001, bind(Address::v4(0x7f000001, 0)));
  const auto second = UdpSocket::bind(thread_.loop, taken);
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error().problem, HasSubstr(taken.str()));
  EXPECT_THAT(second.error().remedy, HasSubstr("JVB_PORT"));
}

TEST(LocalAddresses, AlwaysHasSomethingAndSaysEachOnce) {
  const auto addresses = local_addresses({.with_loopback = true});
  EXPECT_FALSE(addresses.empty());
  for (const auto& address : addresses)
    EXPECT_EQ(std::count(addresses.begin(), addresses.end(), address), 1) << address.str();
}

}  // namespace
}  // namespace conclave
