#include "xmpp/bosh/session.h"

#include <algorithm>
#include <utility>

#include "xmpp/parser.h"

namespace conclave::xmpp::bosh {
namespace {

Duration seconds(std::uint64_t count, Duration most) {
  const auto longest = static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::seconds>(most).count());
  return std::chrono::seconds(std::min(count, longest));
}

std::string text(Duration duration) {
  return std::to_string(std::chrono::duration_cast<std::chrono::seconds>(duration).count());
}

}  // namespace

Session::Session(const Limits& limits, EarlyBytes& early, std::string sid, TimePoint now, HttpId http, Request request)
    : limits_(limits),
      early_bytes_(early),
      sid_(std::move(sid)),
      legacy_(request.ver.empty()),
      content_type_(bosh::content_type(request.content)),
      ver_(spoken_version(request.ver)),
      acks_(request.ack == 1),
      wait_(request.wait ? seconds(*request.wait, limits.wait) : limits.wait),
      hold_(std::min(request.hold.value_or(limits.hold), limits.hold)),
      window_(std::max<std::uint64_t>(hold_ + 1, 2)),
      to_(request.to),
      version_(request.version.empty() ? "1.0" : request.version),
      next_rid_(request.rid),
      last_request_(now),
      quiet_limit_(limits.inactivity_before) {
  events_.push_back(event::Opened{to_, version_});
  take(now, http, std::move(request));
}

Session::~Session() {
  forget_early();
}

void Session::logged_in() {
  if (!std::exchange(logged_in_, true)) quiet_limit_ = limits_.inactivity;
}

void Session::receive(TimePoint now, HttpId http, Request request) {
  if (over_) return reply(http, terminate_body("item-not-found"));
  if (request.rid < next_rid_) return again(now, http, request.rid);
  if (ending_) {
    waiting_.push_back({request.rid, http, now});
    return end_all(ending_->condition, ending_->payload);
  }
  if (request.rid >= next_rid_ + window_) return violated(http, "item-not-found", event::Lost::Why::OutOfOrder);
  if (!logged_in_ && request.size_estimate() > limits_.max_body_bytes_before)
    return violated(http, "policy-violation", event::Lost::Why::Overactive);
  quiet_since_.reset();
  if (request.rid > next_rid_) return keep(now, http, std::move(request));
  if (too_busy(now, request)) return violated(http, "policy-violation", event::Lost::Why::Overactive);
  take(now, http, std::move(request));
  for (auto next = early_.find(next_rid_); next != early_.end(); next = early_.find(next_rid_)) {
    Early early = std::move(next->second);
    early_.erase(next);
    const HttpId its = early.http;
    std::optional<Request> taken = taken_up(std::move(early));
    if (!taken) return violated(its, "bad-request", event::Lost::Why::OutOfOrder);
    take(now, its, *std::move(taken));
  }
}

void Session::keep(TimePoint now, HttpId http, Request request) {
  const auto [place, added] = early_.try_emplace(request.rid);
  if (!added) {
    reply(place->second.http, write_body({}));
    early_bytes_.held -= place->second.bytes;
  }
  Early early{http, now, std::move(request), {}, 0};
  for (const Element& element : early.request.payload) early.payload.push_back(element.str());
  early.request.payload.clear();
  early.request.payload.shrink_to_fit();
  for (const std::string& element : early.payload) early.bytes += element.size();
  early_bytes_.held += early.bytes;
  place->second = std::move(early);
  if (early_bytes_.held > limits_.max_early_bytes) violated({}, "policy-violation", event::Lost::Why::Overactive);
}

std::optional<Request> Session::taken_up(Early early) {
  early_bytes_.held -= early.bytes;
  Parser parser;
  for (const std::string& text : early.payload) {
    auto element = parser.parse(text);
    if (!element) return std::nullopt;
    early.request.payload.push_back(*std::move(element));
  }
  return std::move(early.request);
}

void Session::forget_early() {
  for (const auto& [rid, early] : early_) early_bytes_.held -= early.bytes;
  early_.clear();
}

// XEP-0124 §11, §12.
bool Session::too_busy(TimePoint now, const Request& request) const {
  if (request.terminate || request.pause) return false;
  if (waiting_.size() >= window_) return true;
  const bool soon = request.empty() && now - last_request_ < limits_.polling;
  return soon && (long_polls() ? waiting_.size() + 1 >= window_ : last_said_nothing_);
}

