#include "server/token_login.h"

#include <utility>

namespace conclave::server {
namespace {

bool is_good_once(const access::TokenVerifier& verifier, const access::Identity& identity) {
  const access::Issuer* issuer = verifier.issuer(identity.proof.issuer);
  return issuer != nullptr && issuer->single_use;
}

bool is_same_token(const access::Identity* earlier, const access::Identity& identity) {
  return earlier != nullptr && earlier->proof.token_hash == identity.proof.token_hash;
}

}  // namespace

void TokenLogin::check(std::string token, const access::Identity* earlier, Reply reply) {
  const auto verifier = verifier_();
  auto answer = verifier->verify(token, loop_.wall_now());
  if (answer) {
    const bool counts = is_good_once(*verifier, *answer) && !is_same_token(earlier, *answer);
    return counts ? count(*std::move(answer), std::move(reply)) : reply(std::move(answer));
  }
  if (answer.error().missing_keys.empty()) return reply(std::move(answer));
  desk_.fetch(loop_, std::move(answer.error().missing_keys),
              [this, token = std::move(token), reply = std::move(reply)](TokenDesk::Verifier newest) mutable {
                auto second = newest->verify(token, loop_.wall_now());
                if (second && is_good_once(*newest, *second)) return count(*std::move(second), std::move(reply));
                reply(std::move(second));
              });
}

void TokenLogin::count(access::Identity identity, Reply reply) {
  desk_.use(loop_, identity, [identity, reply = std::move(reply)](bool first) mutable {
    if (first) return reply(std::move(identity));
    reply(failure(access::TokenFailure{.slug = access::Slug::TokenRevoked,
                                       .text = "the token was used before",
                                       .sentence = "The token was used before, and is good only once."}));
  });
}

}  // namespace conclave::server
