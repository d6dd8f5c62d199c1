#include "server/revocations.h"

#include <utility>

#include "base/log.h"
#include "ops/config_error.h"
#include "server/atomic_file.h"
#include "server/revocation_file.h"

namespace conclave::server {
namespace {

constexpr std::size_t kMaxWrites = 64;

access::SharedRevocations stored_in(const std::filesystem::path& file) {
  const auto list = read_revocations(file);
  if (!list) {
    throw ops::ConfigError("CONCLAVE_DATA", file.string(),
                           list.error() +
                               " It says which credentials were revoked: bring it back from a backup, or "
                               "remove it if they may count again.");
  }
  return std::make_shared<const access::RevocationList>(*list);
}

}  // namespace

Revocations::Revocations(Loop& loop, std::filesystem::path file, Publish publish)
    : Pinned(loop),
      file_(std::move(file)),
      publish_(std::move(publish)),
      list_(stored_in(file_)),
      writer_("revocations", 1, kMaxWrites) {
  loop.post([this] { expire_later(); });
}

bool Revocations::add(access::Revocation revocation, Stored stored) {
  assert_here();
  access::RevocationList list = *list_;
  list.expire(loop().wall_now());
  if (!list.add(std::move(revocation))) return false;
  change(std::move(list), std::move(stored));
  return true;
}

bool Revocations::remove(std::string_view id, Stored stored) {
  assert_here();
  access::RevocationList list = *list_;
  if (!list.remove(id)) return false;
  change(std::move(list), std::move(stored));
  return true;
}

void Revocations::change(access::RevocationList list, Stored stored) {
  list_ = std::make_shared<const access::RevocationList>(std::move(list));
  publish_(list_);
  // Who made the list can hear of it from two sides: the writer, or its full queue.
  auto answer = std::make_shared<Stored>(std::move(stored));
  const bool queued = writer_.run<bool>(
      loop(), [file = file_, list = list_] { return write_atomically(file, revocations_text(*list)); },
      [answer](bool written) {
        if (!written) log::error("revocations cannot be stored");
        (*answer)(written);
      });
  if (!queued) (*answer)(false);
}

void Revocations::expire_later() {
  expiry_ = loop().after(kExpiryInterval, [this] {
    access::RevocationList list = *list_;
    list.expire(loop().wall_now());
    if (list.size() != list_->size()) change(std::move(list), [](bool) {});
    expire_later();
  });
}

}  // namespace conclave::server