void Session::take(TimePoint now, HttpId http, Request request) {
  next_rid_ = request.rid + 1;
  last_request_ = now;
  last_said_nothing_ = request.empty();
  waiting_.push_back({request.rid, http, now + wait_});
  quiet_since_.reset();
  quiet_limit_ = inactivity();
  compare_ack(now, request);
  if (request.restart) {
    // XEP-0206 §5: what it says anew counts; a stream does not change its domain, which the stream looks after.
    events_.push_back(
        event::Opened{request.to.empty() ? to_ : request.to, request.version.empty() ? version_ : request.version});
  }
  for (Element& element : request.payload) events_.push_back(event::Received{std::move(element)});
  if (request.pause && logged_in_) {
    quiet_limit_ = std::max(seconds(*request.pause, limits_.pause), limits_.inactivity);
    answer_all_ = true;
  }
  if (request.terminate) events_.push_back(event::Finished{});
}

// XEP-0124 §9.2: the client says what it got; what it lacks is reported with the next response, which comes at once.
void Session::compare_ack(TimePoint now, const Request& request) {
  if (!acks_ || !request.ack || first_) return;
  const auto lacking = std::ranges::find(kept_, *request.ack + 1, &Kept::rid);
  if (lacking != kept_.end()) report_.emplace(lacking->rid, now - lacking->answered);
}

void Session::again(TimePoint now, HttpId http, std::uint64_t rid) {
  const auto waits = std::ranges::find(waiting_, rid, &Waiting::rid);
  const auto kept = std::ranges::find(kept_, rid, &Kept::rid);
  if (waits == waiting_.end() && kept == kept_.end()) {
    return violated(http, "item-not-found", event::Lost::Why::OutOfOrder);
  }
  ++retransmissions_;
  if (waits == waiting_.end()) {
    if (quiet_since_) quiet_since_ = now;
    return reply(http, kept->body);
  }
  reply(std::exchange(waits->http, http), write_body({}));
  waits->until = now + wait_;
}

void Session::abandoned(TimePoint now, HttpId http) {
  std::erase_if(early_, [&](const auto& early) {
    if (early.second.http != http) return false;
    early_bytes_.held -= early.second.bytes;
    return true;
  });
  const auto waits = std::ranges::find(waiting_, http, &Waiting::http);
  if (waits == waiting_.end()) return;
  // Its answer is one that says nothing, so that whoever asks again with its number gets something.
  kept_.push_back({waits->rid, now, write_body({})});
  waiting_.erase(waits);
  if (kept_.size() > window_) kept_.pop_front();
  note_quiet(now);
}

void Session::send(TimePoint, std::string element) {
  if (over_ || ending_) return;
  queued_bytes_ += element.size();
  queue_.push_back(std::move(element));
  if (queued_bytes_ > limits_.max_queued_bytes) violated({}, "policy-violation", event::Lost::Why::Unread);
}

void Session::fail(std::string_view condition, std::string error) {
  error_ = std::move(error);
  error_condition_ = condition;
}

void Session::close(TimePoint now) {
  if (over_ || ending_) return;
  std::string payload;
  while (!queue_.empty()) payload += take_payload();
  ending_ = Ending{error_condition_, payload + error_};
  flush(now);
}

void Session::flush(TimePoint now) {
  if (over_) return;
  if (ending_) {
    if (!waiting_.empty() || !early_.empty()) return end_all(ending_->condition, ending_->payload);
    return note_quiet(now);
  }
  while (!waiting_.empty()) {
    const bool must = first_ || answer_all_ || report_ || !long_polls() || waiting_.size() > hold_;
    if (queue_.empty() && !must) break;
    answer(now, take_payload());
  }
  answer_all_ = false;
  note_quiet(now);
}

std::string Session::take_payload() {
  std::string payload;
  while (!queue_.empty() && (payload.empty() || payload.size() + queue_.front().size() <= limits_.max_response_bytes)) {
    payload += queue_.front();
    queued_bytes_ -= queue_.front().size();
    queue_.pop_front();
  }
  return payload;
}

