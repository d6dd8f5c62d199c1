#pragma once
// For tests and benchmarks of this folder: clients made of the real ICE, DTLS and SRTP machines, joined to an Sfu by a network that is a
// queue. Time is a ManualLoop's.
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/random.h"
#include "loop/manual_loop.h"
#include "sfu/conference.h"
#include "sfu/dtls/dtls_session.h"
#include "sfu/ice/ice_agent.h"
#include "sfu/rtp/packet.h"
#include "sfu/rtp/rtcp.h"
#include "sfu/sfu.h"
#include "sfu/srtp/srtp_session.h"

namespace conclave::sfu::testing {

using Datagram = std::vector<std::byte>;

class Peer;

// What the SFU sends is queued for the peer at that address; `deliver` hands it over.
class Network final : public DatagramPort {
 public:
  void send(const Address& to, Bytes datagram) override {
    ++sent;
    if (divert != nullptr) return divert->send(to, datagram);
    queue.emplace_back(to, Datagram(datagram.begin(), datagram.end()));
  }
  std::vector<std::pair<Address, Datagram>> queue;
  std::uint64_t sent = 0;
  DatagramPort* divert = nullptr;  // benchmarks: where packets go instead
};

class Listener final : public ConferenceListener {
 public:
  void endpoint_connected(const EndpointId& endpoint) override { connected.push_back(endpoint); }
  void endpoint_failed(const EndpointId& endpoint, std::string_view why) override { failed.push_back(endpoint + ": " + std::string(why)); }
  void dominant_speaker_changed(const EndpointId& endpoint) override { dominant.push_back(endpoint); }
  std::vector<std::string> connected, failed, dominant;
};

class Writer final : public ChannelWriter {
 public:
  void send_text(std::string_view message) override { messages.emplace_back(message); }
  void close(std::uint16_t code, std::string_view reason) override { closed = std::to_string(code) + " " + std::string(reason); }
  // Takes the messages of that class.
  std::vector<std::string> take(std::string_view kind) {
    std::vector<std::string> result;
    for (const std::string& m : messages) {
      if (m.find("\"" + std::string(kind) + "\"") != std::string::npos) result.push_back(m);
    }
    messages.clear();
    return result;
  }
  std::vector<std::string> messages;
  std::string closed;
};

inline MediaDescription usual_media() {
  return {.payload_types = {{.id = 111, .codec = "opus", .clock_rate = 48000, .associated = {}},
                            {.id = 100, .codec = "vp8", .clock_rate = 90000, .associated = {}},
                            {.id = 96, .codec = "rtx", .clock_rate = 90000, .associated = 100},
                            {.id = 101, .codec = "vp9", .clock_rate = 90000, .associated = {}},
                            {.id = 97, .codec = "rtx", .clock_rate = 90000, .associated = 101}},
          .extensions = {.audio_level = 1, .abs_send_time = 3, .transport_cc = 5, .mid = 10, .dependency_descriptor = 11}};
}

// The loop, the SFU, one conference; and the world.
class World {
 public:
  explicit World(SfuOptions options = {}) : certificate(random, loop.wall_now()) {
    options.advertised = {server};
    options.srtp = &library;
    sfu = std::make_unique<Sfu>(loop, network, certificate, random, options);
    conference = sfu->create_conference(listener);
  }

  const Address server = Address::v4(0xc6336418, 10000);
  ManualLoop loop;
  SeededRandom random{1};
  srtp::Library library;
  dtls::Certificate certificate;
  Network network;
  Listener listener;
  std::unique_ptr<Sfu> sfu;
  std::unique_ptr<Conference> conference;
  std::map<Address, Peer*> peers;

  void deliver();
  void advance(Duration by, Duration step = 10ms) {
    for (Duration done{}; done < by; done += step) {
      loop.advance(step);
      deliver();
    }
  }
};

class Peer {
 public:
  Peer(World& world, std::string id, std::uint16_t port)
      : name(std::move(id)), address(Address::v4(0xc0000201, port)), world_(world), certificate_(world.random, world.loop.wall_now()),
        ice_(world.random, world.loop.now(), {.role = ice::Role::Controlled}) {
    world_.peers[address] = this;
  }
  ~Peer() { world_.peers.erase(address); }

