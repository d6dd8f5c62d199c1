#include "ops/env_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ops/config_error.h"

namespace conclave::ops {
namespace {

std::string value(std::string_view text, const std::string& name, const Environment& outer = {}) {
  const EnvFile file = parse_env_file(text, ".env", outer);
  const auto at = file.entries.find(name);
  return at == file.entries.end() ? "(absent)" : at->second.value;
}
std::string error(std::string_view text) {
  try {
    (void)parse_env_file(text, ".env", {});
    return "none";
  } catch (const ConfigError& wrong) {
    return wrong.what();
  }
}

TEST(EnvFile, TakesNamesValuesAndComments) {
  const std::string_view text =
      "# comment\n\nHTTP_PORT=8000\r\nexport TZ = UTC\nA=x # why\nB=x#y\nC=#nothing\nEMPTY=\n";
  EXPECT_EQ(value(text, "HTTP_PORT"), "8000");
  EXPECT_EQ(value(text, "TZ"), "UTC");
  EXPECT_EQ(value(text, "A"), "x");
  EXPECT_EQ(value(text, "B"), "x#y");
  EXPECT_EQ(value(text, "C"), "");
  EXPECT_EQ(value(text, "EMPTY"), "");
  EXPECT_EQ(value("A=1", "A"), "1");
}

TEST(EnvFile, QuotesKeepBlanksAndSingleOnesKeepDollars) {
  EXPECT_EQ(value("A=\" x # y \"\n", "A"), " x # y ");
  EXPECT_EQ(value("A='${B}'  # comment\n", "A"), "${B}");
}

TEST(EnvFile, OtherVariablesAreInserted) {
  EXPECT_EQ(value("P=8443\nU=https://x:${P}/\n", "U"), "https://x:8443/");
  EXPECT_EQ(value("P=8443\nU=\"https://x:${P}\"\n", "U", {{"P", "9"}}), "https://x:9");
  EXPECT_EQ(value("U=a${NONE}b\n", "U"), "ab");
}

TEST(EnvFile, A54_NamesTheLinesOfADuplicate) {
  EXPECT_THAT(error("A=1\nB=2\nA=3\n"), testing::AllOf(testing::HasSubstr("A"), testing::HasSubstr("1 and 3")));
}

TEST(EnvFile, A54_NamesTheLineThatIsNoSetting) {
  EXPECT_THAT(error("A=1\nnonsense\n"), testing::HasSubstr(".env:2"));
  EXPECT_THAT(error("A=\"x\n"), testing::HasSubstr(".env:1"));
  EXPECT_THAT(error("1A=x\n"), testing::HasSubstr(".env:1"));
  EXPECT_THAT(error("A=${x\n"), testing::HasSubstr("${NAME}"));
  EXPECT_THAT(error("A=\"x\" y\n"), testing::HasSubstr("quotation"));
}

}  // namespace
}  // namespace conclave::ops
