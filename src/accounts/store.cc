#include "accounts/store.h"

#include "base/random.h"

namespace conclave::accounts {
namespace {

constexpr std::int64_t kVersion = 1;

// Others keep their tables in the same file, so each part has its own version.
constexpr std::string_view kVersionTable = R"(CREATE TABLE IF NOT EXISTS schema_version (
  part TEXT PRIMARY KEY, version INTEGER NOT NULL) STRICT)";

constexpr std::string_view kTables[] = {
    R"(CREATE TABLE account (
  name TEXT PRIMARY KEY,
  role TEXT NOT NULL CHECK (role IN ('policy', 'host', 'participant')),
  locked INTEGER NOT NULL DEFAULT 0,
  display_name TEXT NOT NULL DEFAULT '',
  mail TEXT NOT NULL DEFAULT '') STRICT, WITHOUT ROWID)",
    R"(CREATE TABLE account_scram (
  account TEXT NOT NULL REFERENCES account (name) ON DELETE CASCADE,
  hash TEXT NOT NULL CHECK (hash IN ('SCRAM-SHA-1', 'SCRAM-SHA-256')),
  salt BLOB NOT NULL,
  iterations INTEGER NOT NULL,
  stored_key BLOB NOT NULL,
  server_key BLOB NOT NULL,
  PRIMARY KEY (account, hash)) STRICT, WITHOUT ROWID)",
    R"(CREATE INDEX account_scram_hash ON account_scram (hash, iterations))",
    R"(CREATE TABLE account_change (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  account TEXT NOT NULL,
  what INTEGER NOT NULL,
  at INTEGER NOT NULL DEFAULT (unixepoch())) STRICT)",
    R"(CREATE TABLE account_secret (secret TEXT NOT NULL) STRICT)",
};

constexpr std::string_view kColumns = "name, role, locked, display_name, mail";

Account account_of(const Rows& row) {
  const std::string role = row.text(1);
  return {.name = row.text(0),
          .role = role == "host"          ? Role::Host
                  : role == "participant" ? Role::Participant
                                          : Role::Unsaid,
          .locked = row.number(2) != 0,
          .display_name = row.text(3),
          .mail = row.text(4)};
}

// The one place where SQLite's exceptions become values.
template <class Work>
auto guarded(Work work) -> Result<decltype(work()), StoreError> {
  try {
    if constexpr (std::is_void_v<decltype(work())>) {
      work();
      return {};
    } else {
      return work();
    }
  } catch (const DatabaseError& error) {
    return failure(StoreError{StoreError::Kind::Disk, error.what()});
  }
}

StoreError missing(std::string_view name) {
  return {StoreError::Kind::Missing, "There is no account " + std::string(name) + "."};
}

}  // namespace

Result<AccountStore, StoreError> AccountStore::open(const std::filesystem::path& file) {
  return guarded([&] {
    AccountStore store(file);
    store.make_tables();
    return store;
  });
}

void AccountStore::make_tables() {
  Database::Transaction transaction(database_);
  database_.run(kVersionTable);
  Rows version = database_.query("SELECT version FROM schema_version WHERE part = 'accounts'");
  if (version.next()) {
    if (version.number(0) > kVersion) {
      throw DatabaseError("The accounts were written by a newer version of this program.", 0);
    }
  } else {
    for (const std::string_view table : kTables) database_.run(table);
    database_.run("INSERT INTO schema_version VALUES ('accounts', ?)", {kVersion});
    database_.run("INSERT INTO account_secret VALUES (?)", {std::string_view(SystemRandom().token(48))});
  }
  transaction.commit();
}

Result<std::optional<Account>, StoreError> AccountStore::find(std::string_view name) {
  return guarded([&]() -> std::optional<Account> {
    Rows rows = database_.query("SELECT " + std::string(kColumns) + " FROM account WHERE name = ?", {name});
    return rows.next() ? std::optional(account_of(rows)) : std::nullopt;
  });
}

Result<std::optional<sasl::ScramKeys>, StoreError> AccountStore::keys(std::string_view name, sasl::ScramHash hash) {
  return guarded([&]() -> std::optional<sasl::ScramKeys> {
    Rows rows = database_.query(
        "SELECT salt, iterations, stored_key, server_key FROM account_scram WHERE account = ? AND hash = ?",
        {name, sasl::mechanism_of(hash)});
    if (!rows.next()) return std::nullopt;
    return sasl::ScramKeys{.hash = hash,
                           .salt = rows.text(0),
                           .iterations = static_cast<std::uint32_t>(rows.number(1)),
                           .stored_key = rows.text(2),
                           .server_key = rows.text(3)};
  });
}

Result<std::vector<Account>, StoreError> AccountStore::list() {
  return guarded([&] {
    std::vector<Account> accounts;
    Rows rows = database_.query("SELECT " + std::string(kColumns) + " FROM account ORDER BY name");
    while (rows.next()) accounts.push_back(account_of(rows));
    return accounts;
  });
}

void AccountStore::put_keys(std::string_view name, const sasl::ScramKeys& keys) {
  database_.run("INSERT OR REPLACE INTO account_scram VALUES (?, ?, ?, ?, ?, ?)",
                {name, sasl::mechanism_of(keys.hash), Blob{keys.salt}, std::int64_t{keys.iterations},
                 Blob{keys.stored_key}, Blob{keys.server_key}});
}

void AccountStore::note(std::string_view name, Change::What what) {
  database_.run("DELETE FROM account_change WHERE at < unixepoch() - 86400");
  database_.run("INSERT INTO account_change (account, what) VALUES (?, ?)", {name, static_cast<std::int64_t>(what)});
}

