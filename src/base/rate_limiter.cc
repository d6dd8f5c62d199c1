#include "base/rate_limiter.h"

#include <algorithm>

namespace conclave {

Duration RateLimiter::wait_of(TimePoint now, const RateKey& key) const {
  const auto found = paid_until_.find(key.name);
  if (found == paid_until_.end()) return Duration::zero();
  const TimePoint due = found->second - key.rate.interval * (std::max(key.rate.free, 1u) - 1);
  return std::max(due - now, Duration::zero());
}

void RateLimiter::put(TimePoint now, const std::string& name, TimePoint paid_until) {
  if (const auto found = paid_until_.find(name); found != paid_until_.end()) {
    soonest_.erase({found->second, name});
    paid_until_.erase(found);
  }
  if (paid_until <= now) return;
  while (!soonest_.empty() && (soonest_.begin()->first <= now || soonest_.size() >= options_.max_keys)) {
    paid_until_.erase(soonest_.begin()->second);
    soonest_.erase(soonest_.begin());
  }
  paid_until_.emplace(name, paid_until);
  soonest_.emplace(paid_until, name);
}

std::optional<Duration> RateLimiter::take(TimePoint now, const std::vector<RateKey>& keys) {
  Duration wait = Duration::zero();
  for (const RateKey& key : keys) wait = std::max(wait, wait_of(now, key));
  if (wait > options_.max_wait) return std::nullopt;
  for (const RateKey& key : keys) charge(now, key);
  return wait;
}

void RateLimiter::charge(TimePoint now, const RateKey& key) {
  const auto found = paid_until_.find(key.name);
  const TimePoint from = found == paid_until_.end() ? now : std::max(now, found->second);
  put(now, key.name, from + key.rate.interval);
}

void RateLimiter::give_back(TimePoint now, const std::vector<RateKey>& keys) {
  for (const RateKey& key : keys) {
    const auto found = paid_until_.find(key.name);
    if (found != paid_until_.end()) put(now, key.name, found->second - key.rate.interval);
  }
}

}  // namespace conclave
