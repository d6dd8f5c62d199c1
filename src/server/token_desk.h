#pragma once
// What the logins of all loops ask of loop 0 about tokens: keys that must be fetched first, and whether a token that is
// good only once was used before.
#include <memory>
#include <vector>

#include "access/used_tokens.h"
#include "keys/key_fetcher.h"
#include "loop/pinned.h"
#include "loop/uv_loop.h"
#include "net/http_client.h"

namespace conclave::server {

// Lives on loop 0; Server owns it. The questions may be put from any loop.
class TokenDesk final : public Pinned {
 public:
  using Verifier = keys::KeyFetcher::Verifier;

  TokenDesk(UvLoop& loop, std::vector<access::Issuer> issuers, const std::vector<keys::KeySource>& sources,
            keys::KeyFetcher::Changed changed);

  // `done` runs on `reply_to`, after everything that `changed` posted there.
  void fetch(Loop& reply_to, std::vector<access::MissingKey> missing, UniqueFunction<void(Verifier)> done);
  // `done(false)`: the token was used before, or cannot be counted.
  void use(Loop& reply_to, access::Identity identity, UniqueFunction<void(bool)> done);
  // Whether it was used before, without using it.
  void was_used(Loop& reply_to, access::Identity identity, UniqueFunction<void(bool)> done);

  keys::KeyFetcher& fetcher() { return fetcher_; }
  const keys::KeyFetcher& fetcher() const { return fetcher_; }

 private:
  // One issuer whose server hangs holds at most KeyServerKeys::kMaxRunning of these; so many can hang at once.
  static constexpr std::size_t kMaxRunning = 64;

  HttpClient http_;
  keys::KeyFetcher fetcher_;
  access::UsedTokens used_;
};

}  // namespace conclave::server
