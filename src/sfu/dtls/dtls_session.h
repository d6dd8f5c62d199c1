#pragma once
// One DTLS 1.2 association (RFC 6347) with the SRTP extension (RFC 5764): datagrams in, datagrams and events out. No socket, no clock.
// Lives on the endpoint's loop, owned by the endpoint. After every call drain next_datagram() and next_event() until empty.
//
//   Handshaking ──► Handshaken, peer's fingerprint unknown ──set_remote_fingerprints──► Connected ──► Closed
//        │                                │                                                 (close_notify)
//        └── 30 s, alert, no profile ─────┴── mismatch ──► Failed
//
// The peer may start before the signalling has brought its fingerprint: the handshake runs, and Connected waits for the comparison.
// Nothing is ever given out (keys, Connected) to a peer whose certificate has not been compared.
//
// Time: OpenSSL's own retransmission timer reads the machine's clock and is put out of action; this class repeats the last flight's
// datagrams itself when deadline() has come, so that everything plays on the time that is passed in. They are the same bytes, with
// the same record numbers. That is sound for a server whose flights fit one datagram (dtls_test.cc holds them to that): a peer has
// seen all of a flight or nothing. As client it leaves one gap: a foreign server that lost its last flight on the way and drops our
// repeated Finished as a replay is not asked again. The client role is for tests and for our own relays.
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "base/byte_reader.h"
#include "base/time.h"
#include "sfu/dtls/certificate.h"
#include "sfu/srtp/keying_material.h"

struct ssl_st;

namespace conclave::dtls {

inline constexpr std::size_t kMtuBytes = 1200;                 // the largest datagram that we send
inline constexpr std::size_t kMaxDatagramBytes = 2048;         // longer input is dropped
inline constexpr std::size_t kMaxRemoteFingerprints = 16;      // further ones are ignored
inline constexpr std::size_t kMaxQueuedDatagrams = 64;         // reached only if the owner does not drain; then the oldest are dropped
inline constexpr std::size_t kMaxHandshakeDatagrams = 256;     // from the peer before Connected; more end the session
inline constexpr Duration kHandshakeLimit = 30s;               // media.md's and every client's
inline constexpr Duration kFirstRetransmit = 200ms;            // doubles; RFC 6347 §4.2.4.1 allows less than its 1 s for real-time use
inline constexpr Duration kMaxRetransmit = 3200ms;

enum class Role : std::uint8_t { Server, Client };

enum class FailReason : std::uint8_t {
  None,
  Timeout,              // kHandshakeLimit; also when the fingerprint never came
  Handshake,            // alert, no common cipher, bad message
  NoSrtpProfile,
  NoPeerCertificate,
  FingerprintMismatch,  // another certificate, or no fingerprint of an algorithm that we know
  TooManyDatagrams,
};
std::string_view name(FailReason reason);

struct DtlsEvent {
  enum class Kind { Connected, Failed, Closed };
  Kind kind;
  FailReason reason = FailReason::None;  // with Failed
  friend bool operator==(const DtlsEvent&, const DtlsEvent&) = default;
};

class DtlsSession {
 public:
  enum class State : std::uint8_t { Handshaking, Handshaken, Connected, Closed, Failed };
  struct Counters {
    std::uint64_t datagrams_in = 0;
    std::uint64_t datagrams_out = 0;
    std::uint64_t retransmissions = 0;      // flights repeated
    std::uint64_t dropped_input = 0;        // oversized, not DTLS, or after the end
    std::uint64_t dropped_output = 0;
    std::uint64_t application_records = 0;  // no data channel is offered: read and dropped
  };

  // `certificate` outlives the session. As client the first flight goes out at once; `now` starts the 30 s.
  DtlsSession(const Certificate& certificate, Role role, TimePoint now);
  ~DtlsSession();
  DtlsSession(const DtlsSession&) = delete;
  DtlsSession& operator=(const DtlsSession&) = delete;

  // From the session-accept (all its fingerprint elements). The strongest algorithm among them decides (RFC 8122 §5); one of its
  // values has to match. Counts once: later calls are ignored, so that an established association cannot change its owner.
  void set_remote_fingerprints(TimePoint now, const std::vector<Fingerprint>& fingerprints);

  void receive(TimePoint now, Bytes datagram);
  void advance(TimePoint now);  // call at or after deadline()
  std::optional<TimePoint> deadline() const;
  std::optional<std::vector<std::byte>> next_datagram();
  std::optional<DtlsEvent> next_event();

  // Sends close_notify once, when there is an association. No event: the caller knows.
  void close();

  State state() const { return state_; }
  bool is_client() const { return role_ == Role::Client; }
  // From Connected on.
  const std::optional<srtp::KeyingMaterial>& keying_material() const { return keying_material_; }
  const Counters& counters() const { return counters_; }

 private:
  struct Wire;  // what OpenSSL reads from and writes to
  struct Free {
    void operator()(ssl_st* ssl) const;
  };

  void run_handshake(TimePoint now);
  void finish_handshake(TimePoint now);
  void read_records();
  void answer_late_flight(TimePoint now);
  void repeat_flight(TimePoint now);
  void end(DtlsEvent event);
  void verify_peer();
  bool export_keys();
  void fail(FailReason reason);
  std::size_t collect_output();  // how many datagrams OpenSSL wrote
  void push(std::vector<std::byte> datagram);

  const Role role_;
  State state_ = State::Handshaking;
  std::unique_ptr<Wire> wire_;
  std::unique_ptr<ssl_st, Free> ssl_;
  std::optional<std::vector<Fingerprint>> remote_fingerprints_;
  std::optional<srtp::KeyingMaterial> keying_material_;
  std::vector<std::vector<std::byte>> last_flight_;
  Duration retransmit_after_ = kFirstRetransmit;
  std::optional<TimePoint> retransmit_at_;
  TimePoint flight_sent_at_{};
  TimePoint handshake_ends_;
  std::deque<std::vector<std::byte>> datagrams_;
  std::deque<DtlsEvent> events_;
  Counters counters_;
};

}  // namespace conclave::dtls
