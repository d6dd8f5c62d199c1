#include "ops/settings_print.h"

#include <nlohmann/json.hpp>

#include "ops/ignored_names.h"
#include "ops/setting_table.h"

namespace conclave::ops {
namespace {

constexpr std::size_t kWidth = 110;

constexpr std::string_view kMarkdownHead = R"(# Settings

Made by `conclave settings --markdown` from the table in `src/ops/setting_table.h`; a test compares. The same as a file to
copy from: [conf/conclave.example.toml](../conf/conclave.example.toml).

**Where a setting may stand, strongest first:** the command line; the environment; the `.env` file (`CONCLAVE_ENV_FILE`,
default `./.env`); `conclave.toml` (`CONCLAVE_CONFIG_FILE`, default `./conclave.toml`, else `conclave.toml` in the data
directory); the default. `conclave.toml` stands last because it is the one that is kept with the machine, and what is
said for one start must win over it. One name wins over another before all that: a setting's own name, in whichever
place, over docker's older names for the same, and what the policy section says over docker's `ENABLE_…` switches; that
is a notice at the start.

**How values are written:** switches are 1 true yes on / 0 false no off in the environment and `true` / `false` in TOML;
lists have commas, or are arrays in TOML; durations are `90 seconds`, `5 minutes`, `24 hours`, `1 day`, a bare number is
seconds. An empty value is unset. A secret may stand in a file: `NAME_FILE`, in TOML `key_file`. What is wrong stops the
start (or the reload) with name, place and remedy, and never turns into a weaker policy.

"now" in the last column: a reload (SIGHUP, or `POST /admin/v1/reload`) puts a change into force. "restart": it says so.
)";

constexpr std::string_view kTomlHead =
    R"(# Conclave's settings, each with its default and the reason for it. Copy to ./conclave.toml, or name the copy in
# CONCLAVE_CONFIG_FILE or --config, and uncomment what differs. Made by `conclave settings --toml`; a test compares.
#
# The command line, the environment and the .env file win over this file. A key that does not exist, a value that is
# wrong or of the wrong kind, and a key twice stop the start with file, line and remedy (exit code 78).
)";

constexpr std::string_view kTomlTail = R"(
# --- Rooms that are different ----------------------------------------------------------------------------------------
# Any number of these. The first whose pattern matches holds, whole: [policy] with the switches that stand here. Known are
# the keys of [policy] that are not about the whole server.
#
#[[rooms]]
#match = "lounge-*"        # names outside tenants; "clinic/*" is all rooms of a tenant
#guests = "create"
#auto_promote = "anyone"
)";

std::string toml_value(const SettingRow& row) {
  const std::string quoted = "\"" + std::string(row.fallback) + "\"";
  switch (row.kind) {
    case SettingKind::Switch:
      return row.fallback == "1" ? "true" : "false";
    case SettingKind::Number:
      return row.fallback.empty() ? "0" : std::string(row.fallback);
    case SettingKind::List:
      return row.fallback.empty() ? "[]" : "[" + quoted + "]";
    default:
      return quoted;
  }
}

std::string commented(std::string_view text) {
  std::string out = "#";
  std::size_t column = 1;
  for (const std::string_view word : words_of(text)) {
    if (column + 1 + word.size() > kWidth) {
      out += "\n#";
      column = 1;
    }
    out += " " + std::string(word);
    column += 1 + word.size();
  }
  return out + "\n";
}

bool has_keys(const SettingSection& section) {
  for (const SettingRow& row : section.rows) {
    if (!row.key.empty()) return true;
  }
  return false;
}

std::string joined_words(std::string_view words) {
  std::string text;
  for (const std::string_view word : words_of(words)) text += (text.empty() ? "" : ", ") + std::string(word);
  return text;
}

std::string code(std::string_view text) {
  return text.empty() ? "" : "`" + std::string(text) + "`";
}

}  // namespace

std::string settings_as_markdown() {
  std::string text(kMarkdownHead);
  for (const SettingSection& section : setting_sections()) {
    text += "\n## " + std::string(section.title) + "\n\n" + std::string(section.about) + "\n\n";
    text += "| variable | " + std::string(has_keys(section) ? "[" + std::string(section.name) + "]" : "key") +
            " | default | what it does | change |\n|---|---|---|---|---|\n";
    for (const SettingRow& row : section.rows) {
      text += "| " + code(row.name) + (row.older.empty() ? "" : ", older " + code(joined_words(row.older))) + " | " +
              code(row.key) + " | " + code(row.fallback) + " | " + std::string(row.what);
      if (!row.words.empty()) text += " Words: " + joined_words(row.words) + ".";
      if (row.per_room) text += " Also in `[[rooms]]`.";
      text += std::string(" | ") + (row.change == Change::AtOnce ? "now" : "restart") + " |\n";
    }
  }
  text +=
      "\n## Names that have no effect\n\nTaken as they are, so that a file for docker-jitsi-meet starts this server; "
      "what is set and has no effect is said at the start. A name that ends with `_` stands for all that begin so.\n\n"
      "| why | variables |\n|---|---|\n";
  for (const IgnoredGroup& group : ignored_groups()) {
    text += "| " + (group.reason.empty() ? "It is for docker or its helpers; no notice." : std::string(group.reason)) +
            " |";
    for (const std::string_view name : words_of(group.names)) text += " " + code(name);
    text += " |\n";
  }
  return text;
}

std::string settings_as_toml() {
  std::string text(kTomlHead);
  for (const SettingSection& section : setting_sections()) {
    if (!has_keys(section)) continue;
    text += "\n# --- " + std::string(section.title) + " ---\n" + commented(section.about) + "[" +
            std::string(section.name) + "]\n";
    for (const SettingRow& row : section.rows) {
      if (row.key.empty()) continue;
      text += "\n" + commented(row.what);
      if (!row.words.empty()) text += commented("One of: " + joined_words(row.words) + ".");
      text +=
          commented("(" + std::string(row.name) + ")") + "#" + std::string(row.key) + " = " + toml_value(row) + "\n";
    }
  }
  return text + std::string(kTomlTail);
}

std::string settings_as_json() {
  nlohmann::ordered_json all = nlohmann::ordered_json::array();
  for (const SettingSection& section : setting_sections()) {
    for (const SettingRow& row : section.rows) {
      all.push_back({{"name", row.name},
                     {"section", section.name},
                     {"key", row.key},
                     {"kind", kind_text(row.kind)},
                     {"default", row.fallback},
                     {"words", words_of(row.words)},
                     {"older_names", words_of(row.older)},
                     {"needs_restart", row.change == Change::Restart},
                     {"per_room", row.per_room},
                     {"what", row.what}});
    }
  }
  for (const IgnoredGroup& group : ignored_groups()) {
    for (const std::string_view name : words_of(group.names))
      all.push_back({{"name", name}, {"section", "ignored"}, {"key", ""}, {"what", group.reason}});
  }
  return all.dump(2) + "\n";
}

}  // namespace conclave::ops
