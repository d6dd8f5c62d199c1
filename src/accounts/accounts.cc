#include "accounts/accounts.h"

#include <utility>

#include "base/log.h"
#include "base/random.h"
#include "sasl/prepare.h"

namespace conclave::accounts {
namespace {

using sasl::PasswordFailure;
using sasl::ScramHash;
using sasl::ScramRecord;

template <class Reply>
std::shared_ptr<Reply> shared(Reply reply) {
  return std::make_shared<Reply>(std::move(reply));
}

}  // namespace

// What the file says about a name, and the keys to hash against: of nobody if there is none.
struct Accounts::Looked {
  std::optional<StoreError> error;
  std::optional<Account> account;
  sasl::ScramKeys keys;
  bool lacks_sha256 = false;
};

Accounts::Accounts(Loop& loop, AccountStore store, unsigned hashing_threads)
    : loop_(loop),
      store_(std::move(store)),
      decoys_(store_.decoy_secret().value_or(std::string())),
      seen_change_(store_.last_change().value_or(0)),
      disk_("accounts", 1, kMaxQueuedQuestions),
      hashing_("hashing", hashing_threads, kMaxQueuedHashes) {
  read_shapes();
  loop_.post([this, alive = std::weak_ptr(alive_)] {
    if (!alive.expired()) watch();
  });
}

Accounts::~Accounts() = default;

bool Accounts::offers(ScramHash hash) const {
  return hash == ScramHash::Sha1 || sha256_for_all_.load(std::memory_order_relaxed);
}

void Accounts::read_shapes() {
  sha1_shapes_ = store_.shapes(ScramHash::Sha1).value_or(sha1_shapes_);
  sha256_shapes_ = store_.shapes(ScramHash::Sha256).value_or(sha256_shapes_);
  // The mechanism is chosen before the name is known, and clients do not try another: SHA-256 is only worth offering
  // when nobody has SHA-1 alone.
  if (const auto lacks = store_.lacks(ScramHash::Sha256)) sha256_for_all_.store(!*lacks, std::memory_order_relaxed);
}

std::vector<Change> Accounts::refresh() {
  const auto version = store_.version();
  if (!version) {
    log::warning("accounts cannot be read", {{"problem", version.error().problem}});
    return {};
  }
  if (*version == version_) return {};
  version_ = *version;
  read_shapes();
  auto changes = store_.changes_after(seen_change_).value_or(std::vector<Change>{});
  if (!changes.empty()) seen_change_ = changes.back().id;
  return changes;
}

void Accounts::watch() {
  using Changes = std::vector<Change>;
  watching_ = loop_.after(kChangeInterval, [this] {
    const bool asked = disk_.run<Changes>(
        loop_, [this] { return refresh(); },
        [this, alive = std::weak_ptr(alive_)](Changes changes) {
          if (alive.expired()) return;
          for (const Change& change : changes) {
            if (listener_) listener_(change);
          }
          watch();
        });
    if (!asked) watch();
  });
}

// Somebody who is not there costs as much hashing as one who is: some have SHA-1 alone, the others both.
sasl::ScramKeys Accounts::keys_of_nobody(const std::string& name) const {
  const std::size_t imported = offers(ScramHash::Sha256) ? 0 : sha1_shapes_.size();
  const std::size_t kinds = imported + sha256_shapes_.size();
  if (kinds == 0) return decoys_.for_name(name, ScramHash::Sha256, {});
  const bool as_imported = decoys_.choice("kind of " + name, kinds) < imported;
  return decoys_.for_name(name, as_imported ? ScramHash::Sha1 : ScramHash::Sha256,
                          as_imported ? sha1_shapes_ : sha256_shapes_);
}

Accounts::Looked Accounts::look_up(const std::string& name) {
  Looked looked{.error = {}, .account = {}, .keys = keys_of_nobody(name), .lacks_sha256 = false};
  auto account = store_.find(name);
  const auto sha256 = store_.keys(name, ScramHash::Sha256);
  const auto sha1 = store_.keys(name, ScramHash::Sha1);
  if (!account || !sha256 || !sha1) {
    looked.error = !account ? account.error() : !sha256 ? sha256.error() : sha1.error();
    return looked;
  }
  if (!*account || (!*sha256 && !*sha1)) return looked;
  looked.account = std::move(*account);
  looked.lacks_sha256 = !*sha256;
  looked.keys = looked.lacks_sha256 ? **sha1 : **sha256;
  return looked;
}

void Accounts::check(Loop& reply_to, std::string user, std::string password, sasl::PasswordReply reply) {
  const auto answer = shared(std::move(reply));
  auto name = sasl::prepare_username(user);
  auto prepared = sasl::prepare_password(password);
  if (!name || !prepared) {
    return reply_to.post([answer] { (*answer)(failure(PasswordFailure::Wrong)); });
  }
  const auto busy = [&reply_to, answer] {
    reply_to.post([answer] { (*answer)(failure(PasswordFailure::Unavailable)); });
  };
  const bool asked = disk_.run<Looked>(
      reply_to, [this, name = *name] { return look_up(name); },
      [this, &reply_to, answer, busy, password = *std::move(prepared)](Looked looked) mutable {
        if (looked.error) {
          log::warning("accounts cannot be read", {{"problem", looked.error->problem}});
          return busy();
        }
        struct Hashed {
          bool right;
          std::optional<sasl::ScramKeys> sha256;
        };
        const bool upgrade = looked.lacks_sha256;
        const bool hashing = hashing_.run<Hashed>(
            reply_to,
            [keys = looked.keys, upgrade, password = std::move(password)] {
              Hashed hashed{.right = sasl::is_password_of(keys, password), .sha256 = {}};
              SystemRandom random;
              if (hashed.right && upgrade) hashed.sha256 = sasl::make_keys(ScramHash::Sha256, password, random);
              return hashed;
            },
            [this, &reply_to, answer, account = std::move(looked.account)](Hashed hashed) {
              if (!hashed.right || !account) return (*answer)(failure(PasswordFailure::Wrong));
              if (account->locked) return (*answer)(failure(PasswordFailure::Locked));
              if (hashed.sha256) {
                // An imported account gets the better keys once its password is known. If not now, then next time.
                (void)disk_.run<bool>(
                    reply_to,
                    [this, name = account->name, keys = *std::move(hashed.sha256)] {
                      const bool added = store_.add_keys(name, keys).has_value();
                      read_shapes();
                      return added;
                    },
                    [](bool) {});
              }
              (*answer)(identity_of(*account));
            });
        if (!hashing) busy();
      });
  if (!asked) busy();
}

void Accounts::who_is(Loop& reply_to, std::string user, sasl::PasswordReply reply) {
  const auto answer = shared(std::move(reply));
  using Found = Result<access::Identity, PasswordFailure>;
  const bool asked = disk_.run<Found>(
      reply_to,
      [this, name = sasl::prepare_username(user).value_or("")]() -> Found {
        const auto account = store_.find(name);
        if (!account) return failure(PasswordFailure::Unavailable);
        if (!*account) return failure(PasswordFailure::Wrong);
        if ((*account)->locked) return failure(PasswordFailure::Locked);
        return identity_of(**account);
      },
      [answer](Found found) { (*answer)(std::move(found)); });
  if (!asked) reply_to.post([answer] { (*answer)(failure(PasswordFailure::Unavailable)); });
}

void Accounts::find(Loop& reply_to, std::string user, ScramHash hash, sasl::ScramReply reply) {
  const auto answer = shared(std::move(reply));
  using Found = Result<ScramRecord, PasswordFailure>;
  const bool asked = disk_.run<Found>(
      reply_to,
      [this, user = std::move(user), hash]() -> Found {
        ScramRecord nobody{
            .keys = decoys_.for_name(user, hash, hash == ScramHash::Sha1 ? sha1_shapes_ : sha256_shapes_),
            .identity = {}};
        auto account = store_.find(user);
        auto keys = store_.keys(user, hash);
        if (!account || !keys) return failure(PasswordFailure::Unavailable);
        if (!*account || !*keys) return nobody;
        return ScramRecord{.keys = **std::move(keys), .identity = identity_of(**account), .locked = (*account)->locked};
      },
      [answer](Found found) { (*answer)(found); });
  if (!asked) reply_to.post([answer] { (*answer)(failure(PasswordFailure::Unavailable)); });
}

}  // namespace conclave::accounts
