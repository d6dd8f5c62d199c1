#include "access/lua_pattern.h"

#include <gtest/gtest.h>

namespace conclave::access {
namespace {

bool matches(std::string_view pattern, std::string_view name) {
  const auto compiled = LuaPattern::compile(pattern);
  EXPECT_TRUE(compiled) << pattern;
  return compiled && compiled->matches(name);
}

TEST(LuaPattern, MatchesTheWholeName) {
  EXPECT_TRUE(matches("team%-%d+", "team-42"));
  EXPECT_FALSE(matches("team%-%d+", "team-42x"));
  EXPECT_FALSE(matches("team%-%d+", "xteam-42"));
  EXPECT_TRUE(matches("^team%-%d+$", "team-42"));
  EXPECT_FALSE(matches("", "a"));
  EXPECT_TRUE(matches("", ""));
}

TEST(LuaPattern, KnowsLuasQuantifiers) {
  EXPECT_TRUE(matches("ab*", "a"));
  EXPECT_TRUE(matches("ab*", "abbb"));
  EXPECT_FALSE(matches("ab+", "a"));
  EXPECT_TRUE(matches("ab+", "abb"));
  EXPECT_TRUE(matches("ab?c", "ac"));
  EXPECT_FALSE(matches("ab?c", "abbc"));
  EXPECT_TRUE(matches("a.-z", "a-b-z"));
  EXPECT_TRUE(matches(".*", ""));
  EXPECT_TRUE(matches("a*a*a*", "aaaaa"));
}

TEST(LuaPattern, KnowsSetsAndClasses) {
  EXPECT_TRUE(matches("[a-c]+", "abcab"));
  EXPECT_FALSE(matches("[^a-c]+", "xay"));
  EXPECT_TRUE(matches("[]x]+", "]x"));
  EXPECT_TRUE(matches("[%d_]+", "1_2"));
  EXPECT_TRUE(matches("[a-]+", "a-a"));
  EXPECT_TRUE(matches("%w%l%x%p", "1af."));
  EXPECT_TRUE(matches("%.", "."));
  EXPECT_TRUE(matches("a$b", "a$b"));
}

// The stock server lower-cases a pattern first, so that %D (no digit) becomes %d (access.md 1.2).
TEST(LuaPattern, A13_ComplementsStayComplements) {
  EXPECT_TRUE(matches("room%-%D+", "room-a"));
  EXPECT_FALSE(matches("room%-%D+", "room-1"));
}

TEST(LuaPattern, A13_CapturesOnlyGroup) {
  EXPECT_TRUE(matches("(a)(b+)", "abb"));
  EXPECT_EQ(LuaPattern::compile("(").error(), PatternError::Unbalanced);
  EXPECT_EQ(LuaPattern::compile("a)").error(), PatternError::Unbalanced);
}

TEST(LuaPattern, A13_RefusesWhatItDoesNotUnderstand) {
  EXPECT_EQ(LuaPattern::compile("%").error(), PatternError::Unfinished);
  EXPECT_EQ(LuaPattern::compile("[a").error(), PatternError::Unfinished);
  EXPECT_EQ(LuaPattern::compile("[").error(), PatternError::Unfinished);
  EXPECT_EQ(LuaPattern::compile("%b()").error(), PatternError::Unsupported);
  EXPECT_EQ(LuaPattern::compile("%f[a]").error(), PatternError::Unsupported);
  EXPECT_EQ(LuaPattern::compile("(a)%1").error(), PatternError::Unsupported);
  EXPECT_EQ(LuaPattern::compile(std::string(10'000, 'a')).error(), PatternError::TooLong);
}

TEST(LuaPattern, A13_WorstPatternsEndAtOnce) {
  std::string stars;
  for (int i = 0; i < 200; ++i) stars += ".*";
  const std::string name(kMaxPatternSubjectBytes, 'a');
  EXPECT_FALSE(matches(stars + "b", name));
  EXPECT_TRUE(matches(stars, name));
  EXPECT_FALSE(matches(".*", std::string(kMaxPatternSubjectBytes + 1, 'a')));
}

}  // namespace
}  // namespace conclave::access
