// One sender, N receivers, real SRTP on both sides, through the whole way: Sfu::receive → receive path → fan-out → send path → port.
// Prints packets forwarded per CPU-second, allocations on the packet path, and memory per connected endpoint.
#include <malloc.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <new>
#include <vector>

#include "sfu/counters.h"
#include "sfu/test_peer.h"

namespace {
std::size_t g_allocations = 0;  // the hook below has no other place for it
}

void* operator new(std::size_t size) {
  ++g_allocations;
  if (void* memory = std::malloc(size)) return memory;
  std::abort();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace conclave::sfu {
namespace {

using testing::Datagram;
using testing::Peer;
using testing::World;

constexpr std::size_t kPacketBytes = 1200;
constexpr std::size_t kBatch = 64;

class CountingPort final : public DatagramPort {
 public:
  void send(const Address&, Bytes datagram) override { bytes += datagram.size(); }
  std::uint64_t bytes = 0;
};

// Really sends, 64 at a time, to a loopback socket that nobody reads.
class SocketPort final : public DatagramPort {
 public:
  SocketPort() : sender_(::socket(AF_INET, SOCK_DGRAM, 0)), sink_(::socket(AF_INET, SOCK_DGRAM, 0)) {
    to_.sin_family = AF_INET;
    to_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof(to_);
    if (::bind(sink_, reinterpret_cast<sockaddr*>(&to_), sizeof(to_)) != 0 ||
        ::getsockname(sink_, reinterpret_cast<sockaddr*>(&to_), &length) != 0) {
      std::perror("bind");
      std::exit(1);
    }
    for (std::size_t i = 0; i < kBatch; ++i) {
      parts_[i] = {.iov_base = buffers_[i].data(), .iov_len = 0};
      messages_[i].msg_hdr = {};
      messages_[i].msg_hdr.msg_name = &to_;
      messages_[i].msg_hdr.msg_namelen = sizeof(to_);
      messages_[i].msg_hdr.msg_iov = &parts_[i];
      messages_[i].msg_hdr.msg_iovlen = 1;
    }
  }
  ~SocketPort() override {
    ::close(sender_);
    ::close(sink_);
  }
  void send(const Address&, Bytes datagram) override {
    std::memcpy(buffers_[count_].data(), datagram.data(), datagram.size());
    parts_[count_].iov_len = datagram.size();
    if (++count_ < kBatch) return;
    (void)::sendmmsg(sender_, messages_.data(), kBatch, 0);
    count_ = 0;
  }

 private:
  int sender_;
  int sink_;
  sockaddr_in to_{};
  std::array<std::array<std::byte, 2048>, kBatch> buffers_;
  std::array<iovec, kBatch> parts_;
  std::array<mmsghdr, kBatch> messages_{};
  std::size_t count_ = 0;
};

double cpu_seconds() {
  timespec now{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

std::size_t memory_in_use() {
  const auto info = ::mallinfo2();
  return info.uordblks + info.hblkhd;
}

Datagram packet(std::uint16_t sequence) {
  Datagram clear(kPacketBytes);
  ByteWriter writer{MutableBytes(clear)};
  std::array<std::byte, 2> number;
  ByteWriter(number).u16(sequence);
  const rtp::Extension elements[] = {{5, number}};
  rtp::write_header(writer, {.marker = sequence % 4 == 0, .payload_type = 100, .sequence = sequence, .timestamp = sequence / 4 * 3000u, .ssrc = 0x100},
                    elements);
  const bool key = sequence == 0;
  writer.u8(0x90);
  writer.u8(0xc0);
  writer.u16(static_cast<std::uint16_t>(0x8000 | sequence));
  writer.u8(1);
  writer.u24(key ? 0x100000 : 0x110000);
  if (key) {
    writer.u24(0x9d012a);
    writer.u32(0x8002d002);
  }
  return clear;
}

void run(std::size_t receivers, DatagramPort& port, const char* how) {
  World world;
  Peer sender(world, "sender", 1000);
  sender.connect();
  (void)world.conference->set_sources("sender", {{.name = "sender-v0", .kind = MediaKind::Video, .ssrcs = {0x100}, .rtx = {0x200}}});
  std::vector<std::unique_ptr<Peer>> peers;
  for (std::size_t i = 0; i < receivers; ++i) {
    peers.push_back(std::make_unique<Peer>(world, "peer" + std::to_string(i), static_cast<std::uint16_t>(2000 + i)));
    peers.back()->connect();
    peers.back()->open_channel();
    peers.back()->say(R"({"colibriClass":"ReceiverVideoConstraints","defaultConstraints":{"maxHeight":720}})");
  }
  world.network.divert = &port;

  std::uint16_t sequence = 0;
  std::vector<Datagram> batch;
  const auto prepare = [&](std::size_t count) {
    batch.clear();
    for (std::size_t i = 0; i < count; ++i) batch.push_back(sender.protect_rtp(packet(sequence++)));
  };
  const auto play = [&] {
    for (Datagram& datagram : batch) world.sfu->receive(sender.address, datagram);
  };
  prepare(200);  // the key frame, and the first touch of all memory
  play();

  // Allocations: the packet path alone, without the tick's timers.
  prepare(200);
  const std::size_t allocations = g_allocations;
  play();
  const std::size_t allocated = g_allocations - allocations;

  const std::uint64_t before = world.sfu->counters().forwarded.value();
  double spent = 0;
  const int rounds = receivers >= 100 ? 100 : receivers >= 10 ? 300 : 400;
  for (int i = 0; i < rounds; ++i) {
    prepare(20);
    const double start = cpu_seconds();
    play();
    world.loop.advance(10ms);
    spent += cpu_seconds() - start;
  }
  const auto forwarded = static_cast<double>(world.sfu->counters().forwarded.value() - before);
  const double expected = static_cast<double>(rounds) * 20 * static_cast<double>(receivers);

  const std::size_t full = memory_in_use();
  for (const auto& peer : peers) world.conference->remove_endpoint(peer->name);
  const std::size_t per_receiver = (full - memory_in_use()) / receivers;
  std::printf("%4zu receivers, %-8s: %8.0f packets forwarded per CPU-second (%.2f us each, %.0f of %.0f), %zu allocations in 200 packets, %zu KB per receiver\n",
              receivers, how, forwarded / spent, spent / forwarded * 1e6, forwarded, expected, allocated, per_receiver / 1024);
  if (allocated != 0 || forwarded < expected) std::exit(1);
}

}  // namespace
}  // namespace conclave::sfu

int main() {
  using namespace conclave::sfu;
  CountingPort counting;
  SocketPort socket;
  for (const std::size_t receivers : {2u, 10u, 100u}) {
    run(receivers, counting, "counted");
    run(receivers, socket, "sendmmsg");
  }
}
