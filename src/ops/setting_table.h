#pragma once
// Every setting, one row each: what `conclave settings` prints, docs/settings.md and conf/conclave.example.toml are
// made from, conclave.toml is read by, and the notices about names without effect are judged by. A row is added in the
// setting_rows_<section>.cc of its section. Static data; any thread.
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace conclave::ops {

enum class SettingKind {
  Switch,    // 1 or 0; in TOML true or false
  Number,    // whole, not negative
  Duration,  // "90 seconds", "24 hours"; a bare number is seconds
  Text,
  Word,    // one of SettingRow::words
  List,    // commas; in TOML an array of texts
  Path,    // of a file or directory
  Secret,  // never printed; also NAME_FILE, in TOML <key>_file: a file that holds it
};
std::string_view kind_text(SettingKind kind);

// What a reload of the settings does with a change.
enum class Change { AtOnce, Restart };

struct SettingRow {
  std::string_view name;  // the variable
  std::string_view key;   // in its section of conclave.toml; "" if only the environment can say it
  SettingKind kind;
  std::string_view fallback;    // the default as one would write it in the environment; "" for none
  std::string_view what;        // one or two sentences
  std::string_view words = "";  // of a Word: what may be said, with blanks
  std::string_view older = "";  // docker's names for the same, with blanks; this row's own name wins over them
  Change change = Change::Restart;
  bool per_room = false;  // may be set again in [[rooms]]
};

struct SettingSection {
  std::string_view name;  // [name] in conclave.toml
  std::string_view title;
  std::string_view about;
  std::span<const SettingRow> rows;
};

std::span<const SettingSection> setting_sections();

// The row whose variable, or older name, this is; NAME_FILE belongs to the Secret NAME. Null: none.
const SettingRow* setting_named(std::string_view variable);
const SettingSection* section_named(std::string_view name);
// Null: the section has no such key. `app_secret_file` is the key of the variable JWT_APP_SECRET_FILE: see variable_of.
const SettingRow* setting_of_key(const SettingSection& section, std::string_view key);
// The variable that a key of a section stands for: the row's, with _FILE if the key is a Secret's key with _file.
std::string variable_of(const SettingRow& row, std::string_view key);

// "a b c" → a, b, c.
std::vector<std::string_view> words_of(std::string_view text);

// Of `candidates`, the one that `text` was probably meant to be: differing in underscores, or in one or two letters.
std::string_view nearest(std::string_view text, std::span<const std::string_view> candidates);

std::string without_underscores(std::string_view name);
// Levenshtein's distance.
std::size_t edit_distance(std::string_view a, std::string_view b);

// One a section, in setting_rows_<section>.cc.
std::span<const SettingRow> server_rows();
std::span<const SettingRow> relay_rows();
std::span<const SettingRow> log_rows();
std::span<const SettingRow> name_rows();
std::span<const SettingRow> policy_rows();
std::span<const SettingRow> docker_policy_rows();
std::span<const SettingRow> token_rows();
std::span<const SettingRow> ldap_rows();
std::span<const SettingRow> oidc_rows();
std::span<const SettingRow> booking_rows();
std::span<const SettingRow> service_rows();
std::span<const SettingRow> web_rows();
std::span<const SettingRow> client_rows();

}  // namespace conclave::ops
