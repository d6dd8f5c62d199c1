#include "web/includes.h"

#include <utility>
#include <vector>

namespace conclave::web {
namespace {

constexpr std::string_view kBegin = "<!--#";
constexpr std::string_view kEnd = "-->";
constexpr std::string_view kUnknown = "<!-- unknown directive -->";

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

bool is_name(char c) {
  return (c >= 'a' && c <= 'z') || c == '_';
}

struct Directive {
  std::string_view command;
  std::vector<std::pair<std::string_view, std::string_view>> parameters;

  std::optional<std::string_view> parameter(std::string_view name) const {
    for (const auto& [key, value] : parameters) {
      if (key == name) return value;
    }
    return std::nullopt;
  }
};

// command name="value" name='value'
class DirectiveReader {
 public:
  explicit DirectiveReader(std::string_view text) : rest_(text) {}

  std::optional<Directive> read() {
    Directive directive;
    skip_blanks();
    directive.command = word();
    for (skip_blanks(); !rest_.empty(); skip_blanks()) {
      const std::string_view name = word();
      if (name.empty() || !take('=')) return std::nullopt;
      const auto value = quoted();
      if (!value) return std::nullopt;
      directive.parameters.emplace_back(name, *value);
    }
    return directive;
  }

 private:
  void skip_blanks() {
    while (!rest_.empty() && is_blank(rest_.front())) rest_.remove_prefix(1);
  }

  std::string_view word() {
    std::size_t length = 0;
    while (length < rest_.size() && is_name(rest_[length])) ++length;
    const std::string_view found = rest_.substr(0, length);
    rest_.remove_prefix(length);
    return found;
  }

  bool take(char c) {
    skip_blanks();
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    skip_blanks();
    return true;
  }

  std::optional<std::string_view> quoted() {
    if (rest_.empty() || (rest_.front() != '"' && rest_.front() != '\'')) return std::nullopt;
    const std::size_t end = rest_.find(rest_.front(), 1);
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view value = rest_.substr(1, end - 1);
    rest_.remove_prefix(end + 1);
    return value;
  }

  std::string_view rest_;
};

// In HTML it reads as the text; in a script's string it ends nothing.
std::string escaped(std::string_view value) {
  std::string out;
  for (const char c : value) {
    if (c == '&' || c == '<' || c == '>' || c == '"' || c == '\'' || c == '\\' || c == '`' || is_blank(c)) {
      out += c == ' ' ? " " : "&#" + std::to_string(static_cast<int>(c)) + ";";
    } else {
      out += c;
    }
  }
  return out;
}

class Expansion {
 public:
  explicit Expansion(const Includes& includes) : includes_(includes) {}

  Result<void, IncludeError> add(std::string_view page, std::string_view path, std::size_t depth) {
    while (!page.empty()) {
      const std::size_t begin = page.find(kBegin);
      const std::size_t end = begin == std::string_view::npos ? begin : page.find(kEnd, begin);
      // One that is not closed is text, as any comment.
      if (end == std::string_view::npos) return append(page);
      if (auto result = append(page.substr(0, begin)); !result) return result;
      const std::string_view inside = page.substr(begin + kBegin.size(), end - begin - kBegin.size());
      if (auto result = act(inside, path, depth); !result) return result;
      page.remove_prefix(end + kEnd.size());
    }
    return {};
  }

  std::string take() { return std::move(out_); }

 private:
  Result<void, IncludeError> act(std::string_view inside, std::string_view path, std::size_t depth) {
    const auto directive = DirectiveReader(inside).read();
    if (directive && directive->command == "echo") {
      if (const auto name = directive->parameter("var")) return append(echo(*directive, *name));
    }
    if (directive && directive->command == "include") {
      const auto file = directive->parameter("virtual");
      if (const auto name = file ? file : directive->parameter("file")) return include(*name, path, depth);
    }
    return append(kUnknown);
  }

  std::string echo(const Directive& directive, std::string_view name) const {
    const auto found = includes_.variables.find(name);
    if (found != includes_.variables.end() && !found->second.empty()) return escaped(found->second);
    return std::string(directive.parameter("default").value_or("(none)"));
  }

  Result<void, IncludeError> include(std::string_view name, std::string_view path, std::size_t depth) {
    if (depth >= kMaxIncludeDepth) return failure(IncludeError::TooDeep);
    if (++included_ > kMaxIncludes) return failure(IncludeError::TooMany);
    std::string target(name);
    if (!target.starts_with('/')) target = std::string(path.substr(0, path.rfind('/') + 1)) + target;
    const auto content = includes_.file(target);
    return content ? add(*content, target, depth + 1) : Result<void, IncludeError>();
  }

  Result<void, IncludeError> append(std::string_view piece) {
    if (out_.size() + piece.size() > kMaxExpandedBytes) return failure(IncludeError::TooLarge);
    out_ += piece;
    return {};
  }

  const Includes& includes_;
  std::string out_;
  std::size_t included_ = 0;
};

}  // namespace

std::string_view text(IncludeError error) {
  switch (error) {
    case IncludeError::TooDeep:
      return "files include each other too deeply";
    case IncludeError::TooMany:
      return "too many files are included";
    case IncludeError::TooLarge:
      return "the page with what it includes is too large";
  }
  return "";
}

Result<std::string, IncludeError> expand(std::string_view page, std::string_view path, const Includes& includes) {
  Expansion expansion(includes);
  if (auto result = expansion.add(page, path, 0); !result) return failure(result.error());
  return expansion.take();
}

}  // namespace conclave::web