// The one who has waited longest: responses keep the order of requests.
void Session::answer(TimePoint now, std::string_view payload) {
  const Waiting oldest = waiting_.front();
  waiting_.pop_front();
  Attributes attributes;
  if (std::exchange(first_, false)) {
    attributes = first_attributes();
  } else if (acks_ && next_rid_ - 1 != oldest.rid) {
    attributes.emplace_back("ack", std::to_string(next_rid_ - 1));
  }
  if (report_) {
    const auto& [rid, ago] = *report_;
    attributes.emplace_back("report", std::to_string(rid));
    attributes.emplace_back("time", std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(ago).count()));
    report_.reset();
  }
  if (!payload.empty()) last_said_nothing_ = false;
  kept_.push_back({oldest.rid, now, write_body(attributes, payload)});
  if (kept_.size() > window_) kept_.pop_front();
  reply(oldest.http, kept_.back().body);
}

// XEP-0124 §7.2, XEP-0206 §3.
Attributes Session::first_attributes() const {
  Attributes attributes{{"sid", sid_},
                        {"wait", text(wait_)},
                        {"hold", std::to_string(hold_)},
                        {"requests", std::to_string(window_)},
                        {"inactivity", text(limits_.inactivity)},
                        {"maxpause", text(limits_.pause)},
                        {"polling", text(limits_.polling)},
                        {"from", from_},
                        {"xml:lang", "en"},
                        {"xmlns:xmpp", std::string(kXmppNamespace)},
                        {"xmpp:version", "1.0"},
                        {"xmpp:restartlogic", "true"}};
  if (!legacy_) attributes.emplace_back("ver", ver_);
  if (acks_) attributes.emplace_back("ack", std::to_string(next_rid_ - 1));
  return attributes;
}

void Session::reply(HttpId http, std::string body, int status) {
  replies_.push_back({http, {status, content_type_, std::move(body)}});
}

// The oldest hears how it ended, the others that it did (XEP-0124 §13).
void Session::end_all(std::string_view condition, std::string_view payload) {
  for (auto& [rid, early] : early_) waiting_.push_back({rid, early.http, {}});
  forget_early();
  for (bool oldest = true; !waiting_.empty(); waiting_.pop_front(), oldest = false) {
    reply(waiting_.front().http, oldest ? terminate_body(condition, payload) : write_body({}));
  }
  over_ = true;
}

// The client did what it must not. `http`: the request that did, if it was one.
void Session::violated(HttpId http, std::string_view condition, event::Lost::Why why) {
  if (over_) return;
  end_all(condition, {});
  if (http != HttpId{}) {
    const int status = legacy_ ? legacy_status(condition) : 200;
    reply(http, status == 200 ? terminate_body(condition) : std::string(), status);
  }
  lose(why);
}

void Session::lose(event::Lost::Why why) {
  over_ = true;
  // Who has closed already knows.
  if (!ending_) events_.push_back(event::Lost{why});
}

void Session::note_quiet(TimePoint now) {
  if (!waiting_.empty() || !early_.empty()) {
    quiet_since_.reset();
  } else if (!quiet_since_) {
    quiet_since_ = now;
  }
}

void Session::advance(TimePoint now) {
  if (over_) return;
  if (std::ranges::any_of(waiting_, [&](const Waiting& one) { return one.until <= now; })) answer(now, take_payload());
  for (const auto& [rid, early] : early_) {
    // What it came before does not come any more: wait_ for the client to notice, inactivity to send it again.
    if (early.since + wait_ + inactivity() <= now) {
      return violated({}, "item-not-found", event::Lost::Why::OutOfOrder);
    }
  }
  if (quiet_since_ && *quiet_since_ + quiet_limit_ <= now) return lose(event::Lost::Why::Inactive);
  note_quiet(now);
}

std::optional<TimePoint> Session::deadline() const {
  if (over_) return std::nullopt;
  std::optional<TimePoint> next;
  const auto consider = [&](TimePoint when) { next = next ? std::min(*next, when) : when; };
  for (const Waiting& one : waiting_) consider(one.until);
  for (const auto& [rid, early] : early_) consider(early.since + wait_ + inactivity());
  if (quiet_since_) consider(*quiet_since_ + quiet_limit_);
  return next;
}

std::optional<Reply> Session::next_reply() {
  if (replies_.empty()) return std::nullopt;
  Reply next = std::move(replies_.front());
  replies_.pop_front();
  return next;
}

std::optional<Event> Session::next_event() {
  if (events_.empty()) return std::nullopt;
  Event next = std::move(events_.front());
  events_.pop_front();
  return next;
}

}  // namespace conclave::xmpp::bosh
