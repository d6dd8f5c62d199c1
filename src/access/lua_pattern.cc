#include "access/lua_pattern.h"

#include <optional>

namespace conclave::access {
namespace {

using ByteSet = std::bitset<256>;

ByteSet bytes_where(bool (*in)(unsigned)) {
  ByteSet set;
  for (unsigned byte = 0; byte < 256; ++byte) set[byte] = in(byte);
  return set;
}

bool is_lower(unsigned c) {
  return c >= 'a' && c <= 'z';
}
bool is_upper(unsigned c) {
  return c >= 'A' && c <= 'Z';
}
bool is_letter(unsigned c) {
  return is_lower(c) || is_upper(c);
}
bool is_digit(unsigned c) {
  return c >= '0' && c <= '9';
}
bool is_alphanumeric(unsigned c) {
  return is_letter(c) || is_digit(c);
}
bool is_control(unsigned c) {
  return c < 0x20 || c == 0x7f;
}
bool is_graphic(unsigned c) {
  return c > 0x20 && c < 0x7f;
}
bool is_punctuation(unsigned c) {
  return is_graphic(c) && !is_alphanumeric(c);
}
bool is_space(unsigned c) {
  return c == ' ' || (c >= 9 && c <= 13);
}
bool is_hex(unsigned c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

// Lua 5.4 manual §6.4.1, "Character Class", in the C locale; an upper-case letter is the complement.
std::optional<ByteSet> letter_class(char letter) {
  const auto upper = is_upper(static_cast<unsigned char>(letter));
  ByteSet set;
  switch (upper ? letter - 'A' + 'a' : letter) {
    case 'a':
      set = bytes_where(is_letter);
      break;
    case 'c':
      set = bytes_where(is_control);
      break;
    case 'd':
      set = bytes_where(is_digit);
      break;
    case 'g':
      set = bytes_where(is_graphic);
      break;
    case 'l':
      set = bytes_where(is_lower);
      break;
    case 'p':
      set = bytes_where(is_punctuation);
      break;
    case 's':
      set = bytes_where(is_space);
      break;
    case 'u':
      set = bytes_where(is_upper);
      break;
    case 'w':
      set = bytes_where(is_alphanumeric);
      break;
    case 'x':
      set = bytes_where(is_hex);
      break;
    default:
      return std::nullopt;
  }
  return upper ? ~set : set;
}

ByteSet single(char c) {
  return ByteSet{}.set(static_cast<unsigned char>(c));
}

}  // namespace

class LuaPatternReader {
 public:
  explicit LuaPatternReader(std::string_view text) : text_(text) {}

  Result<std::vector<LuaPattern::Item>, PatternError> read() {
    if (!done() && peek() == '^') ++at_;
    int open = 0;
    while (!done()) {
      const char c = text_[at_];
      if (c == '$' && at_ + 1 == text_.size()) break;
      if (c == '(' || c == ')') {
        open += c == '(' ? 1 : -1;
        if (open < 0) return failure(PatternError::Unbalanced);
        ++at_;
        continue;
      }
      auto set = single_class();
      if (!set) return failure(set.error());
      items_.push_back({*set, repeat()});
    }
    if (open != 0) return failure(PatternError::Unbalanced);
    return std::move(items_);
  }

 private:
  bool done() const { return at_ >= text_.size(); }
  char peek() const { return text_[at_]; }

  Result<ByteSet, PatternError> single_class() {
    const char c = text_[at_++];
    if (c == '.') return ~ByteSet{};
    if (c == '%') return escape();
    if (c == '[') return set();
    return single(c);
  }

  Result<ByteSet, PatternError> escape() {
    if (done()) return failure(PatternError::Unfinished);
    const char c = text_[at_++];
    if (const auto named = letter_class(c)) return *named;
    // %b, %f and %1 to %9 do not stand for one byte each, so they have no place in a row of classes.
    if (is_alphanumeric(static_cast<unsigned char>(c))) return failure(PatternError::Unsupported);
    return single(c);
  }

  Result<ByteSet, PatternError> set() {
    const bool complement = !done() && peek() == '^';
    if (complement) ++at_;
    ByteSet bytes;
    bool first = true;
    for (;; first = false) {
      if (done()) return failure(PatternError::Unfinished);
      const char c = text_[at_++];
      if (c == ']' && !first) break;
      if (c == '%') {
        const auto inner = escape();
        if (!inner) return failure(inner.error());
        bytes |= *inner;
        continue;
      }
      if (at_ + 1 < text_.size() && peek() == '-' && text_[at_ + 1] != ']') {
        const auto last = static_cast<unsigned char>(text_[at_ + 1]);
        for (unsigned byte = static_cast<unsigned char>(c); byte <= last; ++byte) bytes.set(byte);
        at_ += 2;
        continue;
      }
      bytes |= single(c);
    }
    return complement ? ~bytes : bytes;
  }

  LuaPattern::Repeat repeat() {
    if (done()) return LuaPattern::Repeat::Once;
    switch (peek()) {
      case '*':
      case '-':  // the shortest run; for a match of the whole name it is the same as the longest
        ++at_;
        return LuaPattern::Repeat::Any;
      case '+':
        ++at_;
        return LuaPattern::Repeat::AtLeastOnce;
      case '?':
        ++at_;
        return LuaPattern::Repeat::Optional;
      default:
        return LuaPattern::Repeat::Once;
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<LuaPattern::Item> items_;
};

std::string_view pattern_error_text(PatternError error) {
  switch (error) {
    case PatternError::TooLong:
      return "the pattern is too long";
    case PatternError::Unfinished:
      return "the pattern ends within a set or an escape";
    case PatternError::Unsupported:
      return "the pattern uses %b, %f, a back reference or an unknown class";
    case PatternError::Unbalanced:
      return "the pattern's parentheses do not match";
  }
  return "";
}

Result<LuaPattern, PatternError> LuaPattern::compile(std::string_view text) {
  if (text.size() > kMaxPatternBytes) return failure(PatternError::TooLong);
  auto items = LuaPatternReader(text).read();
  if (!items) return failure(items.error());
  LuaPattern pattern;
  pattern.text_ = text;
  pattern.items_ = *std::move(items);
  return pattern;
}

// live[i]: everything before item i has matched what was read so far.
bool LuaPattern::matches(std::string_view whole_name) const {
  if (whole_name.size() > kMaxPatternSubjectBytes) return false;
  const auto skip_optional = [&](std::vector<bool>& live) {
    for (std::size_t i = 0; i < items_.size(); ++i) {
      if (live[i] && (items_[i].repeat == Repeat::Any || items_[i].repeat == Repeat::Optional)) live[i + 1] = true;
    }
  };
  std::vector<bool> live(items_.size() + 1);
  live[0] = true;
  skip_optional(live);
  for (const char c : whole_name) {
    std::vector<bool> next(items_.size() + 1);
    for (std::size_t i = 0; i < items_.size(); ++i) {
      if (!live[i] || !items_[i].bytes.test(static_cast<unsigned char>(c))) continue;
      next[i + 1] = true;
      if (items_[i].repeat == Repeat::Any || items_[i].repeat == Repeat::AtLeastOnce) next[i] = true;
    }
    skip_optional(next);
    live = std::move(next);
  }
  return live[items_.size()];
}

}  // namespace conclave::access
