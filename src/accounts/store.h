#pragma once
// The local accounts on disk: <data>/conclave.db. Blocks; one thread at a time, several processes at once. Passwords
// are never in it, only what SCRAM keeps of them.
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/identity.h"
#include "accounts/account.h"
#include "accounts/database.h"
#include "base/result.h"
#include "sasl/decoy_keys.h"
#include "sasl/scram_keys.h"

namespace conclave::accounts {

inline constexpr std::size_t kMaxAccounts = 1'000'000;
inline constexpr std::size_t kMaxTextBytes = 256;  // of a display name or mail address

struct StoreError {
  enum class Kind { Exists, Missing, Disk };
  Kind kind = Kind::Disk;
  std::string problem;  // of Disk: SQLite's words
};

// What became of an account, for those who let somebody in by it.
struct Change {
  std::int64_t id = 0;
  std::string name;
  enum class What { Locked, Removed, Password, Role } what = What::Locked;
};

class AccountStore {
 public:
  // Makes file and tables if there are none; a file of a newer version is refused.
  static Result<AccountStore, StoreError> open(const std::filesystem::path& file);

  Result<std::optional<Account>, StoreError> find(std::string_view name);
  // Nothing if the account has no keys of that kind, or is not there.
  Result<std::optional<sasl::ScramKeys>, StoreError> keys(std::string_view name, sasl::ScramHash hash);
  Result<std::vector<Account>, StoreError> list();

  Result<void, StoreError> add(const Account& account, const std::vector<sasl::ScramKeys>& keys);
  // All keys that were there go.
  Result<void, StoreError> set_keys(std::string_view name, const std::vector<sasl::ScramKeys>& keys);
  // One kind more; the password is the same, so nothing has changed.
  Result<void, StoreError> add_keys(std::string_view name, const sasl::ScramKeys& keys);
  Result<void, StoreError> set_role(std::string_view name, Role role);
  Result<void, StoreError> set_locked(std::string_view name, bool locked);
  Result<void, StoreError> set_texts(std::string_view name, std::string_view display_name, std::string_view mail);
  Result<void, StoreError> remove(std::string_view name);

  // What SCRAM challenges show of the accounts that have keys of that kind.
  Result<std::vector<sasl::ScramShape>, StoreError> shapes(sasl::ScramHash hash);
  // Some account has no keys of that kind: imported ones have SHA-1 alone.
  Result<bool, StoreError> lacks(sasl::ScramHash hash);
  // Made once, the same for ever; for sasl::DecoyKeys.
  Result<std::string, StoreError> decoy_secret();
  // Another number whenever another process has written.
  Result<std::int64_t, StoreError> version();
  // Those after `id`, oldest first; nothing older than a day is kept.
  Result<std::vector<Change>, StoreError> changes_after(std::int64_t id);
  Result<std::int64_t, StoreError> last_change();

 private:
  explicit AccountStore(const std::filesystem::path& file) : database_(file) {}
  void make_tables();
  void put_keys(std::string_view name, const sasl::ScramKeys& keys);
  void note(std::string_view name, Change::What what);
  Result<void, StoreError> change_one(std::string_view name, Change::What what, std::string_view sql,
                                      std::initializer_list<Value> values);

  Database database_;
};

}  // namespace conclave::accounts
