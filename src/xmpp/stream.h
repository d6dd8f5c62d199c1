#pragma once
// The server's side of one XMPP stream over one connection (RFC 6120), whatever carries it. No socket, no clock, no
// session, no text: elements go in, output and events come out. What outlives the connection (XEP-0198) is Sessions'
// business.
//
//            open                auth                     success            open                  bind | resume
//   Opening ──────► Unproven ───────────► Proving ───────────────► Reopening ──────► Unbound ─────────────────► Bound
//                      ▲                   │   ▲ response
//                      └── failure ────────┘   └─┘ challenge
//   any state ── the peer's end of stream, or a stream error ──► Ended
//
// After every call drain next_output() and next_event(), until both are empty. An event that wants an answer gets it by
// the call that its comment names: before the next receive(), only the answers about authentication may come later.
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/random.h"
#include "xmpp/authenticator.h"
#include "xmpp/framing.h"
#include "xmpp/jid.h"
#include "xmpp/stanza.h"

namespace conclave::xmpp {

inline constexpr int kMaxSaslAttempts = 3;
inline constexpr std::size_t kMaxSaslBytes = 8 * 1024;  // of one decoded response

struct StreamOptions {
  // What `to` may be; the first one is the main domain, whose name errors carry.
  std::vector<std::string> domains;
  std::vector<Element> features = {};  // more children of the features after login (XEP-0115)
  // A <query/> of XEP-0030 that a client is told before its address, and then need not ask for (signalling.md 2.6).
  std::optional<Element> pushed = {};
};

namespace stream_event {
struct Opened {  // before login: answer with offer()
  std::string to;
};
struct WantsAuthentication {  // answer with authenticated(), refuse() or challenge()
  SaslStart start;
};
struct WantsNextStep {  // same
  std::string response;
};
struct WantsBind {};  // answer with bound() or refuse_bind()
struct WantsResume {  // answer with resumed() or refuse_resume()
  std::string previd;
  std::uint32_t h;
};
struct Stanza {  // an iq, message or presence, not looked into yet
  Element stanza;
};
struct WantsEnable {  // XEP-0198: answer with send()
  bool resume;
};
struct AckRequested {};
struct Ack {
  std::uint32_t h;
};
struct Ended {  // the last event; stream and connection are to be closed when the output is out
  enum class By { Client, Error } by;
  std::string condition;  // of the stream error
};
}  // namespace stream_event

using StreamEvent =
    std::variant<stream_event::Opened, stream_event::WantsAuthentication, stream_event::WantsNextStep,
                 stream_event::WantsBind, stream_event::WantsResume, stream_event::Stanza, stream_event::WantsEnable,
                 stream_event::AckRequested, stream_event::Ack, stream_event::Ended>;

namespace stream_output {
struct Sent {  // an element, as a document of its own
  std::string element;
};
}  // namespace stream_output
using StreamOutput = std::variant<StreamHeader, stream_output::Sent, StreamError>;

// The client's header.
struct StreamOpening {
  std::string to;
  std::string version;
};

class Stream {
 public:
  enum class State { Opening, Unproven, Proving, Reopening, Unbound, Bound, Ended };

  // Both outlive the stream.
  Stream(const StreamOptions& options, Random& random);

  void open(const StreamOpening& opening);
  // Anything but a header and an end.
  void receive(Element element);
  // The client has ended the stream.
  void finish();

  void offer(std::vector<std::string> mechanisms);
  void authenticated(std::string_view username, std::string_view additional_data = {});
  void refuse(const SaslFailure& failure);
  void challenge(std::string_view data);
  void bound(const Jid& jid);
  void refuse_bind(const StanzaError& error);
  void resumed(std::string_view previd, std::uint32_t h);
  void refuse_resume(std::string_view stanza_condition);
  // Counts nothing. After login only, else dropped.
  void send(std::string element);
  // Sends the error, and ends.
  void fail(const StreamError& error);

  std::optional<StreamOutput> next_output();
  std::optional<StreamEvent> next_event();

  State state() const { return state_; }
  const std::string& domain() const { return domain_; }      // `to` of the client, lower case
  const std::string& username() const { return username_; }  // empty before login

 private:
  void on_unproven(const Element& element);
  void on_proving(const Element& element);
  void on_unbound(const Element& element);
  void on_bound(Element element);
  void on_resume(const Element& resume);
  void start_authentication(const Element& auth);
  std::optional<std::string> decoded(const Element& sasl);
  void restart_features();
  void end(stream_event::Ended::By by, std::string error_condition);
  void put(std::string element) { output_.push_back(stream_output::Sent{std::move(element)}); }

  const StreamOptions& options_;
  Random& random_;
  State state_ = State::Opening;
  bool challenged_ = false;
  int sasl_failures_ = 0;
  std::string domain_;
  std::string username_;
  std::string bind_id_;
  std::vector<std::string> mechanisms_;
  std::deque<StreamOutput> output_;
  std::deque<StreamEvent> events_;
};

}  // namespace conclave::xmpp
