#include "web/file_answer.h"

#include <gtest/gtest.h>

namespace conclave::web {
namespace {

const StoredFile kSound{
    .name = "/sounds/knock.mp3", .body = "0123456789", .etag = "\"s\"", .modified_ns = 784111777'000000000};
const StoredFile kScript{.name = "/libs/app.js",
                         .body = "let a;",
                         .gzip = "GZ",
                         .brotli = "BR",
                         .etag = "\"a\"",
                         .modified_ns = 784111777'000000000};

HttpRequest get(Headers headers = {}, std::vector<NameValue> query = {}) {
  HttpRequest request;
  request.method = "GET";
  request.headers = std::move(headers);
  request.query = std::move(query);
  return request;
}

HttpResponse answer(const StoredFile& file, const HttpRequest& request) {
  return answer_with(std::make_shared<const StoredFile>(file), request);
}

std::string header(const HttpResponse& response, std::string_view name) {
  return std::string(response.headers.find(name).value_or(""));
}

TEST(FileAnswer, NamesTypeTagAndDate) {
  const auto file = std::make_shared<const StoredFile>(kSound);
  const HttpResponse response = answer_with(file, get());
  EXPECT_EQ(response.shared.bytes.data(), file->body.data()) << "not copied";
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.content(), "0123456789");
  EXPECT_EQ(header(response, "Content-Type"), "audio/mpeg");
  EXPECT_EQ(header(response, "ETag"), "\"s\"");
  EXPECT_EQ(header(response, "Last-Modified"), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(header(response, "Accept-Ranges"), "bytes");
  EXPECT_EQ(header(response, "Vary"), "");
}

TEST(FileAnswer, HasNoBodyForWhoHasItAlready) {
  for (const Headers& condition : {Headers{{"If-None-Match", "\"x\", W/\"s\""}}, Headers{{"If-None-Match", "*"}},
                                   Headers{{"If-Modified-Since", "Sun, 06 Nov 1994 08:49:37 GMT"}}}) {
    const HttpResponse response = answer(kSound, get(condition));
    EXPECT_EQ(response.status, 304);
    EXPECT_EQ(response.content(), "");
    EXPECT_EQ(header(response, "ETag"), "\"s\"");
  }
  EXPECT_EQ(answer(kSound, get({{"If-None-Match", "\"x\""}})).status, 200);
  EXPECT_EQ(answer(kSound, get({{"If-Modified-Since", "Sat, 05 Nov 1994 08:49:37 GMT"}})).status, 200);
  // §13.1.3: with a tag, dates do not count.
  EXPECT_EQ(
      answer(kSound, get({{"If-None-Match", "\"x\""}, {"If-Modified-Since", "Sun, 06 Nov 1994 08:49:37 GMT"}})).status,
      200);
}

TEST(FileAnswer, GivesOneRange) {
  const auto part = [](std::string range) { return answer(kSound, get({{"Range", std::move(range)}})); };
  EXPECT_EQ(part("bytes=2-4").status, 206);
  EXPECT_EQ(part("bytes=2-4").content(), "234");
  EXPECT_EQ(header(part("bytes=2-4"), "Content-Range"), "bytes 2-4/10");
  EXPECT_EQ(part("bytes=0-").content(), "0123456789");
  EXPECT_EQ(part("bytes=0-").status, 206) << "Safari plays nothing without it";
  EXPECT_EQ(part("bytes=-3").content(), "789");
  EXPECT_EQ(part("bytes=8-99").content(), "89");
  EXPECT_EQ(part("bytes=10-").status, 416);
  EXPECT_EQ(header(part("bytes=10-"), "Content-Range"), "bytes */10");
  EXPECT_EQ(part("bytes=-0").status, 416);
  for (const char* whole :
       {"bytes=1-2,4-5", "bytes=4-2", "bytes=-", "bytes=a-b", "lines=1-2", "bytes=", "bytes=99999999999999999999-"})
    EXPECT_EQ(part(whole).content(), "0123456789") << whole;
}

TEST(FileAnswer, GivesARangeOnlyOfWhatItWasAskedFor) {
  EXPECT_EQ(answer(kSound, get({{"Range", "bytes=2-4"}, {"If-Range", "\"s\""}})).status, 206);
  EXPECT_EQ(answer(kSound, get({{"Range", "bytes=2-4"}, {"If-Range", "\"old\""}})).status, 200);
  EXPECT_EQ(answer(kScript, get({{"Range", "bytes=4-"}, {"Accept-Encoding", "gzip"}})).content(), "a;")
      << "of the text itself";
}

TEST(FileAnswer, TakesTheBestCodingThatTheBrowserKnows) {
  const auto coded = [](std::string accepted) {
    return answer(kScript, get({{"Accept-Encoding", std::move(accepted)}}));
  };
  EXPECT_EQ(coded("gzip, deflate, br").content(), "BR");
  EXPECT_EQ(header(coded("gzip, deflate, br"), "Content-Encoding"), "br");
  EXPECT_EQ(coded("GZIP;q=0.5").content(), "GZ");
  EXPECT_EQ(coded("*").content(), "BR");
  EXPECT_EQ(coded("br;q=0, *;q=0.1").content(), "GZ");
  EXPECT_EQ(coded("gzip;q=0, br;q=0.0").content(), "let a;");
  EXPECT_EQ(coded("identity").content(), "let a;");
  EXPECT_EQ(header(coded("identity"), "Vary"), "Accept-Encoding");
  EXPECT_NE(header(coded("gzip"), "ETag"), header(coded("br"), "ETag"));
  EXPECT_EQ(
      answer(kScript, get({{"Accept-Encoding", "gzip"}, {"If-None-Match", header(coded("gzip"), "ETag")}})).status,
      304);
}

TEST(FileAnswer, MayBeKeptForeverWhereTheNameSaysTheVersion) {
  const auto kept = [](std::string name, std::vector<NameValue> query = {}) {
    return header(answer({.name = std::move(name), .body = "x", .etag = "\"x\""}, get({}, std::move(query))),
                  "Cache-Control");
  };
  const std::string forever = "public, max-age=31536000, immutable";
  EXPECT_EQ(kept("/libs/app.bundle.min.js", {{"v", "8000"}}), forever);
  EXPECT_EQ(kept("/assets/app-K3J7QZ2A.js"), forever);
  EXPECT_EQ(kept("/libs/app.bundle.min.js"), "no-cache");
  EXPECT_EQ(kept("/libs/app.bundle.min.js", {{"v", ""}}), "no-cache");
  EXPECT_EQ(kept("/config.js", {{"v", "5"}}), "no-cache") << "its content depends on settings, not on a version";
  EXPECT_EQ(kept("/static/close.html", {{"v", "5"}}), "no-cache");
}

}  // namespace
}  // namespace conclave::web
