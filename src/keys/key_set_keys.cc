#include "keys/key_set_keys.h"

#include <algorithm>
#include <utility>

#include "base/log.h"

namespace conclave::keys {

std::vector<access::VerificationKey> KeySetKeys::keys() const {
  std::vector<access::VerificationKey> list;
  for (const Entry& entry : entries_) {
    if (loop().now() < entry.good_until) list.push_back(entry.key);
  }
  return list;
}

bool KeySetKeys::has(const std::string& key_id) const {
  return std::ranges::any_of(entries_, [&](const Entry& entry) {
    return loop().now() < entry.good_until &&
           (key_id.empty() || entry.key.key_id().empty() || entry.key.key_id() == key_id);
  });
}

void KeySetKeys::want(const std::string& key_id, Found found) {
  assert_here();
  const bool may_ask =
      fetching_ || asked_.take(loop().now(), {{"keys", {kBurst, kBudgetInterval}}}) == Duration::zero();
  if (!may_ask || waiting_.size() >= kMaxWaiting) {
    counters().limited.add();
    return found(false);
  }
  waiting_.push_back({key_id, std::move(found)});
  if (!fetching_) fetch();
}

void KeySetKeys::give_up() {
  for (Waiting& one : std::exchange(waiting_, {})) one.found(false);
}

void KeySetKeys::fetch() {
  assert_here();
  if (fetching_) return;
  fetching_ = true;
  refresh_.cancel();
  get({.url = source().url, .accept = "application/json", .max_bytes = access::kMaxKeySetBytes},
      [this](Fetched answer) { answered(std::move(answer)); });
}

void KeySetKeys::answered(Fetched answer) {
  assert_here();
  fetching_ = false;
  const auto& [body, age] = answer;
  if (body) {
    const auto set = access::read_key_set(*body, algorithms());
    if (set) {
      take(*set, age ? std::clamp<Duration>(*age - kEarly, kSoonest, kLatest) : kUnsaid);
    } else {
      failed("what it answered is no key set: " + std::string(access::key_set_error_text(set.error())));
    }
  } else {
    failed(body.error().problem);
  }
  for (Waiting& one : std::exchange(waiting_, {})) one.found(has(one.key_id));
}

void KeySetKeys::take(const access::KeySet& set, Duration refresh_in) {
  const TimePoint now = loop().now();
  const auto same = [](const access::VerificationKey& a, const access::VerificationKey& b) {
    return a.algorithm() == b.algorithm() && a.key_id() == b.key_id() && a.fingerprint() == b.fingerprint();
  };
  std::vector<Entry> entries;
  std::size_t added = 0;
  for (const access::VerificationKey& key : set.keys) {
    entries.push_back({key, now + refresh_in + source().lifetime});
    if (std::ranges::none_of(entries_, [&](const Entry& old) { return same(old.key, key); })) ++added;
  }
  // What has vanished stays good for a while: tokens that it signed are under way.
  std::size_t vanished = 0;
  for (const Entry& old : entries_) {
    const bool still_there = std::ranges::any_of(set.keys, [&](const auto& key) { return same(old.key, key); });
    if (still_there || old.good_until <= now || entries.size() >= 2 * access::kMaxKeysPerSet) continue;
    entries.push_back({old.key, std::min<TimePoint>(old.good_until, now + source().lifetime)});
    ++vanished;
  }
  entries_ = std::move(entries);
  refresh_ = loop().after(refresh_in, [this] { fetch(); });
  drop_expired();
  log::info("keys fetched",
            {{"issuer", source().issuer}, {"keys", set.keys.size()}, {"new", added}, {"vanished", vanished}});
  for (const std::string& why : set.passed_over) {
    log::warning("key of an issuer passed over", {{"issuer", source().issuer}, {"why", why}});
  }
  changed();
}

void KeySetKeys::failed(const std::string& problem) {
  counters().failures.add();
  log::warning("keys not fetched", {{"issuer", source().issuer}, {"why", problem}});
  refresh_ = loop().after(kRetry, [this] { fetch(); });
}

void KeySetKeys::drop_expired() {
  const TimePoint now = loop().now();
  std::erase_if(entries_, [&](const Entry& entry) { return entry.good_until <= now; });
  const auto next = std::ranges::min_element(entries_, {}, &Entry::good_until);
  if (next == entries_.end()) return expiry_.cancel();
  expiry_ = loop().after(next->good_until - now, [this] {
    drop_expired();
    changed();
  });
}

}  // namespace conclave::keys
