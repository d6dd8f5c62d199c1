#pragma once
// What all objects of one SFU share. Owned by Sfu, passed by reference, lives on its loop; outlives everything that refers to it.
#include <array>
#include <cstddef>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/random.h"
#include "loop/loop.h"
#include "sfu/bwe/sent_packets.h"
#include "sfu/conference.h"
#include "sfu/counters.h"
#include "sfu/ingress.h"
#include "sfu/rtp/packet.h"
#include "sfu/sfu.h"
#include "sfu/srtp/srtp_session.h"
#include "sfu/traffic.h"
#include "sfu/wake_list.h"

namespace conclave::sfu {

// What focus is to be told. Kept until no endpoint's code is on the stack: the listener may remove endpoints.
struct PendingEvent {
  enum class Kind : std::uint8_t { Connected, Failed, DominantSpeaker };
  Kind kind;
  const void* conference;  // identity only
  ConferenceListener* listener;
  EndpointId endpoint;
  std::string why;
};

struct Context {
  Context(Loop& of, DatagramPort& to, const dtls::Certificate& identity, Random& source, const SfuOptions& with, const srtp::Library& library)
      : loop(of), port(to), certificate(identity), random(source), options(with), srtp(library) {}

  Loop& loop;
  DatagramPort& port;
  const dtls::Certificate& certificate;
  Random& random;
  const SfuOptions& options;
  std::vector<TcpAddress> tcp;        // likewise
  const srtp::Library& srtp;
  SfuCounters counters;
  Rate rate_in;  // of the counters; stands still when the tick does
  Rate rate_out;
  Ingress ingress;
  WakeList wakes;  // one place for each endpoint
  std::unordered_map<std::string, Conference::State*> conferences;
  Timer tick;  // runs while there are endpoints
  std::vector<PendingEvent> events;
  // Where a packet is put together for one receiver.
  std::array<std::byte, rtp::kMaxPacketBytes + srtp::kMaxTrailerBytes> scratch{};

  std::vector<bwe::PacketFate> fates;  // for what feedback tells of, while it is looked at

  TimePoint now() const { return loop.now(); }
  void send(const Address& to, Bytes datagram) {
    counters.datagrams_out.add();
    counters.bytes_out.add(datagram.size());
    port.send(to, datagram);
  }
};

// Arms the tick if it is not running. In sfu.cc.
void keep_ticking(Context& context);

}  // namespace conclave::sfu
