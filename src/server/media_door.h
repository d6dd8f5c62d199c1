#pragma once
// Media over TCP (RFC 6544): which loop a connection belongs to, and on that loop its packets' way to the SFU and back.
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/address.h"
#include "base/counter.h"
#include "loop/pinned.h"
#include "net/framed_front.h"
#include "sfu/sfu.h"

namespace conclave::server {

class Station;

// An endpoint's ufrag begins with a character that names its loop.
inline constexpr std::size_t kMostLoops = 64;
std::string ufrag_prefix(LoopId loop);
std::optional<LoopId> loop_of_ufrag(std::string_view ufrag);

// Brings each connection to the station that its first packet names. Stateless but for the list.
class MediaDoor final : public FramedHandler {
 public:
  explicit MediaDoor(const std::vector<Station*>& stations) : stations_(stations) {}
  std::optional<LoopId> loop_of(Bytes first_packet) override;
  void connected(LoopId home, std::unique_ptr<FramedSocket> socket) override;

 private:
  const std::vector<Station*>& stations_;
};

// The connections of one loop; lives on it, as the Sfu does, which outlives it. To the SFU each is an address of the
// discard-only network 100::/64 (RFC 6666), which no packet from outside has: see is_path().
class TcpMedia : public Pinned {
 public:
  // Those of endpoints that are gone, or that nothing was proven on, are closed so often.
  static constexpr Duration kSweep = 5s;

  struct Counters {
    Counter packets_in;
    Counter packets_out;
    Counter dropped;     // too much waited: the peer reads too slowly
    Counter not_proven;  // closed after a first packet without the right password
  };

  TcpMedia(Loop& loop, sfu::Sfu& sfu);
  ~TcpMedia();

  void accept(std::unique_ptr<FramedSocket> socket);
  void send(const Address& path, Bytes packet);
  std::size_t open() const { return connections_.size(); }
  const Counters& counters() const { return counters_; }

  static bool is_path(const Address& address) {
    return !address.is_v4() && address.ip_bytes()[0] == std::byte{1} && is_discard(address);
  }

 private:
  class Connection;
  static bool is_discard(const Address& address);
  void close_later(const Address& path);
  void close(const Address& path);
  void sweep();

  sfu::Sfu& sfu_;
  std::unordered_map<Address, std::unique_ptr<Connection>> connections_;
  std::uint64_t next_ = 1;
  Counters counters_;
  Timer sweep_;
  std::shared_ptr<int> alive_ = std::make_shared<int>(0);  // watched weakly by what runs later
};

}  // namespace conclave::server
