#include "keys/key_server_keys.h"

#include <algorithm>
#include <utility>

#include "access/jwk.h"
#include "base/log.h"

namespace conclave::keys {

std::string KeyServerKeys::address(const std::string& base, const std::string& key_id) {
  return base + (base.ends_with('/') ? "" : "/") + access::sha256_hex(key_id) + ".pem";
}

std::vector<access::VerificationKey> KeyServerKeys::keys() const {
  std::vector<access::VerificationKey> list;
  for (const auto& [id, entry] : entries_) {
    if (loop().now() < entry.good_until) list.insert(list.end(), entry.keys.begin(), entry.keys.end());
  }
  return list;
}

bool KeyServerKeys::missed(const std::string& hash) const {
  const auto found = misses_.find(hash);
  return found != misses_.end() && loop().now() < found->second;
}

void KeyServerKeys::want(const std::string& key_id, Found found) {
  assert_here();
  if (key_id.empty() || key_id.size() > access::kMaxKeyIdBytes || missed(access::sha256_hex(key_id)))
    return found(false);
  if (entries_.contains(key_id)) return found(true);  // came while the token was on its way here
  const auto running = fetching_.find(key_id);
  const bool room = running != fetching_.end() ? running->second.size() < kMaxWaiting : fetching_.size() < kMaxRunning;
  if (!room || (running == fetching_.end() &&
                asked_.take(loop().now(), {{"keys", {kBurst, kBudgetInterval}}}) != Duration::zero())) {
    counters().limited.add();
    return found(false);
  }
  fetching_[key_id].push_back(std::move(found));
  if (fetching_[key_id].size() == 1) fetch(key_id);
}

void KeyServerKeys::give_up() {
  for (auto& [id, waiting] : std::exchange(fetching_, {})) {
    for (Found& one : waiting) one(false);
  }
}

void KeyServerKeys::fetch(const std::string& key_id) {
  get({.url = address(source().url, key_id),
       .accept = "application/x-pem-file, text/plain, */*",
       .max_bytes = access::kMaxPemBytes},
      [this, key_id](Fetched answer) { answered(key_id, std::move(answer)); });
}

void KeyServerKeys::answered(const std::string& key_id, Fetched answer) {
  assert_here();
  const auto& [body, age] = answer;
  bool found = false;
  if (body) {
    const Duration wanted = age ? std::max<Duration>(*age, kShortest) : Duration(source().lifetime);
    found = take(key_id, *body, std::min<Duration>(wanted, source().lifetime));
  } else {
    miss(key_id, body.error().problem, body.error().definitive ? kMissLifetime : kErrorLifetime);
  }
  auto waiting = fetching_.extract(key_id);
  if (waiting.empty()) return;
  for (Found& one : waiting.mapped()) one(found);
}

bool KeyServerKeys::take(const std::string& key_id, const std::string& pem, Duration lifetime) {
  const auto key = access::PublicKey::from_pem(pem);
  if (!key) {
    miss(key_id, "what it answered is " + std::string(access::key_error_text(key.error())), kMissLifetime);
    return false;
  }
  auto keys = access::keys_of(*key, key_id, algorithms());
  if (keys.empty()) {
    miss(key_id, "the key fits none of the algorithms that this issuer may use", kMissLifetime);
    return false;
  }
  if (entries_.size() >= kMaxKeys) {
    entries_.erase(std::ranges::min_element(entries_, {}, [](const auto& entry) { return entry.second.good_until; }));
  }
  entries_.insert_or_assign(key_id, Entry{std::move(keys), loop().now() + lifetime});
  drop_expired();
  log::info("key fetched", {{"issuer", source().issuer}, {"key", access::sha256_hex(key_id)}});
  changed();
  return true;
}

void KeyServerKeys::miss(const std::string& key_id, const std::string& problem, Duration lifetime) {
  counters().failures.add();
  const std::string hash = access::sha256_hex(key_id);
  if (misses_.insert_or_assign(hash, loop().now() + lifetime).second) miss_order_.push_back(hash);
  if (miss_order_.size() > kMaxMisses) {
    misses_.erase(miss_order_.front());
    miss_order_.pop_front();
  }
  log::warning("key not fetched", {{"issuer", source().issuer}, {"key", hash}, {"why", problem}});
}

void KeyServerKeys::drop_expired() {
  const TimePoint now = loop().now();
  std::erase_if(entries_, [&](const auto& entry) { return entry.second.good_until <= now; });
  const auto next = std::ranges::min_element(entries_, {}, [](const auto& entry) { return entry.second.good_until; });
  if (next == entries_.end()) return expiry_.cancel();
  expiry_ = loop().after(next->second.good_until - now, [this] {
    drop_expired();
    changed();
  });
}

}  // namespace conclave::keys
