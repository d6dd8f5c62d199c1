#pragma once
// Reads conclave.toml into plain values that know their line. What belongs to which setting is setting_table's
// business; here only TOML is judged: a syntax error or a key twice is a ConfigError that names file and line. Only
// while the settings are read.
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace conclave::ops {

constexpr std::size_t kMaxTomlFileBytes = 1024 * 1024;

struct TomlValue {
  enum class Type { Text, Number, Switch, List };
  Type type = Type::Text;
  std::string text = {};                // a date stands here as it was written
  std::vector<std::string> items = {};  // of a List
  std::size_t line = 0;
};

// One [section], or one entry of an [[array]]. Every getter throws ConfigError if the value is of another type, with
// place and remedy; absent is absent.
class TomlTable {
 public:
  std::string file;
  std::string name;  // "policy", "issuer"
  std::size_t line = 0;
  std::map<std::string, TomlValue, std::less<>> values;

  bool has(std::string_view key) const { return values.contains(key); }
  std::optional<std::string> text(std::string_view key) const;
  std::optional<bool> boolean(std::string_view key) const;
  std::optional<std::uint64_t> number(std::string_view key, std::uint64_t least, std::uint64_t most) const;
  std::optional<std::chrono::seconds> duration(std::string_view key) const;  // a bare number is seconds
  std::vector<std::string> list(std::string_view key) const;
  // `key`, or the content of the file that `key`_file names; in no error.
  std::optional<std::string> secret(std::string_view key) const;

  // Any other key is an error that names the one that was probably meant.
  void only(std::initializer_list<std::string_view> keys) const;
  [[noreturn]] void wrong(std::string_view key, std::string remedy) const;
  // "conclave.toml:12"; of the table itself if there is no such key.
  std::string place(std::string_view key = {}) const;

 private:
  const TomlValue* find(std::string_view key, TomlValue::Type type, std::string_view remedy) const;
};

struct TomlFile {
  std::string path;
  std::map<std::string, TomlTable, std::less<>> sections;             // [policy]
  std::map<std::string, std::vector<TomlTable>, std::less<>> arrays;  // [[issuer]], in the file's order

  const std::vector<TomlTable>& array(std::string_view name) const;  // empty if there is none
};

TomlFile parse_toml_file(std::string_view text, const std::string& path);

}  // namespace conclave::ops
