#pragma once
// Where net and xmpp touch when there is no WebSocket: HTTP requests with a <body/> become connections of Sessions
// (XEP-0124, XEP-0206).
#include <cstddef>
#include <memory>
#include <string>
#include <unordered_map>

#include "base/counter.h"
#include "base/random.h"
#include "base/unique_function.h"
#include "loop/pinned.h"
#include "xmpp/bosh/session.h"
#include "xmpp/sessions.h"

namespace conclave::xmpp {

// Of one loop; those included that nobody asks after any more. Fewer than kMaxConnections: what is left BOSH cannot
// take, whose sessions need no open connection.
inline constexpr std::size_t kMaxBoshSessions = 15'000;
static_assert(kMaxBoshSessions < kMaxConnections);
inline constexpr std::size_t kMaxBoshSessionsOfNetwork = 2'000;  // of those, of one network_of()

// Of one loop; read from any.
struct BoshCounters {
  Counter sessions;
  Counter requests;
  Counter retransmissions;
  Counter refused;  // bodies that name no session, or none that there is
  Counter inactive;
  Counter violations;  // of the order or the speed of requests, or answers not fetched
};

// Owns the BOSH sessions of one loop. Lives on that loop, as Sessions does, which outlives it.
class BoshBinding : public Pinned {
 public:
  // Called once, on this loop, in this turn or a later one; by abandoned() with what nobody reads.
  using Answer = UniqueFunction<void(bosh::Response)>;

  BoshBinding(Loop& loop, Sessions& sessions, Random& random, const bosh::Limits& limits = {});
  ~BoshBinding();

  // `http` is a new name for the HTTP request. `shown` counts when a session is asked for; later requests of a session
  // have to be as confidential as that one was, or there is no such session.
  void receive(bosh::HttpId http, bosh::Request body, StreamRequest shown, Answer answer);
  // Nobody reads the response any more.
  void abandoned(bosh::HttpId http);

  // The sessions, those included that are over for the stream and wait to say so.
  std::size_t open() const { return sessions_by_sid_.size(); }
  const BoshCounters& counters() const { return counters_; }

 private:
  class Connection;
  struct Pending {
    std::string sid;
    Answer answer;
  };

  void create(bosh::HttpId http, bosh::Request body, StreamRequest shown);
  void answer(bosh::HttpId http, bosh::Response response);
  void refuse(bosh::HttpId http, std::string_view condition, bool legacy = false);
  void forget(Connection& connection);

  Sessions& sessions_;
  Random& random_;
  const bosh::Limits limits_;
  bosh::EarlyBytes early_;
  std::unordered_map<std::string, std::size_t> of_network_;
  BoshCounters counters_;
  // Looked up by hash: time tells nothing about the characters of other ids.
  std::unordered_map<std::string, std::unique_ptr<Connection>> sessions_by_sid_;
  std::unordered_map<bosh::HttpId, Pending> pending_;
};

}  // namespace conclave::xmpp
