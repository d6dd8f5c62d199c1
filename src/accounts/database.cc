#include "accounts/database.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

namespace conclave::accounts {
namespace {

// How long a writer waits for another process (`conclave account` beside the server).
constexpr int kBusyTimeoutMilliseconds = 5000;

[[noreturn]] void fail(sqlite3* database, int code) {
  throw DatabaseError(database != nullptr ? sqlite3_errmsg(database) : sqlite3_errstr(code), code);
}

}  // namespace

bool DatabaseError::is_constraint() const {
  return (code & 0xff) == SQLITE_CONSTRAINT;
}

void Rows::Finalize::operator()(sqlite3_stmt* statement) const {
  sqlite3_finalize(statement);
}

Rows::Rows(sqlite3* database, std::string_view sql, std::initializer_list<Value> values) : database_(database) {
  sqlite3_stmt* statement = nullptr;
  const int prepared = sqlite3_prepare_v2(database, sql.data(), static_cast<int>(sql.size()), &statement, nullptr);
  statement_.reset(statement);
  if (prepared != SQLITE_OK) fail(database, prepared);
  int index = 0;
  for (const Value& value : values) {
    ++index;
    int bound = SQLITE_OK;
    if (const auto* number = std::get_if<std::int64_t>(&value)) {
      bound = sqlite3_bind_int64(statement, index, *number);
    } else if (const auto* text = std::get_if<std::string_view>(&value)) {
      bound = sqlite3_bind_text(statement, index, text->data() ? text->data() : "", static_cast<int>(text->size()),
                                SQLITE_TRANSIENT);
    } else {
      const std::string_view bytes = std::get<Blob>(value).bytes;
      bound = sqlite3_bind_blob(statement, index, bytes.data() ? bytes.data() : "", static_cast<int>(bytes.size()),
                                SQLITE_TRANSIENT);
    }
    if (bound != SQLITE_OK) fail(database, bound);
  }
}

bool Rows::next() {
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) fail(database_, code);
  return false;
}

std::int64_t Rows::number(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

std::string Rows::text(int column) const {
  const void* bytes = sqlite3_column_blob(statement_.get(), column);
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column));
  return bytes == nullptr ? std::string() : std::string(static_cast<const char*>(bytes), size);
}

void Database::Close::operator()(sqlite3* database) const {
  sqlite3_close(database);
}

Database::Database(const std::filesystem::path& file) {
  // SQLite would make it readable to all that the umask lets; what it makes beside it takes this file's mode.
  const int made = ::open(file.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
  if (made >= 0) ::close(made);
  sqlite3* database = nullptr;
  const int opened = sqlite3_open_v2(file.c_str(), &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
  database_.reset(database);
  if (opened != SQLITE_OK) fail(database, opened);
  sqlite3_extended_result_codes(database, 1);
  sqlite3_busy_timeout(database, kBusyTimeoutMilliseconds);
  query("PRAGMA journal_mode=WAL").next();
  run("PRAGMA synchronous=FULL");
  run("PRAGMA foreign_keys=ON");
}

Rows Database::query(std::string_view sql, std::initializer_list<Value> values) {
  return Rows(database_.get(), sql, values);
}

int Database::run(std::string_view sql, std::initializer_list<Value> values) {
  Rows rows = query(sql, values);
  while (rows.next()) {
  }
  return sqlite3_changes(database_.get());
}

Database::Transaction::~Transaction() {
  if (done_) return;
  try {
    database_.run("ROLLBACK");
  } catch (const DatabaseError&) {
    // SQLite has rolled back by itself.
  }
}

void Database::Transaction::commit() {
  database_.run("COMMIT");
  done_ = true;
}

}  // namespace conclave::accounts
