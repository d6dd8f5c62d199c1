#pragma once
// A TCP connection that carries packets (RFC 4571), on the loop of those whom they are for. FramedFront makes it.
#include <cstddef>
#include <memory>
#include <string>

#include "base/byte_reader.h"
#include "net/framing.h"
#include "net/stream.h"

namespace conclave {

class FramedSocketListener {
 public:
  virtual ~FramedSocketListener() = default;
  // May be changed in place, is gone after the call. Sending is allowed, destroying the socket is not.
  virtual void on_packet(MutableBytes packet) = 0;
  // Once, the last call: the peer ended it, it failed, what came cannot be understood. Destroying the socket is
  // allowed.
  virtual void on_closed() = 0;
};

class FramedSocket final : public Pinned, private StreamListener {
 public:
  // Output that may wait: of media, and of the few packets without which the connection is lost (STUN, DTLS). A peer
  // that reads too slowly loses what comes on top of it, as it would over UDP.
  static constexpr std::size_t kMaxWaitingBytes = 64 * 1024;
  static constexpr std::size_t kMaxWaitingWithControl = 96 * 1024;
  // What the kernel may hold of it besides what is on its way (TCP_NOTSENT_LOWAT).
  static constexpr int kKernelUnsentBytes = 32 * 1024;
  // A peer that does not acknowledge anything for so long is gone (TCP_USER_TIMEOUT).
  static constexpr Duration kDeadAfter = 30s;

  FramedSocket(NetLoop& home, std::unique_ptr<Stream> stream, std::string unread, ConnectionSlot unproven);

  // Not owned. Packets come in later turns.
  void set_listener(FramedSocketListener* listener);
  // Copies; leaves at the end of the turn. False: dropped, because too much waits or the connection is over.
  bool send(Bytes packet);
  // It no longer counts among those of whom nothing is known.
  void proven() { unproven_ = {}; }

  std::size_t waiting_bytes() const { return stream_->buffered_bytes(); }
  const Address& peer() const { return peer_; }

 private:
  void on_bytes(Bytes bytes) override;
  void on_written() override {}
  void on_ended(StreamEnd end) override;
  void close();

  Address peer_;
  std::unique_ptr<Stream> stream_;
  std::string unread_;
  ConnectionSlot unproven_;
  Deframer deframer_;
  FramedSocketListener* listener_ = nullptr;
  bool closed_ = false;
  std::shared_ptr<int> alive_ = std::make_shared<int>(0);  // watched weakly by what runs later
};

}  // namespace conclave
