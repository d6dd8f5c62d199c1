#include "ops/toml_settings.h"

#include <algorithm>

#include "ops/config_error.h"
#include "ops/setting_table.h"

namespace conclave::ops {
namespace {

constexpr std::string_view kArrays[] = {"issuer", "room", "rooms"};
constexpr std::string_view kMatch = "match";

TomlValue::Type type_of(SettingKind kind) {
  switch (kind) {
    case SettingKind::Switch:
      return TomlValue::Type::Switch;
    case SettingKind::Number:
      return TomlValue::Type::Number;
    case SettingKind::List:
      return TomlValue::Type::List;
    default:
      return TomlValue::Type::Text;
  }
}

std::string_view how_to_write(SettingKind kind) {
  switch (kind) {
    case SettingKind::Switch:
      return "Write true or false, without quotation marks.";
    case SettingKind::Number:
      return "Write a whole number, without quotation marks.";
    case SettingKind::List:
      return "Write a list of texts: [\"one\", \"two\"].";
    case SettingKind::Duration:
      return "Write a number and a unit, such as \"90 seconds\", \"5 minutes\", \"24 hours\", \"1 day\".";
    default:
      return "Write a text in quotation marks.";
  }
}

std::string known_keys(const SettingSection& section, bool of_rooms) {
  std::string text;
  for (const SettingRow& row : section.rows) {
    if (!row.key.empty() && (!of_rooms || row.per_room)) text += (text.empty() ? "" : ", ") + std::string(row.key);
  }
  return text;
}

[[noreturn]] void unknown_key(const TomlTable& table, const SettingSection& section, const std::string& key,
                              bool of_rooms) {
  std::vector<std::string_view> keys;
  for (const SettingRow& row : section.rows) {
    if (!row.key.empty()) keys.push_back(row.key);
  }
  const std::string_view meant = nearest(key, keys);
  throw ConfigError(table.name + "." + key, "",
                    "There is no such key here. " + (meant.empty() ? "Known are " + known_keys(section, of_rooms) + "."
                                                                   : "Did you mean " + std::string(meant) + "?"),
                    table.place(key));
}

FileSetting setting_of(const TomlTable& table, const std::string& key, const TomlValue& value, const SettingRow& row) {
  const bool seconds = row.kind == SettingKind::Duration && value.type == TomlValue::Type::Number;
  if (value.type != type_of(row.kind) && !seconds)
    throw ConfigError(table.name + "." + key, row.kind == SettingKind::Secret ? "" : value.text,
                      std::string(how_to_write(row.kind)), table.place(key));
  return {value.text, value.items, table.place(key)};
}

void add_section(const TomlTable& table, FileSettings& all) {
  const SettingSection* section = section_named(table.name);
  const bool has_keys =
      section != nullptr && std::ranges::any_of(section->rows, [](const SettingRow& row) { return !row.key.empty(); });
  if (!has_keys) {
    std::string known;
    for (const SettingSection& one : setting_sections()) {
      if (!known_keys(one, false).empty()) known += (known.empty() ? "" : ", ") + std::string(one.name);
    }
    const bool as_array = std::ranges::count(kArrays, table.name) > 0;
    throw ConfigError("[" + table.name + "]", "",
                      as_array ? "Write [[" + table.name + "]]: there may be several."
                               : "There is no such section. Known are " + known + ".",
                      table.place());
  }
  for (const auto& [key, value] : table.values) {
    const SettingRow* row = setting_of_key(*section, key);
    if (row == nullptr) unknown_key(table, *section, key, false);
    all.emplace(variable_of(*row, key), setting_of(table, key, value, *row));
  }
}

}  // namespace

FileSettings settings_of(const TomlFile& file) {
  FileSettings all;
  for (const auto& [name, table] : file.sections) add_section(table, all);
  for (const auto& [name, tables] : file.arrays) {
    if (std::ranges::count(kArrays, name) == 0)
      throw ConfigError("[[" + name + "]]", "", "There is no such table. Known are [[issuer]], [[room]], [[rooms]].",
                        tables.front().place());
  }
  return all;
}

FileSettings room_switches_of(const TomlTable& table) {
  FileSettings all;
  const SettingSection& section = *section_named("policy");
  for (const auto& [key, value] : table.values) {
    if (key == kMatch) continue;
    const SettingRow* row = setting_of_key(section, key);
    if (row == nullptr) unknown_key(table, section, key, true);
    if (!row->per_room)
      throw ConfigError(
          table.name + "." + key, "",
          "It holds for the whole server: say it in [policy]. Rooms can differ in " + known_keys(section, true) + ".",
          table.place(key));
    all.emplace(variable_of(*row, key), setting_of(table, key, value, *row));
  }
  return all;
}

}  // namespace conclave::ops
