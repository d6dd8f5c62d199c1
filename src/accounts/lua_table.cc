#include "accounts/lua_table.h"

#include <charconv>
#include <utility>

namespace conclave::accounts {
namespace {

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_';
}

class LuaReader {
 public:
  explicit LuaReader(std::string_view text) : text_(text) {}

  std::optional<LuaTable> read() {
    if (word() != "return") return std::nullopt;
    auto table = read_table(1);
    take(';');
    skip_space();
    if (!text_.empty()) return std::nullopt;
    return table;
  }

 private:
  void skip_space() {
    while (!text_.empty() && is_space(text_.front())) text_.remove_prefix(1);
  }
  bool take(char c) {
    skip_space();
    if (!text_.starts_with(c)) return false;
    text_.remove_prefix(1);
    return true;
  }
  std::string_view word() {
    skip_space();
    std::size_t length = 0;
    while (length < text_.size() && is_name_character(text_[length])) ++length;
    const std::string_view found = text_.substr(0, length);
    text_.remove_prefix(length);
    return found;
  }

  std::optional<LuaTable> read_table(int depth) {
    if (depth > kMaxLuaDepth || !take('{')) return std::nullopt;
    LuaTable table;
    std::size_t items = 0;
    while (!take('}')) {
      auto key = read_key();
      if (failed_) return std::nullopt;
      auto value = read_value(depth);
      if (!value || ++values_ > kMaxLuaValues) return std::nullopt;
      if (!table.emplace(key ? *key : std::to_string(++items), *std::move(value)).second) return std::nullopt;
      if (!take(';') && !take(',') && !text_.starts_with('}')) return std::nullopt;
    }
    return table;
  }

  // ["key"] = , [1] = , key = ; nothing if an item comes without one.
  std::optional<std::string> read_key() {
    std::optional<std::string> key;
    if (take('[')) {
      auto value = read_value(kMaxLuaDepth);
      if (value && value->text()) key = *value->text();
      if (value && value->number()) key = std::to_string(static_cast<long long>(*value->number()));
      failed_ = !key || !take(']') || !take('=');
      return key;
    }
    const std::string_view rest = text_;
    const std::string_view name = word();
    if (!name.empty() && !is_digit(name.front()) && take('=')) return std::string(name);
    text_ = rest;
    return std::nullopt;
  }

  std::optional<LuaValue> read_value(int depth) {
    skip_space();
    if (text_.starts_with('{')) {
      auto table = read_table(depth + 1);
      if (!table) return std::nullopt;
      return LuaValue{std::make_shared<const LuaTable>(*std::move(table))};
    }
    if (text_.starts_with('"') || text_.starts_with('\'')) return read_string();
    if (text_.starts_with('-') || (!text_.empty() && is_digit(text_.front()))) return read_number();
    const std::string_view name = word();
    if (name == "true") return LuaValue{true};
    if (name == "false") return LuaValue{false};
    return std::nullopt;
  }

  std::optional<LuaValue> read_number() {
    double number = 0;
    const auto [end, error] = std::from_chars(text_.data(), text_.data() + text_.size(), number);
    if (error != std::errc()) return std::nullopt;
    text_.remove_prefix(static_cast<std::size_t>(end - text_.data()));
    if (!text_.empty() && is_name_character(text_.front())) return std::nullopt;
    return LuaValue{number};
  }

  std::optional<LuaValue> read_string() {
    const char quote = text_.front();
    text_.remove_prefix(1);
    std::string read;
    while (!text_.empty()) {
      const char c = text_.front();
      text_.remove_prefix(1);
      if (c == quote) return LuaValue{std::move(read)};
      if (c == '\n') return std::nullopt;
      if (c != '\\') {
        read += c;
      } else if (!read_escape(read)) {
        return std::nullopt;
      }
    }
    return std::nullopt;
  }

  // What string.format("%q") writes (Lua 5.1 to 5.4, §6.4): \" \\ \n \r \0, a line break, three digits.
  bool read_escape(std::string& into) {
    if (text_.empty()) return false;
    const char c = text_.front();
    if (is_digit(c)) {
      unsigned code = 0;
      std::size_t length = 0;
      while (length < 3 && length < text_.size() && is_digit(text_[length])) {
        code = code * 10 + static_cast<unsigned>(text_[length++] - '0');
      }
      if (code > 255) return false;
      into += static_cast<char>(code);
      text_.remove_prefix(length);
      return true;
    }
    static constexpr std::string_view kLetters = "abfnrtv\\\"'\n";
    static constexpr std::string_view kMeanings = "\a\b\f\n\r\t\v\\\"'\n";
    const std::size_t index = kLetters.find(c);
    if (index == std::string_view::npos) return false;
    into += kMeanings[index];
    text_.remove_prefix(1);
    return true;
  }

  std::string_view text_;
  std::size_t values_ = 0;
  bool failed_ = false;
};

}  // namespace

std::optional<LuaTable> read_lua_table(std::string_view text) {
  if (text.size() > kMaxLuaBytes) return std::nullopt;
  return LuaReader(text).read();
}

}  // namespace conclave::accounts
