#pragma once
// The issuers with the keys that came so far: whenever they change, a new immutable TokenVerifier. No issuer waits for
// another, and nobody else waits for any of them.
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "access/token.h"
#include "keys/issuer_keys.h"
#include "keys/key_source.h"
#include "loop/pinned.h"
#include "net/http_fetcher.h"

namespace conclave::keys {

// Lives on loop 0; Server owns it.
class KeyFetcher final : public Pinned {
 public:
  using Verifier = std::shared_ptr<const access::TokenVerifier>;
  using Changed = std::function<void(Verifier)>;

  // Made before the loop runs, or on it. `http` outlives it. Asks nothing before start(); `changed` is called on the
  // loop, before anybody who waits for keys hears of them.
  KeyFetcher(Loop& loop, HttpFetcher& http, std::vector<access::Issuer> issuers, const std::vector<KeySource>& sources,
             Changed changed);
  ~KeyFetcher();

  void start();
  // The settings were read anew. Keys of sources that are the same stay; calls `changed`.
  void replace(std::vector<access::Issuer> issuers, const std::vector<KeySource>& sources);

  // For a token that failed for want of keys (TokenFailure::missing_keys). `done` is called once, at once or in a later
  // turn: with the first keys that may be the ones, or when none came. The verifier is the newest either way.
  void want(const std::vector<access::MissingKey>& missing, UniqueFunction<void(Verifier)> done);

  Verifier verifier() const { return verifier_; }
  const KeyCounters& counters() const { return counters_; }

 private:
  struct Held {
    KeySource source;
    std::vector<access::Algorithm> algorithms;
    std::unique_ptr<IssuerKeys> keys;
  };

  Held hold(const KeySource& source, const std::vector<access::Algorithm>& algorithms);
  void make_verifier();
  void keys_changed();

  HttpFetcher& http_;
  Changed changed_;
  KeyCounters counters_;
  std::vector<access::Issuer> issuers_;  // with the keys from the settings alone
  std::map<std::string, Held> held_;     // by issuer
  Verifier verifier_;
  bool started_ = false;
};

}  // namespace conclave::keys
