#pragma once
// Finds a variable where the operator put it and turns its text into a value, or into a ConfigError that names the
// place, the value and what would be right (environment.md 1). Only while starting.
#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ops/env_file.h"
#include "ops/settings.h"
#include "ops/toml_settings.h"

namespace conclave::ops {

class SettingReader {
 public:
  struct Found {
    std::string name;  // the variable that said it: the one that was asked for, or an older name of the same
    std::string value;
    std::string place;
    std::vector<std::string> items = {};  // of a list that was written as one
    bool in_toml = false;
  };

  // All outlive the reader. `toml` may be null.
  SettingReader(const CommandLine& command_line, const Environment& environment, const std::optional<EnvFile>& file,
                const FileSettings* toml = nullptr)
      : command_line_(command_line), environment_(environment), file_(file ? &*file : nullptr), toml_(toml) {}

  // Command line, environment, .env file, conclave.toml; then the same for the setting's older names; then what module
  // names and Lua lines imply. An empty value is unset.
  std::optional<Found> find(const std::string& name) const;
  // The same for this very name, without older ones and without what is implied.
  std::optional<Found> find_exactly(const std::string& name) const;
  // Values of last resort, by variable.
  void imply(FileSettings implied) { implied_ = std::move(implied); }

  bool has(const std::string& name) const { return find(name).has_value(); }

  std::optional<std::string> text(const std::string& name) const;
  std::optional<bool> boolean(const std::string& name) const;
  std::optional<std::uint64_t> number(const std::string& name, std::uint64_t least, std::uint64_t most) const;
  std::optional<std::chrono::seconds> duration(const std::string& name) const;  // a bare number is seconds
  std::vector<std::string> list(const std::string& name) const;
  // NAME, or the content of the file that NAME_FILE names. The value is in no error.
  std::optional<std::string> secret(const std::string& name) const;
  // The content of a file that a variable names.
  std::optional<std::string> file_content(const std::string& name) const;

  template <class Value>
  std::optional<Value> choice(const std::string& name,
                              std::initializer_list<std::pair<std::string_view, Value>> values) const {
    const auto found = find(name);
    if (!found) return std::nullopt;
    std::string words;
    for (const auto& [word, value] : values) {
      if (same_word(found->value, word)) return value;
      words += (words.empty() ? "" : ", ") + std::string(word);
    }
    throw ConfigError(found->name, found->value, "Use one of: " + words + ".", found->place);
  }

  [[noreturn]] void wrong(const std::string& name, std::string remedy) const;

 private:
  static bool same_word(std::string_view text, std::string_view word);

  const CommandLine& command_line_;
  const Environment& environment_;
  const EnvFile* file_;  // null: there is none
  const FileSettings* toml_;
  FileSettings implied_;
};

// "90", "90 seconds", "5 minutes", "24 hours", "1 day", "2h", "30m".
std::optional<std::chrono::seconds> duration_of(std::string_view text);
std::optional<std::uint64_t> whole_number_of(std::string_view text);
std::string lower_ascii(std::string_view text);
std::string_view without_blanks(std::string_view text);

}  // namespace conclave::ops