  // The whole way: offer, answer, checks, handshake.
  void connect(const MediaDescription& media = usual_media(), SsrcUse ssrcs = SsrcUse::AsSent) {
    const auto offer = world_.conference->add_endpoint(name, ssrcs);
    CONCLAVE_CHECK(offer.has_value());
    local = *offer;
    CONCLAVE_CHECK(world_.conference->accept(name, answer(), media) == EndpointError::None);
    start();
    for (int i = 0; i < 100 && !srtp; ++i) world_.advance(50ms);
    CONCLAVE_CHECK(srtp.has_value());
    world_.advance(50ms);
    forget();
  }
  RemoteTransport answer() const {
    return {.ufrag = ice_.local().ufrag,
            .pwd = ice_.local().pwd,
            .fingerprints = {{.hash = certificate_.fingerprint().algorithm, .value = certificate_.fingerprint().value}},
            .candidates = {}};
  }
  void start() {
    ice::Candidate candidate = ice::host_candidate(world_.server);
    CONCLAVE_CHECK(ice_.set_remote(world_.loop.now(), {.ufrag = local.ufrag, .pwd = local.pwd}, {candidate}));
    drain();
  }

  void receive(Datagram datagram) {
    const auto first = std::to_integer<int>(datagram[0]);
    const TimePoint now = world_.loop.now();
    if (first <= 3) {
      ice_.receive(now, world_.server, datagram);
    } else if (first < 64) {
      if (dtls_) dtls_->receive(now, datagram);
    } else if (rtp::looks_like_rtcp(datagram)) {
      const auto length = srtp->unprotect_rtcp(datagram);
      CONCLAVE_CHECK(length.has_value());
      datagram.resize(*length);
      rtcp.push_back(std::move(datagram));
    } else {
      const auto length = srtp->unprotect_rtp(datagram);
      CONCLAVE_CHECK(length.has_value());
      datagram.resize(*length);
      rtp.push_back(std::move(datagram));
    }
    drain();
  }
  void advance() {
    const TimePoint now = world_.loop.now();
    if (const auto at = ice_.deadline(); !frozen && at && *at <= now) ice_.advance(now);
    if (dtls_) {
      if (const auto at = dtls_->deadline(); at && *at <= now) dtls_->advance(now);
    }
    drain();
  }

  Datagram protect_rtp(Bytes clear) {
    Datagram buffer(clear.begin(), clear.end());
    buffer.resize(clear.size() + srtp::kMaxTrailerBytes);
    buffer.resize(srtp->protect_rtp(buffer, clear.size()).value());
    return buffer;
  }
  void send_rtp(Bytes clear) { world_.sfu->receive(address, MutableBytes(buffer_ = protect_rtp(clear))); world_.deliver(); }
  void send_rtcp(Bytes clear) {
    Datagram buffer(clear.begin(), clear.end());
    buffer.resize(clear.size() + srtp::kMaxTrailerBytes);
    buffer.resize(srtp->protect_rtcp(buffer, clear.size()).value());
    world_.sfu->receive(address, buffer);
    world_.deliver();
  }
  void open_channel() {
    channel = world_.sfu->open_channel(local.channel_conference, name, local.channel_password, writer);
    CONCLAVE_CHECK(channel != nullptr);
  }
  void say(std::string_view message) { channel->message(message); world_.advance(10ms); }
  void forget() {
    rtp.clear();
    rtcp.clear();
  }

  const std::string name;
  const Address address;
  LocalTransport local;
  std::optional<srtp::SrtpSession> srtp;
  std::vector<Datagram> rtp, rtcp;  // received, in clear
  Writer writer;
  std::unique_ptr<Sfu::Channel> channel;
  bool frozen = false;  // answers and asks nothing

 private:
  void drain() {
    const TimePoint now = world_.loop.now();
    while (const auto event = ice_.next_event()) {
      if (event->kind == ice::IceEvent::Kind::Connected && !dtls_) {
        dtls_.emplace(certificate_, dtls::Role::Client, now);
        dtls_->set_remote_fingerprints(now, {{.algorithm = local.fingerprint.hash, .value = local.fingerprint.value}});
      }
    }
    while (const auto datagram = ice_.next_datagram()) {
      if (!frozen) world_.sfu->receive(address, MutableBytes(buffer_ = datagram->bytes));
    }
    if (!dtls_) return;
    while (const auto datagram = dtls_->next_datagram()) world_.sfu->receive(address, MutableBytes(buffer_ = *datagram));
    while (const auto event = dtls_->next_event()) {
      if (event->kind == dtls::DtlsEvent::Kind::Connected) srtp.emplace(world_.library, *dtls_->keying_material(), srtp::Side::Client);
    }
  }

  World& world_;
  dtls::Certificate certificate_;
  ice::IceAgent ice_;
  std::optional<dtls::DtlsSession> dtls_;
  Datagram buffer_;
};

inline void World::deliver() {
  loop.run_ready();
  for (auto& [at, peer] : peers) peer->advance();
  while (!network.queue.empty()) {
    auto batch = std::exchange(network.queue, {});
    for (auto& [to, datagram] : batch) {
      const auto found = peers.find(to);
      if (found != peers.end() && !found->second->frozen) found->second->receive(std::move(datagram));
    }
  }
}

}  // namespace conclave::sfu::testing
