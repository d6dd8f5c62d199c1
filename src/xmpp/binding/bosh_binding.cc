#include "xmpp/binding/bosh_binding.h"

#include <utility>

#include "base/network.h"
#include "xmpp/framing.h"
#include "xmpp/stream_management.h"

namespace conclave::xmpp {
namespace {

// XEP-0124 §17.2. All but the first two are errors of the stream inside.
std::string_view condition_of(const StreamError& error) {
  for (const std::string_view own : {"host-unknown", "system-shutdown"}) {
    if (error.condition == own) return own;
  }
  return "remote-stream-error";
}

}  // namespace

class BoshBinding::Connection final : public Transport {
 public:
  Connection(BoshBinding& binding, std::string sid, const StreamRequest& shown, bosh::HttpId http, bosh::Request body)
      : binding_(binding),
        confidential_(shown.confidential),
        network_(network_of(shown.peer)),
        session_(binding.limits_, binding.early_, std::move(sid), binding.loop().now(), http, std::move(body)) {
    ++binding_.of_network_[network_];
  }
  ~Connection() override {
    const auto counted = binding_.of_network_.find(network_);
    if (--counted->second == 0) binding_.of_network_.erase(counted);
  }

  bool confidential() const { return confidential_; }
  const std::string& sid() const { return session_.sid(); }

  void start(StreamRequest request) {
    id_ = binding_.sessions_.connected(*this, std::move(request));
    settle();
  }
  void receive(bosh::HttpId http, bosh::Request body) {
    if (binding_.sessions_.is_bound(id_)) session_.logged_in();
    const std::uint64_t before = session_.retransmissions();
    session_.receive(now(), http, std::move(body));
    binding_.counters_.retransmissions.add(session_.retransmissions() - before);
    settle();
  }
  void abandoned(bosh::HttpId http) {
    session_.abandoned(now(), http);
    settle();
  }
  // The binding goes: so does the connection, wherever its session stands.
  void leave() {
    if (!closed_) binding_.sessions_.lost(id_);
  }

  // --- Transport: from within Sessions, so nothing goes back there before the turn ends.
  void open(const StreamHeader& header) override {
    session_.opened(header.from);
    flush_later();
  }
  void send(std::string_view element) override {
    session_.send(now(), std::string(element));
    flush_later();
  }
  void fail(const StreamError& error) override { session_.fail(condition_of(error), stream_error_frame(error)); }
  void close() override {
    closed_ = true;
    session_.close(now());
    flush_later();
  }

 private:
  TimePoint now() const { return binding_.loop().now(); }

  void settle() {
    pump();
    flush_later();
  }

  // Answers are made of all that a turn led to.
  void flush_later() {
    if (std::exchange(flush_due_, true)) return;
    binding_.loop().at_turn_end([this, alive = std::weak_ptr(alive_)] {
      if (alive.expired()) return;
      flush_due_ = false;
      session_.flush(now());
      pump();
    });
  }

  // What requests said goes up, what is to be answered goes out.
  void pump() {
    while (auto event = session_.next_event()) {
      std::visit([this](auto& what) { on(std::move(what)); }, *event);
    }
    while (auto reply = session_.next_reply()) binding_.answer(reply->to, std::move(reply->response));
    if (session_.over()) return binding_.forget(*this);
    set_timer();
  }

  void set_timer() {
    const auto due = session_.deadline();
    if (due == timer_due_) return;
    timer_due_ = due;
    if (!due) return timer_.cancel();
    timer_ = binding_.loop().after(*due - now(), [this] {
      timer_due_.reset();
      session_.advance(now());
      pump();
    });
  }

  void on(bosh::event::Opened event) { binding_.sessions_.opened(id_, {event.to, event.version}); }
  void on(bosh::event::Received event) { binding_.sessions_.received(id_, std::move(event.element)); }
  void on(bosh::event::Finished) { binding_.sessions_.finished(id_); }
  void on(bosh::event::Lost event) {
    using Why = bosh::event::Lost::Why;
    (event.why == Why::Inactive ? binding_.counters_.inactive : binding_.counters_.violations).add();
    closed_ = true;
    binding_.sessions_.lost(id_);
  }

