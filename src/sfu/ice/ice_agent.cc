#include "sfu/ice/ice_agent.h"

#include <algorithm>
#include <utility>

namespace conclave::ice {
namespace {

constexpr std::size_t kUfragLength = 8;
constexpr std::size_t kPwdLength = 24;

bool ice_chars(std::string_view text, std::size_t min, std::size_t max) {
  return text.size() >= min && text.size() <= max && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '/';
         });
}

std::pair<std::string_view, std::string_view> split_username(std::string_view username) {
  const std::size_t colon = username.find(':');
  if (colon == std::string_view::npos) return {};
  return {username.substr(0, colon), username.substr(colon + 1)};
}

// A peer names the addresses that we send checks to, so nothing that reaches more than one machine.
bool usable(const Candidate& candidate) {
  if (candidate.component != 1 || candidate.protocol != Protocol::Udp || candidate.address.port() == 0) return false;
  const Bytes ip = candidate.address.ip_bytes();
  const auto first = std::to_integer<unsigned>(ip[0]);
  const bool multicast = candidate.address.is_v4() ? first >= 224 : first == 0xff;
  const bool unspecified = std::all_of(ip.begin(), ip.end(), [](std::byte b) { return b == std::byte{0}; });
  return !multicast && !unspecified;
}

}  // namespace

bool valid_credentials(std::string_view ufrag, std::string_view pwd) { return ice_chars(ufrag, 4, 256) && ice_chars(pwd, 22, 256); }

std::optional<std::string_view> local_ufrag_of(Bytes datagram) {
  const auto message = StunMessage::parse(datagram);
  if (!message || message->message_class != StunClass::Request || message->method != kBindingMethod) return std::nullopt;
  if (!message->username) return std::nullopt;
  const std::string_view ufrag = split_username(*message->username).first;
  if (ufrag.empty()) return std::nullopt;
  return ufrag;
}

IceAgent::IceAgent(Random& random, TimePoint now, Options options)
    : random_(random),
      local_preference_(options.local_preference),
      role_(options.role),
      tie_breaker_(random.number()),
      local_{std::string(options.ufrag_prefix) + random.token(kUfragLength), random.token(kPwdLength)},
      next_check_(now) {}

std::optional<Address> IceAgent::selected() const { return selected_; }

bool IceAgent::set_remote(TimePoint now, IceCredentials remote, const std::vector<Candidate>& candidates) {
  if (!valid_credentials(remote.ufrag, remote.pwd)) return false;
  if (remote_ && (remote_->ufrag != remote.ufrag || remote_->pwd != remote.pwd)) {
    for (Remote& r : remotes_) r.state = PairState::Idle;
    if (selected_) plan_consent(now);
  }
  remote_ = std::move(remote);
  for (const Candidate& candidate : candidates) {
    if (!usable(candidate)) continue;
    if (Remote* known = find(candidate.address)) {
      known->type = candidate.type;
      known->priority = candidate.priority;
    } else if (remotes_.size() < kMaxRemoteCandidates) {
      Remote added;
      added.address = candidate.address;
      added.priority = candidate.priority;
      added.type = candidate.type;
      remotes_.push_back(added);
    }
  }
  for (Remote& r : remotes_) {
    if (r.state != PairState::Idle) continue;
    r.state = PairState::Waiting;
    r.triggered = r.heard_at.has_value();
  }
  step_pairs(now);
  return true;
}

void IceAgent::receive(TimePoint now, const Address& from, Bytes datagram, const Address* over_tcp) {
  const auto message = StunMessage::parse(datagram);
  if (!message || message->method != kBindingMethod) {
    ++counters_.malformed;
    return;
  }
  switch (message->message_class) {
    case StunClass::Request: receive_request(now, from, *message, over_tcp); break;
    case StunClass::Success:
    case StunClass::Error: receive_response(now, from, *message); break;
    case StunClass::Indication: break;  // a keepalive (RFC 8445 §11) asks for nothing
  }
  step_pairs(now);
}

void IceAgent::receive_request(TimePoint now, const Address& from, const StunMessage& request, const Address* over_tcp) {
  const auto [our_ufrag, peer_ufrag] = split_username(request.username.value_or(""));
  if (our_ufrag != local_.ufrag) {
    ++counters_.malformed;
    return;
  }
  switch (request.integrity(local_.pwd)) {
    case Integrity::Absent:
      ++counters_.malformed;
      return answer_error(from, request, kBadRequest, std::nullopt);
    case Integrity::Wrong:
      ++counters_.wrong_integrity;
      return answer_error(from, request, kUnauthenticated, std::nullopt);
    case Integrity::Good: break;
  }
  if (request.unknown_count > 0) {
    ++counters_.unknown_attributes;
    return answer_error(from, request, kUnknownAttribute, local_.pwd);
  }
  if (answered_conflict(from, request)) return;

  ++counters_.requests;
  send(from, StunWriter(StunClass::Success, kBindingMethod, request.transaction)
                 .xor_mapped_address(over_tcp != nullptr ? *over_tcp : from)
                 .finish(local_.pwd));
  // An answer is due to whoever knows our password; but a check to a peer of another generation could only fail.
  if (remote_ && peer_ufrag != remote_->ufrag) return;
  const std::uint32_t assumed = candidate_priority(CandidateType::PeerReflexive, 0, 1);
  Remote* remote = learn(now, from, request.priority.value_or(assumed));
  remote->over_tcp = over_tcp != nullptr;
  if (request.use_candidate && role_ == Role::Controlled) remote->nominated = true;
  trigger(now, *remote);
}

