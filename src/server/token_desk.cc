#include "server/token_desk.h"

#include <utility>

namespace conclave::server {

TokenDesk::TokenDesk(UvLoop& loop, std::vector<access::Issuer> issuers, const std::vector<keys::KeySource>& sources,
                     keys::KeyFetcher::Changed changed)
    : Pinned(loop),
      http_(loop, {.max_running = kMaxRunning}),
      fetcher_(loop, http_, std::move(issuers), sources, std::move(changed)) {
  loop.post([this] { fetcher_.start(); });
}

void TokenDesk::fetch(Loop& reply_to, std::vector<access::MissingKey> missing, UniqueFunction<void(Verifier)> done) {
  loop().post([this, &reply_to, missing = std::move(missing), done = std::move(done)]() mutable {
    fetcher_.want(missing, [&reply_to, done = std::move(done)](Verifier verifier) mutable {
      reply_to.post([verifier = std::move(verifier), done = std::move(done)]() mutable { done(std::move(verifier)); });
    });
  });
}

void TokenDesk::use(Loop& reply_to, access::Identity identity, UniqueFunction<void(bool)> done) {
  loop().post([this, &reply_to, identity = std::move(identity), done = std::move(done)]() mutable {
    reply_to.post([first = used_.use(identity, loop().wall_now()), done = std::move(done)]() mutable { done(first); });
  });
}

void TokenDesk::was_used(Loop& reply_to, access::Identity identity, UniqueFunction<void(bool)> done) {
  loop().post([this, &reply_to, identity = std::move(identity), done = std::move(done)]() mutable {
    reply_to.post([used = used_.was_used(identity), done = std::move(done)]() mutable { done(used); });
  });
}

}  // namespace conclave::server
