#pragma once
// The directory as somebody who knows passwords. Lives on one loop (the server's first), which holds the cache and
// remembers servers that are down; the work itself is done by a few threads of its own, so that a directory that hangs
// holds up nobody but those who log in to it.
//
// Limits: DirectoryOptions::max_queue logins wait for a thread, the next is "unavailable" at once; a login that waited
// longer than kMaxWait is not begun; max_cached successes are kept, as keyed hashes.
#include <array>
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/counter.h"
#include "base/random.h"
#include "ldap/directory_options.h"
#include "ldap/lookup.h"
#include "loop/pinned.h"
#include "loop/workers.h"
#include "sasl/password_check.h"

namespace conclave::ldap {

struct DirectoryCounters {  // written on the home loop, read anywhere
  Counter accepted;
  Counter refused;
  Counter unavailable;
  Counter from_cache;
  Counter server_failures;
};

class Directory final : public sasl::PasswordCheck, public Pinned {
 public:
  static constexpr Duration kMaxWait = 10s;

  // Connects to nothing yet. Where TLS cannot be set up (a CA file that is gone) every login is "unavailable".
  Directory(Loop& home, Random& random, DirectoryOptions options);
  ~Directory() override;

  // From any loop. The home loop must run; when it has stopped no reply comes.
  void check(Loop& reply_to, std::string user, std::string password, sasl::PasswordReply reply) override;
  // The same limits; neither counted nor kept.
  void who_is(Loop& reply_to, std::string user, sasl::PasswordReply reply) override;

  const DirectoryCounters& counters() const { return counters_; }

 private:
  // HMAC-SHA-256 of name and password under a key of this process: tells equal ones, and nothing else.
  using CacheKey = std::string;
  struct Success {
    access::Identity identity;
    TimePoint until;
  };
  using Outcome = Result<access::Identity, sasl::PasswordFailure>;

  // Whoever waits for an answer. Held by the loop and by the work for him; called once.
  struct Waiting {
    Loop& reply_to;
    sasl::PasswordReply reply;
  };

  void begin(Attempt attempt, std::shared_ptr<Waiting> waiting);
  // `work` on a worker, then `done` here. False: the directory cannot be asked now.
  bool ask(Attempt attempt, Found (*work)(const Place&, const Attempt&), UniqueFunction<void(Found)> done);
  void finish(const CacheKey& key, Waiting& waiting, const Found& found);
  void note_failed(const Found& found);
  void answer(Waiting& waiting, Outcome outcome);
  std::vector<std::size_t> servers_up() const;
  CacheKey cache_key(const Attempt& attempt) const;
  const access::Identity* cached(const CacheKey& key);
  void remember(const CacheKey& key, const access::Identity& identity);

  const std::shared_ptr<const Place> place_;  // shared with the workers; null: TLS could not be set up
  const DirectoryOptions options_;
  std::array<std::byte, 32> key_{};
  std::unordered_map<CacheKey, Success> cache_;
  std::vector<TimePoint> down_until_;  // by server
  DirectoryCounters counters_;
  Workers workers_;  // last: joined before what its answers would touch goes
};

}  // namespace conclave::ldap
