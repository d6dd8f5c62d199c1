#pragma once
// An issuer's keys from the address of a key set: fetched when the server starts, again before what Cache-Control
// allows has passed, and at once for a token whose key is not in it.
#include <functional>
#include <vector>

#include "access/jwk.h"
#include "keys/fetch_budget.h"
#include "keys/issuer_keys.h"
#include "keys/key_source.h"
#include "loop/pinned.h"
#include "net/http_fetcher.h"

namespace conclave::keys {

// Lives on the loop of its KeyFetcher, which owns it.
class KeySetKeys final : public IssuerKeys, public Pinned {
 public:
  static constexpr Duration kEarly = 60s;           // refreshed that long before max-age is over
  static constexpr Duration kUnsaid = 6h;           // refreshed after that, if nothing is said
  static constexpr Duration kSoonest = 60s;         // and never sooner
  static constexpr Duration kLatest = 24h;          // nor later
  static constexpr Duration kRetry = 30s;           // after a failure
  static constexpr Duration kTimeout = 10s;         // of one fetch
  static constexpr int kBurst = 5;                  // fetches for tokens of unknown keys
  static constexpr Duration kBudgetInterval = 10s;  // and then one per
  static constexpr std::size_t kMaxWaiting = 256;   // tokens that wait for one fetch

  // `changed`: keys() is another; called on the loop, never from want() itself.
  KeySetKeys(Loop& loop, HttpFetcher& http, KeySource source, std::vector<access::Algorithm> algorithms,
             KeyCounters& counters, std::function<void()> changed);

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
  void answered(Result<HttpClientResponse, HttpClientError> answer);
  void take(const access::KeySet& set, Duration refresh_in);
  void failed(const std::string& problem);
  void drop_expired();
  bool has(const std::string& key_id) const;

  HttpFetcher& http_;
  const KeySource source_;
  const std::vector<access::Algorithm> algorithms_;
  KeyCounters& counters_;
  std::function<void()> changed_;
  FetchBudget budget_{kBurst, kBudgetInterval};
  std::vector<Entry> entries_;
  bool fetching_ = false;
  struct Waiting {
    std::string key_id;
    Found found;
  };
  std::vector<Waiting> waiting_;
  Timer refresh_;
  Timer expiry_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  // a reply may come after a reload of the settings
};

}  // namespace conclave::keys
