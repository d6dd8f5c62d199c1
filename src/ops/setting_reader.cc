#include "ops/setting_reader.h"

#include <algorithm>
#include <charconv>
#include <sstream>

#include "ops/secret_file.h"
#include "ops/setting_table.h"

namespace conclave::ops {
namespace {

constexpr std::uint64_t kMaxDurationSeconds = 10ULL * 366 * 24 * 3600;

std::optional<std::uint64_t> seconds_in(std::string_view unit) {
  struct Unit {
    std::string_view name;
    std::uint64_t seconds;
  };
  static constexpr Unit kUnits[] = {{"", 1},        {"s", 1},        {"sec", 1},     {"second", 1},   {"seconds", 1},
                                    {"m", 60},      {"min", 60},     {"minute", 60}, {"minutes", 60}, {"h", 3600},
                                    {"hour", 3600}, {"hours", 3600}, {"d", 86400},   {"day", 86400},  {"days", 86400}};
  for (const Unit& one : kUnits) {
    if (one.name == unit) return one.seconds;
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::uint64_t> whole_number_of(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string lower_ascii(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return out;
}

std::string_view without_blanks(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

std::optional<std::chrono::seconds> duration_of(std::string_view text) {
  text = without_blanks(text);
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto count = whole_number_of(text.substr(0, digits));
  const auto unit = seconds_in(lower_ascii(without_blanks(text.substr(digits))));
  if (!count || !unit || *count > kMaxDurationSeconds / *unit) return std::nullopt;
  return std::chrono::seconds(static_cast<std::int64_t>(*count * *unit));
}

bool SettingReader::same_word(std::string_view text, std::string_view word) {
  return lower_ascii(text) == word;
}

std::optional<SettingReader::Found> SettingReader::find_exactly(const std::string& name) const {
  const auto usable = [](std::string_view value) { return !without_blanks(value).empty(); };
  if (const auto at = command_line_.values.find(name); at != command_line_.values.end() && usable(at->second)) {
    return Found{name, std::string(without_blanks(at->second)), "command line"};
  }
  if (const auto at = environment_.find(name); at != environment_.end() && usable(at->second)) {
    return Found{name, std::string(without_blanks(at->second)), "environment"};
  }
  if (file_ != nullptr) {
    const auto at = file_->entries.find(name);
    if (at != file_->entries.end() && usable(at->second.value))
      return Found{name, std::string(without_blanks(at->second.value)),
                   file_->path + ":" + std::to_string(at->second.line)};
  }
  if (toml_ == nullptr) return std::nullopt;
  const auto at = toml_->find(name);
  if (at == toml_->end() || (!usable(at->second.value) && at->second.items.empty())) return std::nullopt;
  return Found{name, std::string(without_blanks(at->second.value)), at->second.place, at->second.items, true};
}

std::optional<SettingReader::Found> SettingReader::find(const std::string& name) const {
  if (auto found = find_exactly(name)) return found;
  if (const SettingRow* row = setting_named(name); row != nullptr && row->name == name) {
    for (const std::string_view older : words_of(row->older)) {
      if (auto found = find_exactly(std::string(older))) return found;
    }
  }
  const auto at = implied_.find(name);
  if (at == implied_.end()) return std::nullopt;
  return Found{name, at->second.value, at->second.place, at->second.items};
}

std::optional<std::string> SettingReader::text(const std::string& name) const {
  auto found = find(name);
  return found ? std::optional(std::move(found->value)) : std::nullopt;
}

std::optional<bool> SettingReader::boolean(const std::string& name) const {
  const auto found = find(name);
  if (!found) return std::nullopt;
  const std::string word = lower_ascii(found->value);
  for (const char* yes : {"1", "true", "yes", "on"}) {
    if (word == yes) return true;
  }
  for (const char* no : {"0", "false", "no", "off"}) {
    if (word == no) return false;
  }
  throw ConfigError(found->name, found->value, "Use 1 or 0 (also true, false, yes, no, on, off).", found->place);
}

std::optional<std::uint64_t> SettingReader::number(const std::string& name, std::uint64_t least,
                                                   std::uint64_t most) const {
  const auto found = find(name);
  if (!found) return std::nullopt;
  const auto value = whole_number_of(found->value);
  if (!value || *value < least || *value > most) {
    throw ConfigError(found->name, found->value,
                      "Use a number from " + std::to_string(least) + " to " + std::to_string(most) + ".", found->place);
  }
  return value;
}

std::optional<std::chrono::seconds> SettingReader::duration(const std::string& name) const {
  const auto found = find(name);
  if (!found) return std::nullopt;
  const auto value = duration_of(found->value);
  if (!value)
    throw ConfigError(found->name, found->value,
                      "Use a number and a unit, such as 90 seconds, 5 minutes, 24 hours, 1 day.", found->place);
  return value;
}

std::vector<std::string> SettingReader::list(const std::string& name) const {
  std::vector<std::string> items;
  const auto found = find(name);
  if (found && !found->items.empty()) return found->items;
  std::istringstream words(found ? found->value : "");
  for (std::string item; std::getline(words, item, ',');) {
    if (const auto trimmed = without_blanks(item); !trimmed.empty()) items.emplace_back(trimmed);
  }
  return items;
}

std::optional<std::string> SettingReader::secret(const std::string& name) const {
  auto inline_value = find(name);
  const auto path = find(name + "_FILE");
  if (inline_value && path)
    throw ConfigError(name + "_FILE", path->value, name + " is set as well. Keep one of them.", path->place);
  if (!path) return inline_value ? std::optional(std::move(inline_value->value)) : std::nullopt;
  return secret_in_file(path->value, name + "_FILE", path->place);
}

std::optional<std::string> SettingReader::file_content(const std::string& name) const {
  const auto found = find(name);
  if (!found) return std::nullopt;
  return small_file(found->value, found->name, found->place);
}

void SettingReader::wrong(const std::string& name, std::string remedy) const {
  const auto found = find(name);
  throw ConfigError(found ? found->name : name, found ? found->value : "", std::move(remedy),
                    found ? found->place : "");
}

}  // namespace conclave::ops
