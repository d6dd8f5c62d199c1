#include "ldap/directory.h"

#include <openssl/crypto.h>
#include <openssl/hmac.h>

#include <array>
#include <chrono>
#include <utility>

#include "base/log.h"

namespace conclave::ldap {

using sasl::PasswordFailure;

namespace {

std::shared_ptr<const Place> make_place(const DirectoryOptions& options) {
  Place place{.options = options, .tls = std::nullopt};
  if (uses_tls(options)) {
    const auto tls = TlsContext::make(options.tls);
    if (!tls) {
      log::error("directory cannot be used", {{"why", tls.error()}});
      return nullptr;
    }
    place.tls = *tls;
  }
  return std::make_shared<const Place>(std::move(place));
}

}  // namespace

Directory::Directory(Loop& home, Random& random, DirectoryOptions options)
    : Pinned(home),
      place_(make_place(options)),
      options_(std::move(options)),
      down_until_(options_.urls.size()),
      workers_("ldap", options_.threads, options_.max_queue) {
  random.fill(key_);
}

Directory::~Directory() {
  OPENSSL_cleanse(key_.data(), key_.size());
}

void Directory::check(Loop& reply_to, std::string user, std::string password, sasl::PasswordReply reply) {
  auto waiting = std::make_shared<Waiting>(Waiting{.reply_to = reply_to, .reply = std::move(reply)});
  loop().post([this, attempt = Attempt{.user = std::move(user), .password = std::move(password), .servers = {}},
               waiting = std::move(waiting)]() mutable { begin(std::move(attempt), std::move(waiting)); });
}

void Directory::begin(Attempt attempt, std::shared_ptr<Waiting> waiting) {
  assert_here();
  if (!is_worth_asking(attempt.user, attempt.password)) return answer(*waiting, failure(PasswordFailure::Wrong));
  CacheKey key = cache_key(attempt);
  if (const access::Identity* known = cached(key)) {
    counters_.from_cache.add();
    return answer(*waiting, *known);
  }
  const bool asked = ask(std::move(attempt), look_up,
                         [this, key = std::move(key), waiting](const Found& found) { finish(key, *waiting, found); });
  if (!asked) answer(*waiting, failure(PasswordFailure::Unavailable));
}

bool Directory::ask(Attempt attempt, Found (*work)(const Place&, const Attempt&), UniqueFunction<void(Found)> done) {
  attempt.servers = servers_up();
  if (place_ == nullptr || attempt.servers.empty()) return false;
  const auto begin_by = std::chrono::steady_clock::now() + kMaxWait;
  return workers_.run<Found>(
      loop(),
      [place = place_, attempt = std::move(attempt), work, begin_by]() mutable {
        Found found{.result = failure(PasswordFailure::Unavailable), .failed = {}};
        if (std::chrono::steady_clock::now() < begin_by) found = work(*place, attempt);
        OPENSSL_cleanse(attempt.password.data(), attempt.password.size());
        return found;
      },
      std::move(done));
}

void Directory::who_is(Loop& reply_to, std::string user, sasl::PasswordReply reply) {
  loop().post([this, &reply_to, user = std::move(user), reply = std::move(reply)]() mutable {
    const auto waiting = std::make_shared<sasl::PasswordReply>(std::move(reply));
    const auto tell = [&reply_to, waiting](Outcome outcome) {
      reply_to.post([waiting, outcome = std::move(outcome)]() mutable { (*waiting)(std::move(outcome)); });
    };
    if (!is_worth_asking(user)) return tell(failure(PasswordFailure::Wrong));
    const bool asked =
        ask({.user = std::move(user), .password = {}, .servers = {}}, look_at, [this, tell](Found found) {
          note_failed(found);
          tell(std::move(found.result));
        });
    if (!asked) tell(failure(PasswordFailure::Unavailable));
  });
}

void Directory::note_failed(const Found& found) {
  for (const std::size_t server : found.failed) {
    counters_.server_failures.add();
    down_until_[server] = loop().now() + options_.remember_down;
  }
}

void Directory::finish(const CacheKey& key, Waiting& waiting, const Found& found) {
  assert_here();
  note_failed(found);
  if (found.result) remember(key, *found.result);
  answer(waiting, found.result);
}

void Directory::answer(Waiting& waiting, Outcome outcome) {
  if (outcome) {
    counters_.accepted.add();
  } else {
    (outcome.error() == PasswordFailure::Unavailable ? counters_.unavailable : counters_.refused).add();
  }
  waiting.reply_to.post(
      [reply = std::move(waiting.reply), outcome = std::move(outcome)]() mutable { reply(std::move(outcome)); });
}

std::vector<std::size_t> Directory::servers_up() const {
  std::vector<std::size_t> up;
  for (std::size_t server = 0; server < down_until_.size(); ++server) {
    if (loop().now() >= down_until_[server]) up.push_back(server);
  }
  return up;
}

Directory::CacheKey Directory::cache_key(const Attempt& attempt) const {
  // The name is bounded and holds no NUL, so no two pairs have one text.
  std::string text = attempt.user + '\0' + attempt.password;
  std::array<unsigned char, EVP_MAX_MD_SIZE> mac{};
  unsigned size = 0;
  HMAC(EVP_sha256(), key_.data(), static_cast<int>(key_.size()), reinterpret_cast<const unsigned char*>(text.data()),
       text.size(), mac.data(), &size);
  OPENSSL_cleanse(text.data(), text.size());
  return CacheKey(reinterpret_cast<const char*>(mac.data()), size);
}

const access::Identity* Directory::cached(const CacheKey& key) {
  const auto found = cache_.find(key);
  if (found == cache_.end()) return nullptr;
  if (loop().now() < found->second.until) return &found->second.identity;
  cache_.erase(found);
  return nullptr;
}

void Directory::remember(const CacheKey& key, const access::Identity& identity) {
  if (options_.cache.count() == 0) return;
  if (cache_.size() >= options_.max_cached)
    std::erase_if(cache_, [now = loop().now()](const auto& entry) { return entry.second.until <= now; });
  // Full of what still holds: this one is asked for again.
  if (cache_.size() >= options_.max_cached) return;
  cache_[key] = Success{.identity = identity, .until = loop().now() + options_.cache};
}

}  // namespace conclave::ldap
