#pragma once
// A full ICE agent (RFC 8445) for one endpoint: one component, one local socket, usually controlling. Pure bytes: no socket, no clock.
// Lives on the endpoint's loop, owned by the endpoint. A candidate pair is here just a remote address, since there is one socket.
// A TCP connection that the peer opened to us (RFC 6544) is an address too, of our own making: it names the connection.
//
//            set_remote                  check answered
//   Waiting ───────────► Checking ─────────────────────► Connected ──(consent lost, no other pair)──► Failed
//   (answers, learns)    (checks all,                     │      ▲                                      │
//                         USE-CANDIDATE in each)          └──────┘ SelectedChanged                      └─► Connected, if the
//                                                                                                          peer comes back
// After every call drain next_datagram() and next_event() until empty. Nothing calls back.
// Before Connected the agent never gives up by itself: the endpoint's own limit does.
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/address.h"
#include "base/byte_reader.h"
#include "base/random.h"
#include "base/time.h"
#include "sfu/ice/candidate.h"
#include "sfu/ice/stun_message.h"

namespace conclave::ice {

inline constexpr std::size_t kMaxRemoteCandidates = 32;  // when full, the one silent for longest gives way; never the selected one
inline constexpr std::size_t kMaxQueuedDatagrams = 64;   // reached only if the owner does not drain; then the oldest are dropped
inline constexpr std::size_t kMaxQueuedEvents = 256;     // likewise

inline constexpr Duration kCheckPace = 50ms;             // Ta, RFC 8445 §14.2
inline constexpr Duration kCheckRto = 500ms;             // RFC 8489 §6.2.1, RFC 8445 §14.3
inline constexpr int kCheckTries = 7;                    // Rc
inline constexpr int kCheckLastWait = 16;                // Rm, in RTOs
inline constexpr Duration kRetriggerGap = 100ms;         // a peer that asks again gets another check, but no more often
inline constexpr Duration kRelayWait = 500ms;            // so long a working pair over a relay or TCP waits for a better one
inline constexpr Duration kConsentInterval = 15s;        // ±20 %, RFC 7675 §5.1
inline constexpr Duration kConsentRetransmit = 500ms;
inline constexpr int kConsentTries = 30;
inline constexpr int kDoubtTries = 3;                    // unanswered consent checks after which another working pair takes over
inline constexpr Duration kDoubtRetransmit = 250ms;      // while another pair works: the media is to go on within a second
inline constexpr Duration kQuietBeforeDoubt = 6s;        // selected silent, another pair heard: ask now. Browsers ask every 2.5 or 5 s.
inline constexpr Duration kFallbackAge = 30s;            // a pair silent for longer does not take over, RFC 7675 §5.1

enum class Role : std::uint8_t { Controlling, Controlled };

struct Datagram {
  Address to;
  std::vector<std::byte> bytes;
};

struct IceEvent {
  enum class Kind {
    AddressLearnt,     // a check with right credentials came from `address`: what else comes from there is this endpoint's
    AddressForgotten,  // `address` gave way to another one
    Connected,         // media and DTLS may go to `address`
    SelectedChanged,   // from now on to `address`
    Failed,            // consent for `address` expired and no other pair works: send nothing more (RFC 7675 §5.1)
  };
  Kind kind;
  Address address;
  friend bool operator==(const IceEvent&, const IceEvent&) = default;
};

struct IceCredentials {
  std::string ufrag;
  std::string pwd;
};

// RFC 8839 §5.4: 4 to 256 and 22 to 256 ice-chars.
bool valid_credentials(std::string_view ufrag, std::string_view pwd);

// The ufrag of the agent that a Binding request is meant for: what stands before the colon of its USERNAME. Views into `datagram`.
// For finding the endpoint by ufrag before its addresses are known. Proves nothing: integrity is checked by the agent.
std::optional<std::string_view> local_ufrag_of(Bytes datagram);

class IceAgent {
 public:
  struct Options {
    Role role = Role::Controlling;
    std::string_view ufrag_prefix = {};      // ice-chars that every ufrag begins with
    std::uint16_t local_preference = 65535;  // of the local socket, for PRIORITY in checks
  };
  struct Counters {
    std::uint64_t requests = 0;             // answered with success
    std::uint64_t responses = 0;            // matched and authentic
    std::uint64_t malformed = 0;            // not STUN, bad fingerprint, no USERNAME, not for us: dropped without answer
    std::uint64_t wrong_integrity = 0;      // a request with our ufrag and a wrong password (answered 401), or a response likewise
    std::uint64_t unknown_attributes = 0;   // answered 420
    std::uint64_t role_conflicts = 0;
    std::uint64_t stray_responses = 0;      // to no check of ours, or from another address
    std::uint64_t checks_sent = 0;          // with retransmissions and consent
    std::uint64_t remotes_evicted = 0;
    std::uint64_t dropped_output = 0;
  };

