#pragma once
// Where media over TCP comes in: tells by the first bytes of a connection whether it is such (the same port may serve
// HTTPS), and by its first packet to which loop it belongs, before anything is made for it. On the loop of its
// listeners.
//
//   first bytes ──► framed ──► first packet whole ──► moved to its loop, unproven until FramedSocket::proven()
//        │            └── too many that have proven nothing, nobody's, too slow: closed
//        └── something else: to the port's own protocol, or closed
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/address.h"
#include "base/counter.h"
#include "base/result.h"
#include "base/unique_function.h"
#include "net/framed_socket.h"
#include "net/net_error.h"
#include "net/stream.h"

namespace conclave {

class TcpListener;

// Outlives the front and its loops.
class FramedHandler {
 public:
  virtual ~FramedHandler() = default;
  // On the front's loop: where the connection that begins with this packet belongs. Nothing: nowhere.
  virtual std::optional<LoopId> loop_of(Bytes first_packet) = 0;
  // On that loop. Destroying the socket refuses it.
  virtual void connected(LoopId home, std::unique_ptr<FramedSocket> socket) = 0;
};

struct FramedFrontOptions {
  static constexpr std::size_t kMaxUnproven = 1'000;
  static constexpr std::size_t kMaxUnprovenOfNetwork = 50;  // a meeting room behind one address begins at once
  static constexpr std::size_t kMaxConnections = 10'000;    // of the front's own port
  static constexpr Duration kFirstTimeout = 10s;            // first bytes and first packet

  std::vector<NetLoop*> loops{};
  std::size_t max_unproven = kMaxUnproven;
  std::size_t max_unproven_of_network = kMaxUnprovenOfNetwork;  // base/network.h
  std::size_t max_connections = kMaxConnections;
  Duration first_timeout = kFirstTimeout;
};

struct FramedCounters {
  Counter taken;           // moved to their loop
  Counter full;            // max_unproven, max_unproven_of_network or max_connections reached
  Counter nobodys;         // the first packet names nobody's loop
  Counter not_understood;  // no STUN, or a packet that is too long
  Counter too_slow;
};

class FramedFront : public Pinned {
 public:
  // Any thread before the loop runs.
  FramedFront(NetLoop& home, FramedHandler& handler, FramedFrontOptions options);
  ~FramedFront();

  // A port for this alone.
  Result<void, NetError> listen(const Address& address, const std::string& port_setting);
  std::uint16_t port() const;  // 0: none
  void stop_listening();

  // A connection of another port, of which nothing was read. `otherwise` gets it back, not reading, with what was read.
  using Otherwise = UniqueFunction<void(std::unique_ptr<Stream>, std::string read)>;
  void sort(std::unique_ptr<Stream> stream, Otherwise otherwise);

  std::size_t unproven() const;
  const FramedCounters& counters() const { return counters_; }

 private:
  class Newcomer;
  void accepted(uv_stream_t* server);
  std::optional<ConnectionSlot> place_for(const Address& peer);
  void move(Newcomer& newcomer, LoopId to);
  void forget(Newcomer* newcomer);

  NetLoop& home_;
  FramedHandler& handler_;
  FramedFrontOptions options_;
  FramedCounters counters_;
  std::shared_ptr<OpenConnections> open_;  // of the own port
  std::unordered_map<std::string, std::shared_ptr<OpenConnections>>
      networks_;  // with unproven ones; those that have none left go with the next newcomer
  std::unique_ptr<TcpListener> listener_;
  std::unordered_map<Newcomer*, std::unique_ptr<Newcomer>> newcomers_;
};

}  // namespace conclave
