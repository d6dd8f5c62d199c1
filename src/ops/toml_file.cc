#include "ops/toml_file.h"

#include <toml++/toml.h>

#include <algorithm>
#include <sstream>

#include "ops/config_error.h"
#include "ops/secret_file.h"
#include "ops/setting_reader.h"
#include "ops/setting_table.h"

namespace conclave::ops {
namespace {

std::string place_of(const std::string& path, std::size_t line) {
  return path + ":" + std::to_string(line);
}

std::size_t line_of(const toml::node& node) {
  return node.source().begin.line;
}

std::optional<TomlValue> scalar(const toml::node& node) {
  TomlValue value{.line = line_of(node)};
  if (const auto* text = node.as_string()) {
    value.text = text->get();
  } else if (const auto* number = node.as_integer()) {
    value.type = TomlValue::Type::Number;
    value.text = std::to_string(number->get());
  } else if (const auto* truth = node.as_boolean()) {
    value.type = TomlValue::Type::Switch;
    value.text = truth->get() ? "1" : "0";
  } else if (node.is_date_time() || node.is_date()) {
    std::ostringstream written;
    node.is_date() ? written << *node.as_date() : written << *node.as_date_time();
    value.text = written.str();
  } else {
    return std::nullopt;
  }
  return value;
}

TomlValue value_of(const toml::node& node, const std::string& name, const std::string& path) {
  if (auto one = scalar(node)) return *std::move(one);
  const auto* array = node.as_array();
  if (array == nullptr)
    throw ConfigError(name, "", "Write a text in quotation marks, a whole number, true, false, or a list of texts.",
                      place_of(path, line_of(node)));
  TomlValue value{.type = TomlValue::Type::List, .line = line_of(node)};
  for (const toml::node& item : *array) {
    const auto* text = item.as_string();
    if (text == nullptr)
      throw ConfigError(name, "", "Write a list of texts: [\"one\", \"two\"].", place_of(path, line_of(item)));
    value.items.push_back(text->get());
    value.text += (value.text.empty() ? "" : ", ") + text->get();
  }
  return value;
}

TomlTable table_of(const toml::table& from, const std::string& name, const std::string& path) {
  TomlTable table;
  table.file = path;
  table.name = name;
  table.line = line_of(from);
  for (const auto& [key, node] : from) {
    const std::string text(key.str());
    TomlValue value = value_of(node, name + "." + text, path);
    if (value.line == 0) value.line = key.source().begin.line;
    table.values.emplace(text, std::move(value));
  }
  return table;
}

void add(TomlFile& file, const std::string& name, const toml::node& node) {
  if (const auto* table = node.as_table()) {
    file.sections.emplace(name, table_of(*table, name, file.path));
    return;
  }
  const auto* array = node.as_array();
  const bool tables = array != nullptr && !array->empty() && array->is_homogeneous(toml::node_type::table);
  if (!tables)
    throw ConfigError(name, "", "Settings stand in sections: begin one with [server], [policy] and so on before it.",
                      place_of(file.path, line_of(node)));
  for (const toml::node& one : *array) file.arrays[name].push_back(table_of(*one.as_table(), name, file.path));
}

// What no error shows, whatever is wrong with it.
bool is_secret(std::string_view key) {
  return key.ends_with("password") || key.ends_with("secret");
}

}  // namespace

TomlFile parse_toml_file(std::string_view text, const std::string& path) {
  if (text.size() > kMaxTomlFileBytes)
    throw ConfigError("CONCLAVE_CONFIG_FILE", path, "The file is larger than 1 MB; it cannot be a settings file.");
  TomlFile file{.path = path, .sections = {}, .arrays = {}};
  try {
    const toml::table all = toml::parse(text, path);
    for (const auto& [key, node] : all) add(file, std::string(key.str()), node);
  } catch (const toml::parse_error& error) {
    throw ConfigError("line", "", "This is not TOML: " + std::string(error.description()) + ".",
                      place_of(path, error.source().begin.line));
  }
  return file;
}

const std::vector<TomlTable>& TomlFile::array(std::string_view name) const {
  static const std::vector<TomlTable> kNone;
  const auto at = arrays.find(name);
  return at == arrays.end() ? kNone : at->second;
}

std::string TomlTable::place(std::string_view key) const {
  const auto at = values.find(key);
  return place_of(file, at == values.end() ? line : at->second.line);
}

void TomlTable::wrong(std::string_view key, std::string remedy) const {
  const auto at = values.find(key);
  const bool shown = at != values.end() && !is_secret(key);
  throw ConfigError(name + "." + std::string(key), shown ? at->second.text : "", std::move(remedy), place(key));
}

const TomlValue* TomlTable::find(std::string_view key, TomlValue::Type type, std::string_view remedy) const {
  const auto at = values.find(key);
  if (at == values.end()) return nullptr;
  if (at->second.type != type) throw ConfigError(name + "." + std::string(key), "", std::string(remedy), place(key));
  return &at->second;
}

std::optional<std::string> TomlTable::text(std::string_view key) const {
  const auto* value = find(key, TomlValue::Type::Text, "Write a text in quotation marks.");
  if (value == nullptr || without_blanks(value->text).empty()) return std::nullopt;
  return std::string(without_blanks(value->text));
}

std::optional<bool> TomlTable::boolean(std::string_view key) const {
  const auto* value = find(key, TomlValue::Type::Switch, "Write true or false, without quotation marks.");
  return value == nullptr ? std::nullopt : std::optional(value->text == "1");
}

std::optional<std::uint64_t> TomlTable::number(std::string_view key, std::uint64_t least, std::uint64_t most) const {
  const std::string remedy = "Write a whole number from " + std::to_string(least) + " to " + std::to_string(most) + ".";
  const auto* value = find(key, TomlValue::Type::Number, remedy);
  if (value == nullptr) return std::nullopt;
  const auto number = whole_number_of(value->text);
  if (!number || *number < least || *number > most) wrong(key, remedy);
  return number;
}

std::optional<std::chrono::seconds> TomlTable::duration(std::string_view key) const {
  const auto at = values.find(key);
  if (at == values.end()) return std::nullopt;
  const bool fits = at->second.type == TomlValue::Type::Text || at->second.type == TomlValue::Type::Number;
  const auto value = fits ? duration_of(at->second.text) : std::nullopt;
  if (!value) wrong(key, "Write a number and a unit, such as \"90 seconds\", \"5 minutes\", \"24 hours\", \"1 day\".");
  return value;
}

std::vector<std::string> TomlTable::list(std::string_view key) const {
  const auto* value = find(key, TomlValue::Type::List, "Write a list of texts: [\"one\", \"two\"].");
  std::vector<std::string> items;
  for (const std::string& item : value == nullptr ? std::vector<std::string>() : value->items) {
    if (const auto trimmed = without_blanks(item); !trimmed.empty()) items.emplace_back(trimmed);
  }
  return items;
}

std::optional<std::string> TomlTable::secret(std::string_view key) const {
  const std::string file_key = std::string(key) + "_file";
  const auto path = text(file_key);
  auto value = text(key);
  if (value && path) wrong(file_key, std::string(key) + " is set as well. Keep one of them.");
  return path ? secret_in_file(*path, name + "." + file_key, place(file_key)) : value;
}

void TomlTable::only(std::initializer_list<std::string_view> keys) const {
  for (const auto& [key, value] : values) {
    if (std::ranges::find(keys, key) != keys.end()) continue;
    const std::string_view meant = nearest(key, {keys.begin(), keys.size()});
    std::string known;
    for (const std::string_view one : keys) known += (known.empty() ? "" : ", ") + std::string(one);
    throw ConfigError(name + "." + key, "",
                      "There is no such key here. " +
                          (meant.empty() ? "Known are " + known : "Did you mean " + std::string(meant)) +
                          (meant.empty() ? "." : "?"),
                      place_of(file, value.line));
  }
}

}  // namespace conclave::ops
