// The asking half of the agent: connectivity checks, the choice of a pair, consent.
#include <algorithm>

#include "sfu/ice/ice_agent.h"

namespace conclave::ice {

void IceAgent::advance(TimePoint now) {
  step_pairs(now);
  end_relay_wait(now);
  step_consent(now);
}

std::optional<TimePoint> IceAgent::deadline() const {
  std::optional<TimePoint> first;
  const auto at = [&first](TimePoint time) { first = first ? std::min(*first, time) : time; };
  for (const Remote& r : remotes_) {
    if (r.state == PairState::InProgress) at(r.next_step);
    if (r.state == PairState::Waiting && remote_) at(next_check_);
  }
  if (relay_wait_) at(*relay_wait_);
  if (selected_ && remote_) at(consent_.next_step);
  return first;
}

// RFC 8445 §7.3.1.4, with one difference: a check under way is not replaced but repeated early, so that an answer to it still counts.
void IceAgent::trigger(TimePoint now, Remote& remote) {
  if (!remote_) return;  // Idle until set_remote
  switch (remote.state) {
    case PairState::Succeeded:
      if (selected_ == remote.address) return;
      if (role_ == Role::Controlled) return consider(now, remote);
      if (const Remote* current = selected_ ? find(*selected_) : nullptr;
          current != nullptr && current->heard_at.value_or(TimePoint{}) + kQuietBeforeDoubt < now) {
        doubt_selected(now);
      }
      return;
    case PairState::InProgress:
      if (remote.tries < kCheckTries) {
        remote.next_step = std::min(remote.next_step, std::max(now, remote.last_sent + kRetriggerGap));
      }
      return;
    case PairState::Idle:
    case PairState::Waiting:
    case PairState::Failed:
      remote.state = PairState::Waiting;
      remote.triggered = true;
      return;
  }
}

void IceAgent::step_pairs(TimePoint now) {
  if (!remote_) return;
  for (Remote& r : remotes_) {
    if (r.state != PairState::InProgress || r.next_step > now) continue;
    if (r.tries == kCheckTries) {
      r.state = PairState::Failed;
    } else {
      send_check(now, r);
    }
  }
  if (next_check_ > now) return;
  Remote* next = nullptr;
  for (Remote& r : remotes_) {
    if (r.state != PairState::Waiting) continue;
    if (next == nullptr || r.triggered > next->triggered ||
        (r.triggered == next->triggered && priority_of(r) > priority_of(*next))) {
      next = &r;
    }
  }
  if (next == nullptr) return;
  start_check(now, *next);
  next_check_ = now + kCheckPace;
}

void IceAgent::start_check(TimePoint now, Remote& remote) {
  remote.state = PairState::InProgress;
  remote.triggered = false;
  remote.transaction = new_transaction();
  remote.sent_as = role_;
  remote.tries = 0;
  send_check(now, remote);
}

void IceAgent::send_check(TimePoint now, Remote& remote) {
  ++remote.tries;
  remote.last_sent = now;
  // RFC 8489 §6.2.1: 0, 500, 1500, 3500, 7500, 15500, 31500 ms; given up at 39500 ms.
  remote.next_step = now + (remote.tries == kCheckTries ? kCheckLastWait * kCheckRto : (1 << (remote.tries - 1)) * kCheckRto);
  ++counters_.checks_sent;
  send(remote.address, check(remote.transaction, remote.over_tcp));
}

std::vector<std::byte> IceAgent::check(const TransactionId& transaction, bool over_tcp) const {
  StunWriter writer(StunClass::Request, kBindingMethod, transaction);
  writer.username(remote_->ufrag + ":" + local_.ufrag);
  writer.priority(over_tcp ? tcp_candidate_priority(CandidateType::PeerReflexive, local_preference_, 1)
                           : candidate_priority(CandidateType::PeerReflexive, local_preference_, 1));
  if (role_ == Role::Controlling) {
    // In every check: a controlled browser waits for nothing else, and it cannot know that we would be content with less.
    writer.use_candidate().ice_controlling(tie_breaker_);
  } else {
    writer.ice_controlled(tie_breaker_);
  }
  return writer.finish(remote_->pwd);
}

void IceAgent::take_role(Role role) {
  role_ = role;
  // Repeating a check with another role under the same transaction would confuse the answerer.
  for (Remote& r : remotes_) {
    if (r.state != PairState::InProgress) continue;
    r.state = PairState::Waiting;
    r.triggered = true;
  }
  consent_.in_flight = false;
}

// A pair works. Is it the one to use?
void IceAgent::consider(TimePoint now, const Remote& remote) {
  if (role_ == Role::Controlled && !remote.nominated) return;
  if (!selected_) {
    const bool better_may_come = std::any_of(remotes_.begin(), remotes_.end(), [this](const Remote& r) {
      return !is_second_best(r) && (r.state == PairState::Waiting || r.state == PairState::InProgress);
    });
    if (!is_second_best(remote) || !better_may_come) return select(now, remote.address);
    if (!relay_wait_) relay_wait_ = now + kRelayWait;
    return;
  }
  if (selected_ == remote.address) return;
  const Remote* current = find(*selected_);
  if (current == nullptr || priority_of(remote) > priority_of(*current)) return select(now, remote.address);
  // Either just another way to the same peer, or the peer has moved and the old way is dead: ask the old one at once.
  doubt_selected(now);
}

void IceAgent::end_relay_wait(TimePoint now) {
  if (!relay_wait_ || *relay_wait_ > now) return;
  relay_wait_.reset();
  const Remote* best = nullptr;
  for (const Remote& r : remotes_) {
    if (r.state != PairState::Succeeded || (role_ == Role::Controlled && !r.nominated)) continue;
    if (best == nullptr || priority_of(r) > priority_of(*best)) best = &r;
  }
  if (best != nullptr) select(now, best->address);
}

void IceAgent::select(TimePoint now, const Address& address) {
  const bool first = !selected_.has_value();
  selected_ = address;
  relay_wait_.reset();
  plan_consent(now);
  say(first ? IceEvent::Kind::Connected : IceEvent::Kind::SelectedChanged, address);
}

void IceAgent::plan_consent(TimePoint now) {
  consent_.in_flight = false;
  consent_.doubted = false;
  consent_.tries = 0;
  const auto spread = static_cast<std::uint64_t>((kConsentInterval * 2 / 5).count());
  consent_.next_step = now + kConsentInterval * 4 / 5 + Duration(static_cast<Duration::rep>(random_.number() % (spread + 1)));
}

void IceAgent::doubt_selected(TimePoint now) {
  consent_.doubted = true;
  if (consent_.in_flight) {
    consent_.next_step = std::min(consent_.next_step, now + kDoubtRetransmit);
    return;
  }
  consent_.next_step = now;
  step_consent(now);
}

void IceAgent::step_consent(TimePoint now) {
  if (!selected_ || !remote_ || consent_.next_step > now) return;
  if (!consent_.in_flight) {
    consent_.in_flight = true;
    consent_.transaction = new_transaction();
    consent_.sent_as = role_;
  } else if (consent_.tries >= kDoubtTries) {
    const Remote* next = fallback(now);
    if (next != nullptr || consent_.tries >= kConsentTries) return leave_selected(now, next);
  }
  ++consent_.tries;
  ++counters_.checks_sent;
  consent_.next_step = now + (consent_.doubted && consent_.tries <= kDoubtTries ? kDoubtRetransmit : kConsentRetransmit);
  const Remote* current = find(*selected_);
  send(*selected_, check(consent_.transaction, current != nullptr && current->over_tcp));
}

// Another pair that works and was heard since the selected one was.
const IceAgent::Remote* IceAgent::fallback(TimePoint now) const {
  const Remote* current = find(*selected_);
  const Remote* best = nullptr;
  for (const Remote& r : remotes_) {
    if (&r == current || r.state != PairState::Succeeded || !r.heard_at || *r.heard_at + kFallbackAge < now) continue;
    if (role_ == Role::Controlled && !r.nominated) continue;
    if (current != nullptr && r.heard_at < current->heard_at) continue;
    if (best == nullptr || r.heard_at > best->heard_at ||
        (r.heard_at == best->heard_at && priority_of(r) > priority_of(*best))) {
      best = &r;
    }
  }
  return best;
}

// A closed connection does not come back: the peer opens another, which another path names. While none works the old one stays
// selected, so that its unanswered consent checks end in Failed.
void IceAgent::path_closed(TimePoint now, const Address& path) {
  const Remote* closed = find(path);
  if (closed == nullptr) return;
  if (closed->learnt) say(IceEvent::Kind::AddressForgotten, path);
  std::erase_if(remotes_, [&path](const Remote& r) { return r.address == path; });
  if (selected_ != path) return;
  const Remote* next = fallback(now);
  if (next != nullptr) return select(now, next->address);
  doubt_selected(now);
}

void IceAgent::leave_selected(TimePoint now, const Remote* next) {
  const Address left = *selected_;
  if (Remote* current = find(left)) {
    current->state = PairState::Failed;
    current->nominated = false;
  }
  if (next != nullptr) return select(now, next->address);
  selected_.reset();
  consent_.in_flight = false;
  say(IceEvent::Kind::Failed, left);
}

TransactionId IceAgent::new_transaction() {
  TransactionId transaction;
  random_.fill(transaction);
  return transaction;
}

std::uint64_t IceAgent::priority_of(const Remote& remote) const {
  const std::uint32_t ours = remote.over_tcp ? tcp_candidate_priority(CandidateType::Host, local_preference_, 1)
                                             : candidate_priority(CandidateType::Host, local_preference_, 1);
  return role_ == Role::Controlling ? pair_priority(ours, remote.priority) : pair_priority(remote.priority, ours);
}

}  // namespace conclave::ice
