#pragma once
// The operator's list of revoked credentials (access.md 4.8): kept here, stored in the data directory, given to every
// loop. Lives on loop 0.
#include <filesystem>
#include <functional>
#include <string>

#include "access/revocation.h"
#include "loop/pinned.h"
#include "loop/workers.h"

namespace conclave::server {

class Revocations : public Pinned {
 public:
  static constexpr Duration kExpiryInterval = 10min;
  // To every loop; called on loop 0 for each new list.
  using Publish = std::function<void(access::SharedRevocations)>;

  // Reads what is stored; throws ops::ConfigError if that cannot be read. Publishes nothing before the first change.
  Revocations(Loop& loop, std::filesystem::path file, Publish publish);

  access::SharedRevocations list() const { return list_; }

  // In force at once; `stored` says when, and whether, it will be after a restart too. False: the list is full, and
  // nothing is called.
  using Stored = UniqueFunction<void(bool)>;
  bool add(access::Revocation revocation, Stored stored);
  // False: there is none of that id.
  bool remove(std::string_view id, Stored stored);

 private:
  void change(access::RevocationList list, Stored stored);
  void expire_later();

  std::filesystem::path file_;
  Publish publish_;
  access::SharedRevocations list_;
  Timer expiry_;
  Workers writer_;  // one thread: the newest list is written last
};

}  // namespace conclave::server
