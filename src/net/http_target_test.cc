#include "net/http_target.h"

#include <gtest/gtest.h>

namespace conclave {
namespace {

std::string path_of(std::string_view target) {
  const auto parsed = parse_http_target(target);
  return parsed ? parsed->path : "refused";
}

TEST(HttpTarget, DecodesThePathOnce) {
  EXPECT_EQ(path_of("/caf%C3%A9"), "/caf\xC3\xA9");
  EXPECT_EQ(path_of("/%2541"), "/%41");
  EXPECT_EQ(path_of("/a+b"), "/a+b");
}

TEST(HttpTarget, LeavesOutEmptyAndDotSegments) {
  EXPECT_EQ(path_of("/"), "/");
  EXPECT_EQ(path_of("//a/./b//c"), "/a/b/c");
  EXPECT_EQ(path_of("/a/b/../c"), "/a/c");
  EXPECT_EQ(path_of("/a/"), "/a/");
  EXPECT_EQ(path_of("/a/.."), "/");
  EXPECT_EQ(path_of("/a/b/.."), "/a/");
}

TEST(HttpTarget, RefusesToClimbAboveTheRoot) {
  EXPECT_EQ(path_of("/.."), "refused");
  EXPECT_EQ(path_of("/a/../../etc/passwd"), "refused");
  EXPECT_EQ(path_of("/%2e%2e/etc/passwd"), "refused");
  EXPECT_EQ(path_of("/a%2f..%2f..%2fetc"), "refused");
}

TEST(HttpTarget, RefusesWhatIsMalformed) {
  for (const std::string_view target : {"", "a", "/%", "/%4", "/%zz", "/%00", "/a%0d%0ab", "/%ff", "/%c0%af", "/?a=%ff", "host:443"}) {
    EXPECT_EQ(path_of(target), "refused") << target;
  }
}

TEST(HttpTarget, TakesAbsoluteFormAndAsterisk) {
  EXPECT_EQ(path_of("http://meet.example/room?x=1"), "/room");
  EXPECT_EQ(path_of("https://meet.example"), "/");
  EXPECT_EQ(path_of("*"), "*");
}

TEST(HttpTarget, GivesQueryParametersInOrderAndTheFirstWins) {
  HttpRequest request;
  request.query = parse_http_target("/x?room=a%20b&room=c&empty&plus=1+2&&eq=a=b#no")->query;
  EXPECT_EQ(request.query.size(), 5u);
  EXPECT_EQ(request.query_value("room"), "a b");
  EXPECT_EQ(request.query_value("empty"), "");
  EXPECT_EQ(request.query_value("plus"), "1 2");
  EXPECT_EQ(request.query_value("eq"), "a=b");
  EXPECT_EQ(request.query_value("none"), std::nullopt);
}

TEST(HttpTarget, RefusesTooManyParameters) {
  std::string target = "/?";
  for (std::size_t i = 0; i < kMaxQueryParameters; ++i) target += "a&";
  EXPECT_EQ(path_of(target), "/");
  EXPECT_EQ(path_of(target + "a"), "refused");
}

TEST(Utf8, RefusesOverlongFormsSurrogatesAndTooLargeValues) {
  EXPECT_TRUE(is_utf8("a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\xF4\x8F\xBF\xBF"));
  for (const std::string_view bad : {"\xC0\xAF", "\xE0\x80\xAF", "\xED\xA0\x80", "\xF0\x80\x80\x80", "\xF4\x90\x80\x80", "\xE2\x82", "\x80"}) {
    EXPECT_FALSE(is_utf8(bad));
  }
}

TEST(Headers, CompareNamesAndTokensWithoutCase) {
  Headers headers{{"Connection", "keep-alive, Upgrade"}, {"Host", "a"}, {"host", "b"}};
  EXPECT_EQ(headers.find("HOST"), "a");
  EXPECT_EQ(headers.count("host"), 2u);
  EXPECT_TRUE(headers.has_token("connection", "upgrade"));
  EXPECT_FALSE(headers.has_token("connection", "up"));
  headers.set("hOsT", "c");
  EXPECT_EQ(headers.count("host"), 1u);
}

}  // namespace
}  // namespace conclave
