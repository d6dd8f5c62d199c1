#pragma once
// The server's side of one BOSH session (XEP-0124): HTTP requests in, responses out; between them the elements of a
// stream. No socket, no clock, no XMPP but the names in bodies.
//
//                     next in order ──► waiting ──► answered, and kept for who asks again
//   request ─► rid?   too early     ──► early ────► (in order when the gap is filled)
//                     had before    ──► the kept answer, or waiting in place of the one that had it
//                     any other     ──► the session ends: item-not-found
//
// A request waits while there is nothing to say, at most `hold` of them and at most `wait` long. While none waits what
// is to be said queues up, at most `inactivity` long. After every call drain next_reply() and next_event(), until both
// are empty; call flush() once what a call or an event led to is over.
#include <chrono>
#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/strong_id.h"
#include "base/time.h"
#include "xmpp/bosh/body.h"

namespace conclave::xmpp::bosh {

struct Limits {
  static constexpr Duration kWait = 60s;  // a client may wish for less
  static constexpr std::uint64_t kHold = 1;
  static constexpr Duration kInactivity = 60s;
  static constexpr Duration kInactivityBefore = 10s;  // who logs in always has a request under way
  static constexpr Duration kPause = 120s;
  static constexpr Duration kPolling = 2s;
  static constexpr std::size_t kMaxQueuedBytes = 4 * 1024 * 1024;  // as an unread WebSocket
  static constexpr std::size_t kMaxResponseBytes = 256 * 1024;     // of payload; one element may exceed it
  static constexpr std::size_t kMaxBodyBytesBefore = 16 * 1024;    // of a body's elements as written
  static constexpr std::size_t kMaxEarlyBytes = 16 * 1024 * 1024;  // of one owner's sessions together

  Duration wait = kWait;                           // the longest that a request waits
  std::uint64_t hold = kHold;                      // the most requests that wait; one more may be under way
  Duration inactivity = kInactivity;               // how long there may be no request
  Duration inactivity_before = kInactivityBefore;  // the same before the login
  Duration pause = kPause;                         // how long a client may announce to be away
  Duration polling = kPolling;                     // requests that say nothing come no closer than this
  std::size_t max_queued_bytes = kMaxQueuedBytes;
  std::size_t max_response_bytes = kMaxResponseBytes;
  std::size_t max_body_bytes_before = kMaxBodyBytesBefore;  // before the login
  std::size_t max_early_bytes = kMaxEarlyBytes;
};

// An HTTP request that wants its one response; named by the owner.
using HttpId = StrongId<struct HttpTag, std::uint64_t>;
struct Reply {
  HttpId to;
  Response response;
};

namespace event {
struct Opened {  // the header of the stream, or its restart
  std::string to;
  std::string version;
};
struct Received {
  Element element;
};
struct Finished {};  // the client ended its session: close() is the answer
struct Lost {        // the session is over, without the client's wish; nothing is to be said to it any more
  enum class Why { Inactive, Unread, OutOfOrder, Overactive } why;
};
}  // namespace event
using Event = std::variant<event::Opened, event::Received, event::Finished, event::Lost>;

// What requests that came too early hold, of all sessions of one owner.
struct EarlyBytes {
  std::size_t held = 0;
};

class Session {
 public:
  // By a request that names no session. `early` outlives it.
  Session(const Limits& limits, EarlyBytes& early, std::string sid, TimePoint now, HttpId http, Request request);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // A request that names this session.
  void receive(TimePoint now, HttpId http, Request request);
  // Nobody reads the response of that request any more.
  void abandoned(TimePoint now, HttpId http);

  // Somebody has logged in: what is for people counts from now on, no longer what is for strangers.
  void logged_in();

  // What the stream says. `from`: the server, for the first response.
  void opened(std::string_view from) { from_ = from; }
  void send(TimePoint now, std::string element);
  void fail(std::string_view condition, std::string error);  // close() follows
  void close(TimePoint now);

  // Answers those who have waited long enough, or for what there is now.
  void flush(TimePoint now);
  void advance(TimePoint now);  // call at or after deadline()
  std::optional<TimePoint> deadline() const;

  std::optional<Reply> next_reply();
  std::optional<Event> next_event();

  const std::string& sid() const { return sid_; }
  // Everything is said, or nobody came to hear it: forget the session.
  bool over() const { return over_; }
  std::uint64_t retransmissions() const { return retransmissions_; }

 private:
  struct Waiting {
    std::uint64_t rid;
    HttpId http;
    TimePoint until;
  };
  struct Early {
    HttpId http;
    TimePoint since;
    Request request;                   // without its payload,
    std::vector<std::string> payload;  // which waits as text: a tree takes many times its room
    std::size_t bytes = 0;
  };
  struct Kept {
    std::uint64_t rid;
    TimePoint answered;
    std::string body;
  };
  struct Ending {
    std::string condition;
    std::string payload;
  };

  bool long_polls() const { return wait_ > Duration::zero() && hold_ > 0; }
  bool too_busy(TimePoint now, const Request& request) const;
  void take(TimePoint now, HttpId http, Request request);
  void keep(TimePoint now, HttpId http, Request request);
  std::optional<Request> taken_up(Early early);
  void forget_early();
  Duration inactivity() const { return logged_in_ ? limits_.inactivity : limits_.inactivity_before; }
  void compare_ack(TimePoint now, const Request& request);
  void again(TimePoint now, HttpId http, std::uint64_t rid);
  void answer(TimePoint now, std::string_view payload);
  std::string take_payload();
  Attributes first_attributes() const;
  void reply(HttpId http, std::string body, int status = 200);
  void end_all(std::string_view condition, std::string_view payload);
  void violated(HttpId http, std::string_view condition, event::Lost::Why why);
  void lose(event::Lost::Why why);
  void note_quiet(TimePoint now);

  const Limits& limits_;
  EarlyBytes& early_bytes_;
  const std::string sid_;
  // Agreed with the first request.
  const bool legacy_;
  const std::string content_type_;
  const std::string ver_;
  const bool acks_;
  const Duration wait_;
  const std::uint64_t hold_;
  const std::uint64_t window_;  // said as `requests`: how many may be under way

  std::string to_;
  std::string version_;
  std::string from_;
  bool logged_in_ = false;
  bool first_ = true;  // the first response is still to come
  std::uint64_t next_rid_;
  std::deque<Waiting> waiting_;
  std::map<std::uint64_t, Early> early_;
  std::deque<Kept> kept_;  // the last `window_` responses
  std::deque<std::string> queue_;
  std::size_t queued_bytes_ = 0;
  TimePoint last_request_;
  bool last_said_nothing_ = false;  // of the last request, and of its answer
  bool answer_all_ = false;
  std::optional<std::pair<std::uint64_t, Duration>> report_;  // a response that the client seems not to have
  std::optional<TimePoint> quiet_since_;                      // no request waits
  Duration quiet_limit_;
  std::string error_;
  std::string error_condition_;
  std::optional<Ending> ending_;  // to be said to the next request
  bool over_ = false;
  std::uint64_t retransmissions_ = 0;
  std::deque<Reply> replies_;
  std::deque<Event> events_;
};

}  // namespace conclave::xmpp::bosh
