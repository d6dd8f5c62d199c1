#include "keys/key_fetcher.h"

#include <algorithm>
#include <utility>

#include "keys/key_server_keys.h"
#include "keys/key_set_keys.h"

namespace conclave::keys {

KeyFetcher::KeyFetcher(Loop& loop, HttpFetcher& http, std::vector<access::Issuer> issuers,
                       const std::vector<KeySource>& sources, Changed changed)
    : Pinned(loop), http_(http), changed_(std::move(changed)), issuers_(std::move(issuers)) {
  for (const KeySource& source : sources) {
    const auto issuer = std::ranges::find(issuers_, source.issuer, &access::Issuer::name);
    if (issuer != issuers_.end()) held_.emplace(source.issuer, hold(source, issuer->algorithms));
  }
  make_verifier();
}

KeyFetcher::~KeyFetcher() = default;

KeyFetcher::Held KeyFetcher::hold(const KeySource& source, const std::vector<access::Algorithm>& algorithms) {
  Held held{source, algorithms, nullptr};
  const auto changed = [this] { keys_changed(); };
  if (source.kind == KeySource::Kind::KeySet)
    held.keys = std::make_unique<KeySetKeys>(loop(), http_, source, algorithms, counters_, changed);
  else
    held.keys = std::make_unique<KeyServerKeys>(loop(), http_, source, algorithms, counters_, changed);
  return held;
}

void KeyFetcher::start() {
  assert_here();
  started_ = true;
  for (const auto& [issuer, held] : held_) held.keys->start();
}

void KeyFetcher::replace(std::vector<access::Issuer> issuers, const std::vector<KeySource>& sources) {
  assert_here();
  issuers_ = std::move(issuers);
  std::map<std::string, Held> old = std::exchange(held_, {});
  for (const KeySource& source : sources) {
    const auto issuer = std::ranges::find(issuers_, source.issuer, &access::Issuer::name);
    if (issuer == issuers_.end()) continue;
    const auto before = old.find(source.issuer);
    const bool same =
        before != old.end() && before->second.source == source && before->second.algorithms == issuer->algorithms;
    if (same) {
      held_.insert(old.extract(before));
      continue;
    }
    const auto made = held_.emplace(source.issuer, hold(source, issuer->algorithms)).first;
    if (started_) made->second.keys->start();
  }
  keys_changed();
  for (const auto& [issuer, held] : old) held.keys->give_up();
}

void KeyFetcher::make_verifier() {
  std::vector<access::Issuer> issuers = issuers_;
  for (access::Issuer& issuer : issuers) {
    const auto held = held_.find(issuer.name);
    if (held == held_.end()) continue;
    issuer.more_keys = true;
    issuer.key_id_required = held->second.source.kind == KeySource::Kind::KeyServer;
    const auto fetched = held->second.keys->keys();
    issuer.keys.insert(issuer.keys.end(), fetched.begin(), fetched.end());
  }
  verifier_ = std::make_shared<const access::TokenVerifier>(std::move(issuers));
}

void KeyFetcher::keys_changed() {
  make_verifier();
  changed_(verifier_);
}

void KeyFetcher::want(const std::vector<access::MissingKey>& missing, UniqueFunction<void(Verifier)> done) {
  assert_here();
  struct Question {
    std::size_t open;
    UniqueFunction<void(Verifier)> done;
  };
  // One more than there are issuers to ask: closed below, so that an answer within want() does not end it too early.
  auto question = std::make_shared<Question>(Question{missing.size() + 1, std::move(done)});
  const auto close = [this, question](bool found) {
    --question->open;
    if ((!found && question->open > 0) || !question->done) return;
    std::exchange(question->done, {})(verifier_);
  };
  for (const access::MissingKey& one : missing) {
    const auto held = held_.find(one.issuer);
    if (held == held_.end())
      close(false);
    else
      held->second.keys->want(one.key_id, close);
  }
  close(false);
}

}  // namespace conclave::keys
