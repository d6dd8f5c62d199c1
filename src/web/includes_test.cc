#include "web/includes.h"

#include <gtest/gtest.h>

namespace conclave::web {
namespace {

using Files = std::map<std::string, std::string>;

std::string expanded(std::string_view page, Files files = {}, std::string_view path = "/index.html",
                     std::map<std::string, std::string, std::less<>> variables = {}) {
  const Includes includes{.file = [&](const std::string& name) -> std::optional<std::string> {
                            const auto found = files.find(name);
                            return found == files.end() ? std::nullopt : std::optional(found->second);
                          },
                          .variables = std::move(variables)};
  const auto result = expand(page, path, includes);
  return result ? *result : "error: " + std::string(text(result.error()));
}

TEST(Includes, PutTheTextOfAnotherFileInTheirPlace) {
  const Files files{{"/head.html", "H"}, {"/config.js", "var config = {};"}};
  EXPECT_EQ(expanded("a <!--#include virtual=\"head.html\" --> b", files), "a H b");
  EXPECT_EQ(expanded("<script><!--#include virtual=\"/config.js\" --></script>", files),
            "<script>var config = {};</script>");
  EXPECT_EQ(expanded("<!--#include virtual=\"head.html\"-->", files), "H");
  EXPECT_EQ(expanded("<!--# include virtual='head.html' -->", files), "H");
  EXPECT_EQ(expanded("<!--#include file=\"head.html\" -->", files), "H");
}

TEST(Includes, LookBesideTheFileThatIncludes) {
  const Files files{
      {"/static/a.html", "<!--#include virtual=\"b.html\" -->"}, {"/static/b.html", "B"}, {"/b.html", "no"}};
  EXPECT_EQ(expanded("<!--#include virtual=\"static/a.html\" -->", files), "B");
}

TEST(Includes, AreNothingWhereTheFileIsMissing) {
  EXPECT_EQ(expanded("a<!--#include virtual=\"body.html\" -->b"), "ab");
}

TEST(Includes, EchoAVariableOrTheDefault) {
  EXPECT_EQ(expanded("'<!--# echo var=\"subdir\" default=\"\" -->'", {}, "/", {{"subdir", "acme/"}}), "'acme/'");
  EXPECT_EQ(expanded("'<!--# echo var=\"subdir\" default=\"\" -->'"), "''");
  EXPECT_EQ(expanded("<!--#echo var=\"http_host\" default=\"meet.example\" -->"), "meet.example");
  EXPECT_EQ(expanded("<!--#echo var=\"nothing\" -->"), "(none)");
}

TEST(Includes, EscapeWhatAVariableHoldsAndDoNotExpandIt) {
  EXPECT_EQ(expanded("<!--#echo var=\"v\" encoding=\"none\" -->", {}, "/", {{"v", "';alert(1)//</script>\\\n"}}),
            "&#39;;alert(1)//&#60;/script&#62;&#92;&#10;");
  EXPECT_EQ(expanded("<!--#echo var=\"v\" -->", {{"/x", "X"}}, "/", {{"v", "<!--#include virtual=\"/x\" -->"}}),
            "&#60;!--#include virtual=&#34;/x&#34; --&#62;");
}

TEST(Includes, LeaveOtherCommentsAndReplaceOtherDirectives) {
  EXPECT_EQ(expanded("<!-- a --><!--[if IE]>"), "<!-- a --><!--[if IE]>");
  EXPECT_EQ(expanded("a<!--#exec cmd=\"id\" -->b"), "a<!-- unknown directive -->b");
  EXPECT_EQ(expanded("<!--#include virtual=unquoted -->"), "<!-- unknown directive -->");
  EXPECT_EQ(expanded("<!--#echo -->"), "<!-- unknown directive -->");
  EXPECT_EQ(expanded("a<!--#include virtual=\"x\""), "a<!--#include virtual=\"x\"");
}

TEST(Includes, EndWhereFilesIncludeEachOther) {
  const Files circle{{"/a.html", "<!--#include virtual=\"a.html\" -->"}};
  EXPECT_EQ(expanded("<!--#include virtual=\"a.html\" -->", circle), "error: files include each other too deeply");
}

TEST(Includes, EndWhereTheyBecomeTooManyOrTooLarge) {
  std::string page;
  for (std::size_t i = 0; i <= kMaxIncludes; ++i) page += "<!--#include virtual=\"a\" -->";
  EXPECT_EQ(expanded(page, {{"/a", "x"}}), "error: too many files are included");
  EXPECT_EQ(expanded("<!--#include virtual=\"a\" -->", {{"/a", std::string(kMaxExpandedBytes + 1, 'x')}}),
            "error: the page with what it includes is too large");
}

}  // namespace
}  // namespace conclave::web
