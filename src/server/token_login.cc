#include "server/token_login.h"

#include <optional>
#include <utility>

namespace conclave::server {
namespace {

bool is_good_once(const access::TokenVerifier& verifier, const access::Identity& identity) {
  const access::Issuer* issuer = verifier.issuer(identity.proof.issuer);
  return issuer != nullptr && issuer->single_use;
}

// The token was counted for the stream that is to be resumed; for any other it would be used twice.
bool counts(const access::TokenVerifier& verifier, const access::Identity& identity,
            const std::optional<std::string>& earlier) {
  return is_good_once(verifier, identity) && earlier != identity.proof.token_hash;
}

access::TokenFailure used_before() {
  return {.slug = access::Slug::TokenRevoked,
          .text = "the token was used before",
          .sentence = "The token was used before, and is good only once."};
}

}  // namespace

void TokenLogin::verify(std::string token, Verified then) {
  const auto verifier = verifier_();
  auto answer = verifier->verify(token, loop_.wall_now());
  if (answer || answer.error().missing_keys.empty()) return then(*verifier, std::move(answer));
  desk_.fetch(loop_, std::move(answer.error().missing_keys),
              [this, token = std::move(token), then = std::move(then)](TokenDesk::Verifier newest) mutable {
                then(*newest, newest->verify(token, loop_.wall_now()));
              });
}

void TokenLogin::check(std::string token, const access::Identity* earlier, Reply reply) {
  // By value: the session may end while keys are fetched.
  std::optional<std::string> counted;
  if (earlier != nullptr) counted = earlier->proof.token_hash;
  verify(std::move(token), [this, counted = std::move(counted), reply = std::move(reply)](
                               const access::TokenVerifier& verifier, Answer answer) mutable {
    finish(verifier, std::move(answer), counted, std::move(reply));
  });
}

void TokenLogin::look(std::string token, Reply reply) {
  verify(std::move(token),
         [this, reply = std::move(reply)](const access::TokenVerifier& verifier, Answer answer) mutable {
           if (!answer || !is_good_once(verifier, *answer)) return reply(std::move(answer));
           desk_.was_used(loop_, *answer, [identity = *answer, reply = std::move(reply)](bool used) mutable {
             if (used) return reply(failure(used_before()));
             reply(std::move(identity));
           });
         });
}

void TokenLogin::finish(const access::TokenVerifier& verifier, Answer answer, const std::optional<std::string>& counted,
                        Reply reply) {
  if (answer && counts(verifier, *answer, counted)) return count(*std::move(answer), std::move(reply));
  if (answer && is_good_once(verifier, *answer)) answer->proof.resumes_only = true;
  reply(std::move(answer));
}

void TokenLogin::count(access::Identity identity, Reply reply) {
  desk_.use(loop_, identity, [identity, reply = std::move(reply)](bool first) mutable {
    if (first) return reply(std::move(identity));
    reply(failure(used_before()));
  });
}

}  // namespace conclave::server
