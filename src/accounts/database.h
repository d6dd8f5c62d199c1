#pragma once
// SQLite, as little of it as is needed: statements with bound values, and transactions. One thread at a time; the file
// may be shared with other processes (WAL). What goes wrong is thrown as DatabaseError and becomes a value in store.cc.
#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>

struct sqlite3;
struct sqlite3_stmt;

namespace conclave::accounts {

struct DatabaseError : std::runtime_error {
  DatabaseError(const std::string& problem, int result_code) : std::runtime_error(problem), code(result_code) {}
  bool is_constraint() const;
  int code;  // SQLite's
};

struct Blob {
  std::string_view bytes;
};
using Value = std::variant<std::int64_t, std::string_view, Blob>;

class Database;

// A statement that is running; goes on row by row.
class Rows {
 public:
  bool next();  // false at the end
  std::int64_t number(int column) const;
  std::string text(int column) const;  // also blobs

 private:
  friend class Database;
  Rows(sqlite3* database, std::string_view sql, std::initializer_list<Value> values);
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  sqlite3* database_;
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

class Database {
 public:
  // Makes the file (mode 0600) if there is none.
  explicit Database(const std::filesystem::path& file);

  Rows query(std::string_view sql, std::initializer_list<Value> values = {});
  // Runs to the end; how many rows changed.
  int run(std::string_view sql, std::initializer_list<Value> values = {});

  // Rolls back unless commit() was called.
  class Transaction {
   public:
    explicit Transaction(Database& database) : database_(database) { database_.run("BEGIN IMMEDIATE"); }
    ~Transaction();
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    void commit();

   private:
    Database& database_;
    bool done_ = false;
  };

 private:
  struct Close {
    void operator()(sqlite3* database) const;
  };
  std::unique_ptr<sqlite3, Close> database_;
};

}  // namespace conclave::accounts
