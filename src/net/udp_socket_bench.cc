// Frames of four 1,200-byte packets to 100 receivers, as an SFU's fan-out queues them (packet by packet, all receivers
// each), with and without segmentation offload. Prints datagrams per CPU-second of the sending thread. Nobody reads:
// the kernel's work for a reader is not in it.
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <ctime>
#include <thread>
#include <vector>

#include "net/sockaddr.h"
#include "net/udp_socket.h"

namespace conclave {
namespace {

constexpr int kReceivers = 100;
constexpr int kFrames = 500;
constexpr int kPacketsPerFrame = 4;

double cpu_seconds() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

void run(UvLoop& loop, UdpSocket& socket, const std::vector<Address>& receivers, std::size_t bytes, bool segments) {
  socket.use_segmentation(segments);
  const std::array<std::byte, 1300> packet{};
  const std::uint64_t before = socket.counters().datagrams_out.value();
  int frames = 0;
  const double start = cpu_seconds();
  double end = start;
  const auto frame = [&](const auto& self) -> void {
    if (++frames > kFrames) {
      end = cpu_seconds();
      return loop.stop();
    }
    for (int i = 0; i < kPacketsPerFrame; ++i) {
      for (const Address& to : receivers) socket.send(to, std::span(packet).first(bytes));
    }
    loop.post([&self] { self(self); });
  };
  loop.post([&] { frame(frame); });
  loop.run();
  const auto sent = static_cast<double>(socket.counters().datagrams_out.value() - before);
  std::printf("%4zu bytes, %-20s %8.0f datagrams per CPU-second (%.0f of %d)\n", bytes,
              segments ? "with segmentation:" : "one by one:", sent / (end - start), sent,
              kFrames * kPacketsPerFrame * kReceivers);
}

}  // namespace
}  // namespace conclave

int main() {
  using namespace conclave;
  std::vector<Address> receivers;
  std::vector<int> sockets;
  for (int i = 0; i < kReceivers; ++i) {
    sockets.push_back(::socket(AF_INET, SOCK_DGRAM, 0));
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof(at);
    if (::bind(sockets.back(), reinterpret_cast<sockaddr*>(&at), sizeof(at)) != 0 ||
        ::getsockname(sockets.back(), reinterpret_cast<sockaddr*>(&at), &length) != 0)
      return 1;
    receivers.push_back(Address::v4(INADDR_LOOPBACK, ntohs(at.sin_port)));
  }
  for (const std::size_t bytes : {1200u, 100u}) {
    for (const bool segments : {false, true}) {
      UvLoop loop(LoopId{0});
      auto socket = UdpSocket::bind(loop, Address::v4(INADDR_LOOPBACK, 0));
      if (!socket) return 1;
      run(loop, **socket, receivers, bytes, segments);
      socket->reset();
    }
  }
  for (const int fd : sockets) ::close(fd);
}
