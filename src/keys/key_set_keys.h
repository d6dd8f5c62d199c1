#pragma once
// An issuer's keys from the address of a key set: fetched when the server starts, again before what Cache-Control
// allows has passed, and at once for a token whose key is not in it.
#include <vector>

#include "access/jwk.h"
#include "base/rate_limiter.h"
#include "keys/fetched_keys.h"

namespace conclave::keys {

// Lives on the loop of its KeyFetcher, which owns it.
class KeySetKeys final : public FetchedKeys {
 public:
  static constexpr Duration kEarly = 60s;           // refreshed that long before max-age is over
  static constexpr Duration kUnsaid = 6h;           // refreshed after that, if nothing is said
  static constexpr Duration kSoonest = 60s;         // and never sooner
  static constexpr Duration kLatest = 24h;          // nor later
  static constexpr Duration kRetry = 30s;           // after a failure
  static constexpr unsigned kBurst = 5;             // fetches for tokens of unknown keys
  static constexpr Duration kBudgetInterval = 10s;  // and then one per
  static constexpr std::size_t kMaxWaiting = 256;   // tokens that wait for one fetch

  using FetchedKeys::FetchedKeys;

  void start() override { fetch(); }
  void want(const std::string& key_id, Found found) override;
  void give_up() override;
  std::vector<access::VerificationKey> keys() const override;

 private:
  struct Entry {
    access::VerificationKey key;
    TimePoint good_until;
  };

  void fetch();
  void answered(Fetched answer);
  void take(const access::KeySet& set, Duration refresh_in);
  void failed(const std::string& problem);
  void drop_expired();
  bool has(const std::string& key_id) const;

  RateLimiter asked_;  // how often strangers may make us ask
  std::vector<Entry> entries_;
  bool fetching_ = false;
  struct Waiting {
    std::string key_id;
    Found found;
  };
  std::vector<Waiting> waiting_;
  Timer refresh_;
  Timer expiry_;
};

}  // namespace conclave::keys