Result<void, StoreError> AccountStore::add(const Account& account, const std::vector<sasl::ScramKeys>& keys) {
  try {
    Database::Transaction transaction(database_);
    database_.run("INSERT INTO account VALUES (?, ?, ?, ?, ?)",
                  {std::string_view(account.name), role_text(account.role), std::int64_t{account.locked},
                   std::string_view(account.display_name), std::string_view(account.mail)});
    for (const sasl::ScramKeys& one : keys) put_keys(account.name, one);
    transaction.commit();
    return {};
  } catch (const DatabaseError& error) {
    if (error.is_constraint()) {
      return failure(StoreError{StoreError::Kind::Exists, "There is an account " + account.name + " already."});
    }
    return failure(StoreError{StoreError::Kind::Disk, error.what()});
  }
}

Result<void, StoreError> AccountStore::change_one(std::string_view name, Change::What what, std::string_view sql,
                                                  std::initializer_list<Value> values) {
  bool found = false;
  auto done = guarded([&] {
    Database::Transaction transaction(database_);
    found = database_.run(sql, values) == 1;
    if (found) note(name, what);
    transaction.commit();
  });
  if (done && !found) return failure(missing(name));
  return done;
}

Result<void, StoreError> AccountStore::set_keys(std::string_view name, const std::vector<sasl::ScramKeys>& keys) {
  bool found = false;
  auto done = guarded([&] {
    Database::Transaction transaction(database_);
    found = database_.query("SELECT 1 FROM account WHERE name = ?", {name}).next();
    if (!found) return;
    database_.run("DELETE FROM account_scram WHERE account = ?", {name});
    for (const sasl::ScramKeys& one : keys) put_keys(name, one);
    note(name, Change::What::Password);
    transaction.commit();
  });
  if (done && !found) return failure(missing(name));
  return done;
}

Result<void, StoreError> AccountStore::add_keys(std::string_view name, const sasl::ScramKeys& keys) {
  return guarded([&] { put_keys(name, keys); });
}

Result<void, StoreError> AccountStore::set_role(std::string_view name, Role role) {
  return change_one(name, Change::What::Role, "UPDATE account SET role = ? WHERE name = ?", {role_text(role), name});
}

Result<void, StoreError> AccountStore::set_locked(std::string_view name, bool locked) {
  if (locked) return change_one(name, Change::What::Locked, "UPDATE account SET locked = 1 WHERE name = ?", {name});
  int changed = 0;
  auto done = guarded([&] { changed = database_.run("UPDATE account SET locked = 0 WHERE name = ?", {name}); });
  if (done && changed == 0) return failure(missing(name));
  return done;
}

Result<void, StoreError> AccountStore::set_texts(std::string_view name, std::string_view display_name,
                                                 std::string_view mail) {
  int changed = 0;
  auto done = guarded([&] {
    changed = database_.run("UPDATE account SET display_name = ?, mail = ? WHERE name = ?", {display_name, mail, name});
  });
  if (done && changed == 0) return failure(missing(name));
  return done;
}

Result<void, StoreError> AccountStore::remove(std::string_view name) {
  return change_one(name, Change::What::Removed, "DELETE FROM account WHERE name = ?", {name});
}

Result<std::vector<sasl::ScramShape>, StoreError> AccountStore::shapes(sasl::ScramHash hash) {
  return guarded([&] {
    std::vector<sasl::ScramShape> shapes;
    Rows rows = database_.query(
        "SELECT DISTINCT iterations, length(salt), hex(substr(salt, 9, 1)) = '2D' FROM account_scram WHERE hash = ? "
        "ORDER BY 1, 2, 3 LIMIT 64",
        {sasl::mechanism_of(hash)});
    while (rows.next()) {
      const auto bytes = static_cast<std::size_t>(rows.number(1));
      shapes.push_back({.iterations = static_cast<std::uint32_t>(rows.number(0)),
                        .salt_bytes = bytes,
                        .salt_is_uuid = bytes == 36 && rows.number(2) != 0});
    }
    return shapes;
  });
}

Result<bool, StoreError> AccountStore::lacks(sasl::ScramHash hash) {
  return guarded([&] {
    Rows rows =
        database_.query("SELECT (SELECT count(*) FROM account) > (SELECT count(*) FROM account_scram WHERE hash = ?)",
                        {sasl::mechanism_of(hash)});
    return rows.next() && rows.number(0) != 0;
  });
}

Result<std::string, StoreError> AccountStore::decoy_secret() {
  return guarded([&] {
    Rows rows = database_.query("SELECT secret FROM account_secret");
    return rows.next() ? rows.text(0) : std::string();
  });
}

Result<std::int64_t, StoreError> AccountStore::version() {
  return guarded([&] {
    Rows rows = database_.query("PRAGMA data_version");
    return rows.next() ? rows.number(0) : std::int64_t{0};
  });
}

Result<std::vector<Change>, StoreError> AccountStore::changes_after(std::int64_t id) {
  return guarded([&] {
    std::vector<Change> changes;
    Rows rows = database_.query("SELECT id, account, what FROM account_change WHERE id > ? ORDER BY id", {id});
    while (rows.next()) {
      changes.push_back(
          {.id = rows.number(0), .name = rows.text(1), .what = static_cast<Change::What>(rows.number(2))});
    }
    return changes;
  });
}

Result<std::int64_t, StoreError> AccountStore::last_change() {
  return guarded([&] {
    Rows rows = database_.query("SELECT coalesce(max(id), 0) FROM account_change");
    return rows.next() ? rows.number(0) : std::int64_t{0};
  });
}

}  // namespace conclave::accounts
