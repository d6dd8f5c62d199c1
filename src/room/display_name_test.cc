#include "room/display_name.h"

#include <gtest/gtest.h>

#include "room/limits.h"

namespace conclave::room {
namespace {

TEST(DisplayName, OrdinaryNamesStayAsTheyAre) {
  EXPECT_EQ(clean_display_name("Zoë O'Brien-Ñandú 李雷 👩‍🚀"), "Zoë O'Brien-Ñandú 李雷 👩‍🚀");
  EXPECT_EQ(clean_display_name(""), "");
}

TEST(DisplayName, BlanksAreTrimmedAndJoined) {
  EXPECT_EQ(clean_display_name("  Ada \t\n \u00a0 Lovelace\u3000"), "Ada Lovelace");
  EXPECT_EQ(clean_display_name(" \u2003 "), "");
}

TEST(DisplayName, A43_BidiControlAndInvisibleCharactersAreGone) {
  EXPECT_EQ(clean_display_name("\u202egnp.\u202catac\u2066"), "gnp.atac");
  EXPECT_EQ(clean_display_name("a\u200b\ufeff\u2060\u00adb\x01\x7f"), "ab");
  EXPECT_EQ(clean_display_name("\u200d\u200c"), "") << "a name that nobody can see is none";
}

TEST(DisplayName, A43_LongNamesAreCutBetweenCharacters) {
  std::string text;
  for (int i = 0; i < 500'000; ++i) text += "é";
  const std::string name = clean_display_name(text);
  EXPECT_EQ(name.size(), kMaxDisplayNameBytes / 2 * 2);
  EXPECT_EQ(name.substr(name.size() - 2), "é");
}

TEST(DisplayName, A53_WhatXmlCannotCarryIsGone) {
  EXPECT_EQ(clean_display_name("Eve\uFFFE \uFFFF"), "Eve");
}

TEST(DisplayName, MarkupIsText) {
  EXPECT_EQ(clean_display_name("<b>Ada</b>"), "<b>Ada</b>");
}

}  // namespace
}  // namespace conclave::room