  BoshBinding& binding_;
  const bool confidential_;
  const std::string network_;
  bosh::Session session_;
  ConnectionId id_;
  bool closed_ = false;  // Sessions has forgotten it
  bool flush_due_ = false;
  std::optional<TimePoint> timer_due_;
  Timer timer_;
  std::shared_ptr<const bool> alive_ = std::make_shared<const bool>(true);
};

BoshBinding::BoshBinding(Loop& loop, Sessions& sessions, Random& random, const bosh::Limits& limits)
    : Pinned(loop), sessions_(sessions), random_(random), limits_(limits) {}

BoshBinding::~BoshBinding() {
  for (const auto& [sid, connection] : sessions_by_sid_) connection->leave();
}

void BoshBinding::receive(bosh::HttpId http, bosh::Request body, StreamRequest shown, Answer answer) {
  assert_here();
  counters_.requests.add();
  pending_.insert_or_assign(http, Pending{body.sid, std::move(answer)});
  if (body.sid.empty()) return create(http, std::move(body), std::move(shown));
  const auto found = sessions_by_sid_.find(body.sid);
  if (found == sessions_by_sid_.end() || (found->second->confidential() && !shown.confidential)) {
    return refuse(http, "item-not-found");
  }
  found->second->receive(http, std::move(body));
}

void BoshBinding::create(bosh::HttpId http, bosh::Request body, StreamRequest shown) {
  const bool legacy = body.ver.empty();
  if (body.to.empty()) return refuse(http, "improper-addressing", legacy);
  if (body.size_estimate() > limits_.max_body_bytes_before) return refuse(http, "policy-violation", legacy);
  if (sessions_by_sid_.size() >= kMaxBoshSessions) return refuse(http, "remote-connection-failed", legacy);
  const auto of_his = of_network_.find(network_of(shown.peer));
  if (of_his != of_network_.end() && of_his->second >= kMaxBoshSessionsOfNetwork) {
    return refuse(http, "policy-violation", legacy);
  }
  counters_.sessions.add();
  std::string sid = make_resumption_id(loop().id(), random_);  // its loop in front: requests are brought there
  pending_.at(http).sid = sid;
  auto made = std::make_unique<Connection>(*this, sid, shown, http, std::move(body));
  Connection& connection = *made;
  sessions_by_sid_.emplace(std::move(sid), std::move(made));
  connection.start(std::move(shown));
}

void BoshBinding::abandoned(bosh::HttpId http) {
  assert_here();
  const auto gone = pending_.find(http);
  if (gone == pending_.end()) return;
  const auto found = sessions_by_sid_.find(gone->second.sid);
  answer(http, {.body = bosh::write_body({})});  // so that nothing waits for it; it is not the answer that is kept
  if (found != sessions_by_sid_.end()) found->second->abandoned(http);
}

void BoshBinding::answer(bosh::HttpId http, bosh::Response response) {
  const auto found = pending_.find(http);
  if (found == pending_.end()) return;
  Answer answer = std::move(found->second.answer);
  pending_.erase(found);
  answer(std::move(response));
}

void BoshBinding::refuse(bosh::HttpId http, std::string_view condition, bool legacy) {
  counters_.refused.add();
  const int status = legacy ? bosh::legacy_status(condition) : 200;
  answer(http, {.status = status, .body = status == 200 ? bosh::terminate_body(condition) : std::string()});
}

void BoshBinding::forget(Connection& connection) {
  const auto found = sessions_by_sid_.find(connection.sid());
  if (found == sessions_by_sid_.end()) return;
  std::unique_ptr<Connection> gone = std::move(found->second);
  sessions_by_sid_.erase(found);
  loop().destroy_later(std::move(gone));
}

}  // namespace conclave::xmpp
