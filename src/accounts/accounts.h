#pragma once
// The local accounts as the server asks them: never blocks a loop. The file is read on a thread of its own, passwords
// are hashed on others. What `conclave account` changes beside the running server is seen at the next question, and
// told to a listener within a second.
#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "accounts/store.h"
#include "loop/loop.h"
#include "loop/workers.h"
#include "sasl/decoy_keys.h"
#include "sasl/password_check.h"
#include "sasl/scram_directory.h"

namespace conclave::accounts {

inline constexpr std::size_t kMaxQueuedQuestions = 1000;  // then "cannot be checked just now"
inline constexpr std::size_t kMaxQueuedHashes = 200;      // of some milliseconds each
inline constexpr Duration kChangeInterval = 500ms;        // how often others' changes are looked for

// Made and destroyed while no loop runs; asked from any loop, all of which outlive it.
class Accounts final : public sasl::PasswordCheck, public sasl::ScramDirectory {
 public:
  // The store was opened before, so that a bad file stops the start. `loop` looks for changes.
  Accounts(Loop& loop, AccountStore store, unsigned hashing_threads = 2);
  ~Accounts() override;

  void check(Loop& reply_to, std::string user, std::string password, sasl::PasswordReply reply) override;
  void who_is(Loop& reply_to, std::string user, sasl::PasswordReply reply) override;
  bool offers(sasl::ScramHash hash) const override;
  void find(Loop& reply_to, std::string user, sasl::ScramHash hash, sasl::ScramReply reply) override;

  // Called on `loop` for each account that was locked or removed, or whose password or role changed. Set before the
  // loop runs.
  void on_change(std::function<void(const Change&)> listener) { listener_ = std::move(listener); }

 private:
  struct Looked;

  void watch();
  // --- on disk_'s one thread
  Looked look_up(const std::string& name);
  sasl::ScramKeys keys_of_nobody(const std::string& name) const;
  std::vector<Change> refresh();
  void read_shapes();

  Loop& loop_;
  // From the first question on these belong to disk_'s one thread.
  AccountStore store_;
  sasl::DecoyKeys decoys_;
  std::vector<sasl::ScramShape> sha1_shapes_;  // asked for beforehand: who is not there must not cost more than who is
  std::vector<sasl::ScramShape> sha256_shapes_;
  std::int64_t version_ = -1;
  std::int64_t seen_change_ = 0;

  std::atomic<bool> sha256_for_all_{true};
  std::function<void(const Change&)> listener_;
  Timer watching_;
  std::shared_ptr<const bool> alive_ = std::make_shared<const bool>(true);
  Workers disk_;
  Workers hashing_;
};

}  // namespace conclave::accounts
