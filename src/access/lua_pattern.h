#pragma once
// Patterns of room claims (context.room.regex), in the dialect that Prosody's plugins gave them: Lua's, matched byte by
// byte against the whole canonical name. Understood: literals, . %a %d %w … and their complements, [sets], the
// quantifiers * + - ?, ^ and $ at the ends, parentheses (they only group captures, which nobody reads). Refused: %b,
// %f, back references.
//
// A quantifier stands behind one character class, so a pattern is a row of classes and is matched by walking all its
// positions at once: no backtracking, at most pattern × name steps. Pure; any thread.
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace conclave::access {

constexpr std::size_t kMaxPatternBytes = 512;
constexpr std::size_t kMaxPatternSubjectBytes = 1024;  // longer subjects match nothing

enum class PatternError { TooLong, Unfinished, Unsupported, Unbalanced };
std::string_view pattern_error_text(PatternError error);

class LuaPattern {
 public:
  static Result<LuaPattern, PatternError> compile(std::string_view text);

  bool matches(std::string_view whole_name) const;
  const std::string& text() const { return text_; }

  friend bool operator==(const LuaPattern& a, const LuaPattern& b) { return a.text_ == b.text_; }

 private:
  friend class LuaPatternReader;
  enum class Repeat : std::uint8_t { Once, Optional, Any, AtLeastOnce };
  struct Item {
    std::bitset<256> bytes;
    Repeat repeat = Repeat::Once;
  };
  std::string text_;
  std::vector<Item> items_;
};

}  // namespace conclave::access