  // `random` outlives the agent. Ufrag and pwd are drawn here: 8 characters behind the prefix, and 24.
  IceAgent(Random& random, TimePoint now, Options options);
  IceAgent(Random& random, TimePoint now) : IceAgent(random, now, Options{}) {}

  const IceCredentials& local() const { return local_; }
  Role role() const { return role_; }
  // Where to send now; empty before Connected and after Failed.
  std::optional<Address> selected() const;
  bool is_connected() const { return selected_.has_value(); }
  // When something authentic came last (a check, an answer): part of "incoming activity".
  std::optional<TimePoint> last_heard() const { return last_heard_; }
  const Counters& counters() const { return counters_; }

  // What the session-accept said. Candidates that cannot be used (TCP, other components, port 0, multicast) are left out. May be
  // called again: the same credentials add candidates, other ones start all checks anew. False: invalid credentials, nothing done.
  [[nodiscard]] bool set_remote(TimePoint now, IceCredentials remote, const std::vector<Candidate>& candidates);

  // `over_tcp`: it came by the connection that `from` names, from that address of the peer.
  void receive(TimePoint now, const Address& from, Bytes datagram, const Address* over_tcp = nullptr);
  // The connection that `path` names is closed; another way is taken at once if one is known to work.
  void path_closed(TimePoint now, const Address& path);
  void advance(TimePoint now);  // call at or after deadline()
  std::optional<TimePoint> deadline() const;
  std::optional<Datagram> next_datagram();
  std::optional<IceEvent> next_event();

 private:
  enum class PairState : std::uint8_t { Idle, Waiting, InProgress, Succeeded, Failed };
  struct Remote {  // one remote candidate, and the pair that it makes with our socket
    Address address;
    std::uint32_t priority = 0;
    CandidateType type = CandidateType::PeerReflexive;
    PairState state = PairState::Idle;
    bool triggered = false;  // goes before ordinary checks
    bool learnt = false;     // AddressLearnt was said
    bool nominated = false;  // by the peer, when we are controlled
    bool over_tcp = false;
    std::optional<TimePoint> heard_at;
    TransactionId transaction{};
    Role sent_as = Role::Controlling;
    int tries = 0;
    TimePoint last_sent{};
    TimePoint next_step{};   // next retransmission, or giving up
  };
  struct Consent {  // of the selected pair
    bool in_flight = false;
    bool doubted = false;  // another pair works and was heard: asked more often
    TransactionId transaction{};
    Role sent_as = Role::Controlling;
    int tries = 0;
    TimePoint next_step{};
  };

  // ice_agent.cc: what comes in
  void receive_request(TimePoint now, const Address& from, const StunMessage& request, const Address* over_tcp);
  void receive_response(TimePoint now, const Address& from, const StunMessage& response);
  bool answered_conflict(const Address& from, const StunMessage& request);
  void answer_error(const Address& to, const StunMessage& request, std::uint16_t code, std::optional<std::string_view> key);
  Remote* learn(TimePoint now, const Address& from, std::uint32_t priority);
  Remote* find(const Address& address);
  const Remote* find(const Address& address) const;
  void heard(TimePoint now, Remote& remote);
  void send(const Address& to, std::vector<std::byte> bytes);
  void say(IceEvent::Kind kind, const Address& address);

  // ice_checks.cc: what we ask
  void trigger(TimePoint now, Remote& remote);
  void step_pairs(TimePoint now);
  void step_consent(TimePoint now);
  void start_check(TimePoint now, Remote& remote);
  void send_check(TimePoint now, Remote& remote);
  void take_role(Role role);
  void consider(TimePoint now, const Remote& remote);
  void end_relay_wait(TimePoint now);
  void select(TimePoint now, const Address& address);
  void leave_selected(TimePoint now, const Remote* next);
  void plan_consent(TimePoint now);
  void doubt_selected(TimePoint now);
  const Remote* fallback(TimePoint now) const;
  bool is_second_best(const Remote& remote) const { return remote.over_tcp || remote.type == CandidateType::Relayed; }
  std::vector<std::byte> check(const TransactionId& transaction, bool over_tcp) const;
  TransactionId new_transaction();
  std::uint64_t priority_of(const Remote& remote) const;

  Random& random_;
  const std::uint16_t local_preference_;
  Role role_;
  const std::uint64_t tie_breaker_;
  IceCredentials local_;
  std::optional<IceCredentials> remote_;
  std::vector<Remote> remotes_;
  std::optional<Address> selected_;
  Consent consent_;
  std::optional<TimePoint> relay_wait_;
  TimePoint next_check_;
  std::optional<TimePoint> last_heard_;
  std::deque<Datagram> datagrams_;
  std::deque<IceEvent> events_;
  Counters counters_;
};

}  // namespace conclave::ice
