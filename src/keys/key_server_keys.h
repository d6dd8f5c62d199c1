#pragma once
// An issuer's keys from a key server, one by one as tokens name them (ASAP; access.md 1.2). A kid is hashed before it
// goes into an address; what the server does not know is remembered for a while, and questions are limited.
#include <deque>
#include <map>
#include <vector>

#include "base/rate_limiter.h"
#include "keys/fetched_keys.h"

namespace conclave::keys {

// Lives on the loop of its KeyFetcher, which owns it.
class KeyServerKeys final : public FetchedKeys {
 public:
  static constexpr std::size_t kMaxKeys = 128;     // beyond: the one that would expire first goes
  static constexpr std::size_t kMaxMisses = 1024;  // beyond: the oldest is forgotten
  static constexpr std::size_t kMaxRunning = 8;    // fetches at once
  static constexpr std::size_t kMaxWaiting = 64;   // tokens that wait for one key
  static constexpr Duration kMissLifetime = 60s;   // the server said that there is no such key
  static constexpr Duration kErrorLifetime = 10s;  // it said nothing useful
  static constexpr Duration kShortest = 60s;       // that a key is kept, if `lifetime` allows it
  static constexpr unsigned kBurst = 32;
  static constexpr Duration kBudgetInterval = 1s;

  using FetchedKeys::FetchedKeys;

  void start() override {}
  void want(const std::string& key_id, Found found) override;
  void give_up() override;
  std::vector<access::VerificationKey> keys() const override;

  // "<base>/<hex of SHA-256 of key_id>.pem"
  static std::string address(const std::string& base, const std::string& key_id);

 private:
  struct Entry {
    std::vector<access::VerificationKey> keys;  // one per allowed algorithm
    TimePoint good_until;
  };

  bool missed(const std::string& hash) const;
  void fetch(const std::string& key_id);
  void answered(const std::string& key_id, Fetched answer);
  bool take(const std::string& key_id, const std::string& pem, Duration lifetime);
  void miss(const std::string& key_id, const std::string& problem, Duration lifetime);
  void drop_expired();

  RateLimiter asked_;                                   // how often strangers may make us ask
  std::map<std::string, Entry> entries_;                // by kid
  std::map<std::string, TimePoint> misses_;             // by hash of the kid, which may be long
  std::deque<std::string> miss_order_;                  // of misses_, oldest first
  std::map<std::string, std::vector<Found>> fetching_;  // by kid
  Timer expiry_;
};

}  // namespace conclave::keys
