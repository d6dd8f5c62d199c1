#include "xmpp/stream.h"

#include <algorithm>
#include <charconv>

#include "base/base64.h"

namespace conclave::xmpp {
namespace {

constexpr std::string_view kLegacyAuthNamespace = "jabber:iq:auth";

bool is_stanza(const Element& element) {
  return element.xmlns() == kClientNamespace &&
         (element.name() == "iq" || element.name() == "message" || element.name() == "presence");
}

std::optional<std::uint32_t> counter(std::string_view text) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

bool is_true(std::string_view text) {
  return text == "true" || text == "1";
}

// Stock clients fall back to XEP-0078 when they have a password and the domain takes none. It never succeeds here, but
// they wait.
bool is_legacy_auth(const Element& element) {
  return is_iq_request(element) && element.child("query", kLegacyAuthNamespace) != nullptr;
}

}  // namespace

Stream::Stream(const StreamOptions& options, Random& random) : options_(options), random_(random) {}

void Stream::receive(Element element) {
  switch (state_) {
    case State::Opening:
    case State::Reopening:
      return fail({is_stanza(element) ? "not-authorized" : "bad-format"});
    case State::Unproven:
      return on_unproven(element);
    case State::Proving:
      return on_proving(element);
    case State::Unbound:
      return on_unbound(element);
    case State::Bound:
      return on_bound(std::move(element));
    case State::Ended:
      return;
  }
}

void Stream::finish() {
  if (state_ != State::Ended) end(stream_event::Ended::By::Client, {});
}

void Stream::open(const StreamOpening& opening) {
  if (state_ == State::Ended) return;
  if (state_ != State::Opening && state_ != State::Reopening) {
    return fail({state_ == State::Bound ? "bad-format" : "not-authorized"});
  }
  const std::optional<Jid> to = Jid::parse(opening.to);
  const bool ours = to && to->node.empty() && to->is_bare() &&
                    std::find(options_.domains.begin(), options_.domains.end(), to->domain) != options_.domains.end();
  if (!ours || (state_ == State::Reopening && to->domain != domain_)) return fail({"host-unknown"});
  if (!opening.version.starts_with("1.")) return fail({"unsupported-version"});
  domain_ = to->domain;
  output_.push_back(StreamHeader{domain_, random_.token(16)});
  if (state_ == State::Opening) {
    state_ = State::Unproven;
    events_.push_back(stream_event::Opened{domain_});
  } else {
    state_ = State::Unbound;
    restart_features();
  }
}

void Stream::restart_features() {
  std::vector<Element> features{Element("bind", kBindNamespace), Element("sm", kSmNamespace)};
  features.insert(features.end(), options_.features.begin(), options_.features.end());
  put(features_frame(features));
}

void Stream::offer(std::vector<std::string> mechanisms) {
  if (state_ != State::Unproven) return;
  mechanisms_ = std::move(mechanisms);
  Element offered("mechanisms", kSaslNamespace);
  for (const std::string& mechanism : mechanisms_) offered.add("mechanism", kSaslNamespace).set_text(mechanism);
  put(features_frame({offered}));
}

void Stream::on_unproven(const Element& element) {
  if (element.is("auth", kSaslNamespace)) return start_authentication(element);
  if (is_legacy_auth(element)) {
    put(error_of(element, errors::kServiceUnavailable).set("from", domain_).str());
    return;
  }
  fail({"not-authorized"});
}

std::optional<std::string> Stream::decoded(const Element& sasl) {
  const std::string& text = sasl.text();
  if (text.empty() || text == "=") return std::string();  // RFC 6120 §6.4.2
  std::optional<std::string> data = base64_decode(text);
  if (!data) {
    refuse({"incorrect-encoding"});
  } else if (data->size() > kMaxSaslBytes) {
    refuse({"malformed-request"});
    data.reset();
  }
  return data;
}

void Stream::start_authentication(const Element& auth) {
  state_ = State::Proving;
  challenged_ = false;
  const std::string mechanism(auth.attribute("mechanism"));
  if (std::find(mechanisms_.begin(), mechanisms_.end(), mechanism) == mechanisms_.end()) {
    return refuse({"invalid-mechanism"});
  }
  if (std::optional<std::string> response = decoded(auth)) {
    events_.push_back(stream_event::WantsAuthentication{{mechanism, std::move(*response)}});
  }
}

void Stream::on_proving(const Element& element) {
  if (element.is("abort", kSaslNamespace)) return refuse({"aborted"});
  if (!challenged_ || !element.is("response", kSaslNamespace)) return fail({"not-authorized"});
  challenged_ = false;
  if (std::optional<std::string> response = decoded(element)) {
    events_.push_back(stream_event::WantsNextStep{std::move(*response)});
  }
}

void Stream::authenticated(std::string_view username, std::string_view additional_data) {
  if (state_ != State::Proving) return;
  const std::optional<Jid> jid = Jid::parse(std::string(username) + '@' + domain_);
  if (!jid || jid->node.empty() || !jid->is_bare()) return refuse({"temporary-auth-failure"});
  username_ = jid->node;
  state_ = State::Reopening;
  put(sasl_success_frame(additional_data));
}

void Stream::refuse(const SaslFailure& failure) {
  if (state_ != State::Proving) return;
  state_ = State::Unproven;
  put(sasl_failure_frame(failure));
  if (++sasl_failures_ >= kMaxSaslAttempts) fail({"policy-violation", "Too many attempts"});
}

void Stream::challenge(std::string_view data) {
  if (state_ != State::Proving) return;
  challenged_ = true;
  put(sasl_challenge_frame(data));
}

void Stream::on_unbound(const Element& element) {
  if (is_iq_request(element) && element.attribute("type") == "set" &&
      element.child("bind", kBindNamespace) != nullptr) {
    bind_id_ = element.attribute("id");
    events_.push_back(stream_event::WantsBind{});
  } else if (element.is("resume", kSmNamespace)) {
    on_resume(element);
  } else if (element.xmlns() == kSmNamespace) {
    put(sm_failed_frame("unexpected-request"));
  } else {
    fail({"not-authorized"});  // RFC 6120 §7.1: nothing goes before an address
  }
}

void Stream::on_resume(const Element& resume) {
  const std::optional<std::uint32_t> h = counter(resume.attribute("h"));
  if (!h) return refuse_resume("bad-request");
  events_.push_back(stream_event::WantsResume{std::string(resume.attribute("previd")), *h});
}

void Stream::bound(const Jid& jid) {
  if (state_ != State::Unbound) return;
  state_ = State::Bound;
  if (options_.pushed) {
    Element message("message");
    message.set("from", options_.domains.front()).set("to", jid.str());
    message.add(*options_.pushed);
    put(message.str());
  }
  Element result("iq");
  result.set("type", "result").set("id", bind_id_);
  result.add("bind", kBindNamespace).add("jid", kBindNamespace).set_text(jid.str());
  put(result.str());
}

void Stream::refuse_bind(const StanzaError& error) {
  if (state_ != State::Unbound) return;
  Element answer("iq");
  answer.set("type", "error").set("id", bind_id_);
  answer.add(error_element(error));
  put(answer.str());
}

void Stream::resumed(std::string_view previd, std::uint32_t h) {
  if (state_ != State::Unbound) return;
  state_ = State::Bound;
  put(sm_resumed_frame(previd, h));
}

void Stream::refuse_resume(std::string_view stanza_condition) {
  if (state_ != State::Unbound) return;
  put(sm_failed_frame(stanza_condition));
}

void Stream::on_bound(Element element) {
  if (is_stanza(element)) {
    events_.push_back(stream_event::Stanza{std::move(element)});
  } else if (element.is("r", kSmNamespace)) {
    events_.push_back(stream_event::AckRequested{});
  } else if (element.is("a", kSmNamespace)) {
    const std::optional<std::uint32_t> h = counter(element.attribute("h"));
    if (!h) return fail({"bad-format"});
    events_.push_back(stream_event::Ack{*h});
  } else if (element.is("enable", kSmNamespace)) {
    events_.push_back(stream_event::WantsEnable{is_true(element.attribute("resume"))});
  } else if (element.xmlns() == kSmNamespace) {
    put(sm_failed_frame("unexpected-request"));
  } else {
    fail({"unsupported-stanza-type"});
  }
}

void Stream::send(std::string element) {
  if (state_ == State::Unbound || state_ == State::Bound) put(std::move(element));
}

void Stream::fail(const StreamError& error) {
  if (state_ == State::Ended) return;
  // RFC 6120 §4.9.1.2: an error needs a stream that it belongs to.
  if (state_ == State::Opening) output_.push_back(StreamHeader{options_.domains.front(), random_.token(16)});
  output_.push_back(error);
  end(stream_event::Ended::By::Error, error.condition);
}

void Stream::end(stream_event::Ended::By by, std::string error_condition) {
  state_ = State::Ended;
  events_.push_back(stream_event::Ended{by, std::move(error_condition)});
}

std::optional<StreamOutput> Stream::next_output() {
  if (output_.empty()) return std::nullopt;
  StreamOutput output = std::move(output_.front());
  output_.pop_front();
  return output;
}

std::optional<StreamEvent> Stream::next_event() {
  if (events_.empty()) return std::nullopt;
  StreamEvent event = std::move(events_.front());
  events_.pop_front();
  return event;
}

}  // namespace conclave::xmpp
