#include "sasl/guess_limiter.h"

#include <algorithm>

namespace conclave::sasl {

Duration GuessLimiter::wait_of(TimePoint now, const GuessKey& key) const {
  const auto found = paid_until_.find(key.name);
  if (found == paid_until_.end()) return Duration::zero();
  const TimePoint due = found->second - key.rate.interval * (std::max(key.rate.free, 1u) - 1);
  return std::max(due - now, Duration::zero());
}

void GuessLimiter::put(TimePoint now, const std::string& name, TimePoint paid_until) {
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

std::optional<Duration> GuessLimiter::take(TimePoint now, const std::vector<GuessKey>& keys) {
  Duration wait = Duration::zero();
  for (const GuessKey& key : keys) wait = std::max(wait, wait_of(now, key));
  if (wait > options_.max_wait) return std::nullopt;
  for (const GuessKey& key : keys) {
    const auto found = paid_until_.find(key.name);
    const TimePoint from = found == paid_until_.end() ? now : std::max(now, found->second);
    put(now, key.name, from + key.rate.interval);
  }
  return wait;
}

void GuessLimiter::give_back(TimePoint now, const std::vector<GuessKey>& keys) {
  for (const GuessKey& key : keys) {
    const auto found = paid_until_.find(key.name);
    if (found != paid_until_.end()) put(now, key.name, found->second - key.rate.interval);
  }
}

}  // namespace conclave::sasl
