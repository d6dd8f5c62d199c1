#pragma once
// One UDP port of a loop. Receives and sends in batches (recvmmsg, sendmmsg); what goes to one receiver in one size
// leaves as one message that the kernel cuts (UDP_SEGMENT), where the host can. Allocates nothing per datagram.
#include <cstddef>
#include <memory>
#include <span>

#include "base/address.h"
#include "base/byte_reader.h"
#include "base/result.h"
#include "loop/pinned.h"
#include "loop/uv_loop.h"
#include "net/net_counters.h"
#include "net/net_error.h"

namespace conclave {

struct ReceivedDatagram {
  Address from;
  MutableBytes bytes;  // the socket's buffer: may be changed in place, is reused after the call
};

class DatagramListener {
 public:
  virtual ~DatagramListener() = default;
  // All that came at once, at most kBatch. Sending is allowed; destroying the socket too.
  virtual void datagrams(std::span<const ReceivedDatagram> batch) = 0;
};

// Lives on its loop; owned by whoever bound it.
class UdpSocket : public Pinned {
 public:
  static constexpr std::size_t kBatch = 64;
  static constexpr std::size_t kMaxDatagramBytes = 1536;  // longer ones are dropped and counted, in both directions
  static constexpr std::size_t kMaxQueued = 2048;  // datagrams that wait for the kernel; more are dropped and counted
  static constexpr int kKernelBufferBytes = 4 * 1024 * 1024;

  // Port 0: any free one. The address 0.0.0.0 means all, IPv6 too where the host has it. Any thread before the loop
  // runs, or on the loop.
  static Result<std::unique_ptr<UdpSocket>, NetError> bind(UvLoop& loop, const Address& address);
  ~UdpSocket();

  // Not owned. Without one, datagrams stay in the kernel.
  void set_listener(DatagramListener* listener);
  // Copies; goes out when SegmentPlan::kMaxDatagrams wait or the turn ends. Datagrams to one address keep their order.
  void send(const Address& to, Bytes bytes);

  // For benchmarks: on where the kernel can.
  void use_segmentation(bool use) { segmentation_ = use; }

  std::uint16_t port() const { return local_.port(); }
  Address local() const { return local_; }
  const UdpCounters& counters() const { return counters_; }

 private:
  struct Poll;
  struct Buffers;

  UdpSocket(UvLoop& loop, int fd, bool is_v6, Address local);
  void readable();
  void flush();
  void plan();
  std::size_t prepare_messages();
  bool after_error(int error);
  void send_singly(std::size_t group);
  void watch();

  int fd_;
  bool is_v6_;
  bool blocked_ = false;  // the kernel's buffer is full: wait for writable
  bool segmentation_ = true;
  bool flush_due_ = false;  // at the end of this turn
  TimePoint read_at_{};     // the batch that is looked at now; none: 0
  Address local_;
  DatagramListener* listener_ = nullptr;
  UdpCounters counters_;
  std::unique_ptr<Buffers> buffers_;
  std::shared_ptr<Poll> poll_;  // outlives the socket until libuv let go of it
};

}  // namespace conclave