// RFC 8445 §7.3.1.1: whoever has the larger tie-breaker ends up controlling.
bool IceAgent::answered_conflict(const Address& from, const StunMessage& request) {
  const auto& theirs = role_ == Role::Controlling ? request.ice_controlling : request.ice_controlled;
  if (!theirs) return false;
  ++counters_.role_conflicts;
  const bool larger = tie_breaker_ >= *theirs;
  if (larger == (role_ == Role::Controlling)) {
    answer_error(from, request, kRoleConflict, local_.pwd);
    return true;
  }
  take_role(role_ == Role::Controlling ? Role::Controlled : Role::Controlling);
  return false;
}

// Without a reason phrase: an answer that anybody can cause must not be longer than what caused it.
void IceAgent::answer_error(const Address& to, const StunMessage& request, std::uint16_t code,
                            std::optional<std::string_view> key) {
  StunWriter writer(StunClass::Error, kBindingMethod, request.transaction);
  writer.error_code(code, "");
  if (code == kUnknownAttribute) writer.unknown_attributes(request.unknown_required());
  send(to, writer.finish(key));
}

void IceAgent::receive_response(TimePoint now, const Address& from, const StunMessage& response) {
  Remote* remote = find(from);
  const bool to_check =
      remote != nullptr && remote->state == PairState::InProgress && remote->transaction == response.transaction;
  const bool to_consent = selected_ == from && consent_.in_flight && consent_.transaction == response.transaction;
  if (remote == nullptr || !remote_ || (!to_check && !to_consent)) {
    ++counters_.stray_responses;
    return;
  }
  // An error without integrity proves nothing, anybody can write one: the check then just times out.
  if (response.integrity(remote_->pwd) != Integrity::Good) {
    ++counters_.wrong_integrity;
    return;
  }
  ++counters_.responses;
  if (response.message_class == StunClass::Error) {
    if (response.error_code && response.error_code->code == kRoleConflict) {
      ++counters_.role_conflicts;
      const Role sent_as = to_check ? remote->sent_as : consent_.sent_as;
      if (role_ == sent_as) take_role(role_ == Role::Controlling ? Role::Controlled : Role::Controlling);
      if (to_check) {
        remote->state = PairState::Waiting;
        remote->triggered = true;
      }
    } else if (to_check) {
      remote->state = PairState::Failed;
    }
    return;
  }
  heard(now, *remote);
  if (to_consent) plan_consent(now);
  if (to_check) {
    remote->state = PairState::Succeeded;
    consider(now, *remote);
  }
}

IceAgent::Remote* IceAgent::learn(TimePoint now, const Address& from, std::uint32_t priority) {
  Remote* known = find(from);
  if (known == nullptr) {
    if (remotes_.size() == kMaxRemoteCandidates) {
      // Never heard sorts before any time.
      const auto oldest = std::min_element(remotes_.begin(), remotes_.end(), [this](const Remote& a, const Remote& b) {
        if ((selected_ == a.address) != (selected_ == b.address)) return selected_ == b.address;
        return a.heard_at < b.heard_at;
      });
      if (oldest->learnt) say(IceEvent::Kind::AddressForgotten, oldest->address);
      remotes_.erase(oldest);
      ++counters_.remotes_evicted;
    }
    Remote added;
    added.address = from;
    added.priority = priority;
    known = &remotes_.emplace_back(added);
  }
  heard(now, *known);
  return known;
}

void IceAgent::heard(TimePoint now, Remote& remote) {
  remote.heard_at = now;
  last_heard_ = now;
  if (remote.learnt) return;
  remote.learnt = true;
  say(IceEvent::Kind::AddressLearnt, remote.address);
}

IceAgent::Remote* IceAgent::find(const Address& address) {
  const auto found = std::find_if(remotes_.begin(), remotes_.end(), [&](const Remote& r) { return r.address == address; });
  return found == remotes_.end() ? nullptr : &*found;
}

const IceAgent::Remote* IceAgent::find(const Address& address) const { return const_cast<IceAgent*>(this)->find(address); }

void IceAgent::send(const Address& to, std::vector<std::byte> bytes) {
  if (datagrams_.size() == kMaxQueuedDatagrams) {
    datagrams_.pop_front();
    ++counters_.dropped_output;
  }
  datagrams_.push_back({to, std::move(bytes)});
}

void IceAgent::say(IceEvent::Kind kind, const Address& address) {
  if (events_.size() == kMaxQueuedEvents) {
    events_.pop_front();
    ++counters_.dropped_output;
  }
  events_.push_back({kind, address});
}

std::optional<Datagram> IceAgent::next_datagram() {
  if (datagrams_.empty()) return std::nullopt;
  Datagram next = std::move(datagrams_.front());
  datagrams_.pop_front();
  return next;
}

std::optional<IceEvent> IceAgent::next_event() {
  if (events_.empty()) return std::nullopt;
  const IceEvent next = events_.front();
  events_.pop_front();
  return next;
}

}  // namespace conclave::ice
