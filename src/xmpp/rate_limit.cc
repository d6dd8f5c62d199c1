#include "xmpp/rate_limit.h"

#include <algorithm>
#include <limits>

namespace conclave::xmpp {
namespace {

double seconds(Duration d) {
  return std::chrono::duration<double>(d).count();
}

}  // namespace

RateLimits RateLimits::none() {
  constexpr Rate kFree{1e9};
  constexpr std::size_t kAny = std::numeric_limits<std::size_t>::max();
  return {.presence = kFree,
          .iq = kFree,
          .message = kFree,
          .spread = kFree,
          .control = kFree,
          .max_delayed = kAny,
          .max_delayed_bytes = kAny};
}

TokenBucket::TokenBucket(Rate rate)
    : per_second_(rate.per_second),
      capacity_(std::max(1.0, rate.per_second * seconds(rate.burst))),
      tokens_(capacity_) {}

double TokenBucket::filled(TimePoint now) const {
  return std::min(capacity_, tokens_ + seconds(now - at_) * per_second_);
}

bool TokenBucket::take(TimePoint now, double amount) {
  tokens_ = filled(now);
  at_ = now;
  // A timer that was set to ready_at() must succeed, whatever the rounding.
  if (tokens_ < 1 - 1e-6) return false;
  tokens_ -= amount;
  return true;
}

TimePoint TokenBucket::ready_at(TimePoint now) const {
  const double missing = 1 - filled(now);
  if (missing <= 1e-6) return now;
  return now + std::chrono::ceil<std::chrono::milliseconds>(std::chrono::duration<double>(missing / per_second_));
}

Throttle::Throttle(const RateLimits& limits)
    : presence_(limits.presence),
      iq_(limits.iq),
      message_(limits.message),
      spread_(limits.spread),
      control_(limits.control),
      max_delayed_(limits.max_delayed),
      max_delayed_bytes_(limits.max_delayed_bytes) {}

const TokenBucket& Throttle::bucket(const Element& stanza) const {
  if (stanza.name() == "presence") return presence_;
  return stanza.name() == "iq" ? iq_ : message_;
}

TokenBucket& Throttle::bucket(const Element& stanza) {
  return const_cast<TokenBucket&>(std::as_const(*this).bucket(stanza));
}

TimePoint Throttle::ready_at(TimePoint now, const Element& stanza) const {
  return std::max(bucket(stanza).ready_at(now), spread_.ready_at(now));
}

bool Throttle::push(TimePoint now, Element stanza) {
  const bool goes_at_once = waiting_.empty() && ready_at(now, stanza) <= now;
  const std::size_t bytes = stanza.size_estimate();
  if (!goes_at_once && (waiting_.size() >= max_delayed_ || waiting_bytes_ + bytes > max_delayed_bytes_)) return false;
  waiting_bytes_ += bytes;
  waiting_.push_back(std::move(stanza));
  return true;
}

std::optional<Element> Throttle::pop(TimePoint now) {
  if (waiting_.empty() || ready_at(now, waiting_.front()) > now) return std::nullopt;
  Element stanza = std::move(waiting_.front());
  waiting_.pop_front();
  const std::size_t bytes = stanza.size_estimate();
  waiting_bytes_ -= bytes;
  bucket(stanza).take(now);
  spread_.take(now, static_cast<double>(bytes));
  return stanza;
}

std::optional<TimePoint> Throttle::deadline(TimePoint now) const {
  if (waiting_.empty()) return std::nullopt;
  return ready_at(now, waiting_.front());
}

}  // namespace conclave::xmpp
