#pragma once
// One client of a load: a UDP socket, and the real ICE, DTLS and SRTP machines in their other roles. Lives in the
// generator's one thread.
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/address.h"
#include "base/random.h"
#include "base/time.h"
#include "sfu/dtls/dtls_session.h"
#include "sfu/ice/ice_agent.h"
#include "sfu/load/stream.h"
#include "sfu/srtp/srtp_session.h"

namespace conclave::load {

// What all clients share.
struct World {
  SystemRandom random;
  srtp::Library library;
  std::optional<dtls::Certificate> certificate;
  Address bind;  // port 0
};

struct Counts {
  std::uint64_t sent = 0;
  std::uint64_t delivered = 0;   // media packets; no padding streams, no retransmissions
  std::uint64_t verified = 0;    // of them decrypted
  std::uint64_t bad = 0;         // could not be
  std::vector<Duration> delays;  // of those that were decrypted, from when they were made to when the client read them
};

struct Remote {
  ice::IceCredentials credentials;
  std::string fingerprint;  // sha-256
  Address address;
  std::uint8_t payload_type = 0;  // what is counted
};

class Client {
 public:
  Client(World& world, std::string id, ice::Role role, TimePoint now);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  const std::string& id() const { return id_; }
  int fd() const { return fd_; }
  std::uint16_t port() const;
  const ice::IceCredentials& credentials() const { return ice_.local(); }
  bool connected() const { return srtp_.has_value(); }
  std::string_view profile() const { return srtp_ ? srtp::name(srtp_->profile()) : "none"; }

  // False: nonsense, or an address that cannot be reached.
  bool set_remote(TimePoint now, const Remote& remote);
  void add_stream(const StreamOptions& options) { streams_.push_back({Stream(options), {}}); }
  void start(TimePoint at);
  void stop() { started_ = false; }

  void readable(TimePoint now, Counts& counts);
  // Timers of ICE and DTLS, a report each second.
  void advance(TimePoint now);
  // Sends what is due; returns when there is more.
  TimePoint send_due(TimePoint now, Counts& counts);

 private:
  struct Sending {
    Stream stream;
    TimePoint next;
  };
  void take(TimePoint now, MutableBytes datagram, Counts& counts);
  void take_media(MutableBytes datagram, Counts& counts);
  void drain(TimePoint now);
  void send_frame(Stream& stream, Counts& counts);
  void report();

  World& world_;
  const std::string id_;
  int fd_;
  Remote remote_;
  ice::IceAgent ice_;
  std::optional<dtls::DtlsSession> dtls_;
  std::optional<srtp::SrtpSession> srtp_;
  std::vector<Sending> streams_;
  bool started_ = false;
  std::uint64_t seen_ = 0;
  TimePoint reported_{};
};

}  // namespace conclave::load
