#include "ops/env_file.h"

#include <cctype>

#include "ops/config_error.h"

namespace conclave::ops {
namespace {

bool is_name_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}
bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

class Reader {
 public:
  Reader(const std::string& path, const Environment& outer) : outer_(outer) { file_.path = path; }

  void line(std::string_view text) {
    ++number_;
    if (text.ends_with('\r')) text.remove_suffix(1);
    text = trimmed(text);
    if (text.empty() || text.front() == '#') return;
    if (text.starts_with("export ")) text = trimmed(text.substr(7));
    const std::size_t equals = text.find('=');
    const std::string_view name = trimmed(text.substr(0, equals));
    if (equals == std::string_view::npos || name.empty() || !is_name(name)) {
      throw ConfigError("line", std::string(text.substr(0, 40)),
                        "Write NAME=value, or begin the line with # to make it a comment.", place());
    }
    const auto [at, added] = file_.entries.try_emplace(std::string(name), EnvFile::Entry{{}, number_});
    if (!added) {
      throw ConfigError(std::string(name), "",
                        "It is set twice, in lines " + std::to_string(at->second.line) + " and " +
                            std::to_string(number_) + ". Keep one of them.",
                        file_.path);
    }
    at->second.value = value(std::string(name), trimmed(text.substr(equals + 1)));
  }

  EnvFile take() { return std::move(file_); }

 private:
  static bool is_name(std::string_view name) {
    if (std::isdigit(static_cast<unsigned char>(name.front())) != 0) return false;
    for (const char c : name) {
      if (!is_name_character(c)) return false;
    }
    return true;
  }

  std::string place() const { return file_.path + ":" + std::to_string(number_); }

  std::string value(const std::string& name, std::string_view text) const {
    if (text.empty()) return {};
    const char quote = text.front();
    if (quote != '"' && quote != '\'') {
      // As docker's reader: a # after a blank begins a comment.
      for (std::size_t i = 1; i < text.size(); ++i) {
        if (text[i] == '#' && is_blank(text[i - 1])) {
          text = trimmed(text.substr(0, i));
          break;
        }
      }
      if (text.front() == '#') return {};
      return expanded(name, text);
    }
    const std::size_t end = text.find(quote, 1);
    const std::string_view after = end == std::string_view::npos ? std::string_view() : trimmed(text.substr(end + 1));
    if (end == std::string_view::npos || (!after.empty() && after.front() != '#')) {
      throw ConfigError(name, "", "The quotation marks do not match.", place());
    }
    const std::string_view inside = text.substr(1, end - 1);
    return quote == '"' ? expanded(name, inside) : std::string(inside);
  }

  std::string expanded(const std::string& name, std::string_view text) const {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text.substr(i, 2) != "${") {
        out += text[i];
        continue;
      }
      const std::size_t end = text.find('}', i);
      const std::string_view other =
          end == std::string_view::npos ? std::string_view() : text.substr(i + 2, end - i - 2);
      if (other.empty() || !is_name(other))
        throw ConfigError(name, "", "Write ${NAME} to insert another variable.", place());
      out += looked_up(std::string(other));
      i = end;
    }
    return out;
  }

  std::string looked_up(const std::string& name) const {
    if (const auto outer = outer_.find(name); outer != outer_.end() && !outer->second.empty()) return outer->second;
    const auto own = file_.entries.find(name);
    return own == file_.entries.end() ? std::string() : own->second.value;
  }

  const Environment& outer_;
  EnvFile file_;
  std::size_t number_ = 0;
};

}  // namespace

EnvFile parse_env_file(std::string_view text, const std::string& path, const Environment& outer) {
  if (text.size() > kMaxEnvFileBytes)
    throw ConfigError("CONCLAVE_ENV_FILE", path, "The file is larger than 1 MB; it cannot be a settings file.");
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  Reader reader(path, outer);
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    reader.line(text.substr(0, end));
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  }
  return reader.take();
}

}  // namespace conclave::ops
