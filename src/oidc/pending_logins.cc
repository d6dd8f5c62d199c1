#include "oidc/pending_logins.h"

#include <utility>

#include "access/signature.h"

namespace conclave::oidc {

std::optional<LoginSecrets> PendingLogins::begin(access::RoomName room, TimePoint now) {
  expire(now);
  if (entries_.size() >= kMaxLogins) return std::nullopt;
  LoginSecrets secrets{.state = random_.token(kStateLength),
                       .browser = random_.token(kStateLength),
                       .nonce = random_.token(kStateLength),
                       .verifier = random_.token(kVerifierLength)};
  entries_.push_back({.state = access::sha256(secrets.state),
                      .browser = access::sha256(secrets.browser),
                      .login = {.room = std::move(room), .nonce = secrets.nonce, .verifier = secrets.verifier},
                      .until = now + kLifetime});
  by_state_.emplace(entries_.back().state, std::prev(entries_.end()));
  return secrets;
}

Result<PendingLogin, PendingLogins::Mismatch> PendingLogins::finish(std::string_view state, std::string_view browser,
                                                                    TimePoint now) {
  expire(now);
  const auto at = by_state_.find(access::sha256(state));
  if (at == by_state_.end()) return failure(Mismatch::Unknown);
  Entry entry = std::move(*at->second);
  entries_.erase(at->second);
  by_state_.erase(at);
  if (access::sha256(browser) != entry.browser) return failure(Mismatch::OtherBrowser);
  return std::move(entry.login);
}

void PendingLogins::expire(TimePoint now) {
  while (!entries_.empty() && entries_.front().until <= now) {
    by_state_.erase(entries_.front().state);
    entries_.pop_front();
  }
}

}  // namespace conclave::oidc
