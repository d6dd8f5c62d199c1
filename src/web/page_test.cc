#include "web/page.h"

#include <gtest/gtest.h>

#include "web/file_cache.h"
#include "web/test_directory.h"

namespace conclave::web {
namespace {

class WebPage : public testing::Test {
 protected:
  WebPage() {
    files_.write("index.html",
                 "<script><!--#include virtual=\"/config.js\" --></script><!--#include virtual=\"title.html\" -->");
    files_.write("title.html", "<title><!--#echo var=\"http_host\" --></title>");
    files_.write("interface_config.js", "var interfaceConfig = { A: 1 };\n");
    files_.write("libs/external_api.min.js", "api");
  }
  Found ask(std::string_view path) const {
    Question question{
        .path = site_path(path, true), .config = "var config = {};", .interface_config = "interfaceConfig.B = 2;"};
    question.variables["http_host"] = "meet.example";
    return look_for(question, Root(files_.str()));
  }
  std::string body(std::string_view path) const {
    const Found found = ask(path);
    return found.file ? found.file->body : "status " + std::to_string(found.status);
  }

  TestDirectory files_;
};

constexpr std::string_view kIndex = "<script>var config = {};</script><title>meet.example</title>";

TEST_F(WebPage, IsTheSameForEveryRoomWithItsIncludes) {
  for (const char* path : {"/", "/stand-up", "/acme/stand-up", "/index.html"}) EXPECT_EQ(body(path), kIndex) << path;
  EXPECT_TRUE(ask("/stand-up").made);
}

TEST_F(WebPage, IsAFileWhereThereIsOne) {
  EXPECT_EQ(body("/external_api.js"), "api");
  EXPECT_EQ(body("/acme/external_api.js"), "api");
  EXPECT_FALSE(ask("/external_api.js").made);
  EXPECT_EQ(body("/acme/libs/external_api.min.js"), "api");
}

TEST_F(WebPage, OfTheScriptsIsMadeFromTheSettings) {
  EXPECT_EQ(body("/config.js"), "var config = {};");
  EXPECT_EQ(body("/acme/config.js"), "var config = {};");
  EXPECT_EQ(body("/interface_config.js"), "var interfaceConfig = { A: 1 };\ninterfaceConfig.B = 2;");
  std::filesystem::remove(files_.at("interface_config.js"));
  EXPECT_EQ(body("/interface_config.js"), "var interfaceConfig = {};\ninterfaceConfig.B = 2;");
}

TEST_F(WebPage, SaysWhatIsMissingWithTheRootsOwnPageIfItHasOne) {
  EXPECT_EQ(body("/libs/none.js"), "status 404");
  files_.write("static/404.html", "nothing at <!--#echo var=\"http_host\" -->");
  EXPECT_EQ(body("/libs/none.js"), "nothing at meet.example");
  EXPECT_EQ(ask("/libs/none.js").status, 404);
  std::filesystem::remove(files_.at("index.html"));
  EXPECT_EQ(body("/stand-up"), "status 503");
}

TEST_F(WebPage, IncludesNoHiddenFile) {
  files_.write(".secret", "s");
  files_.write("title.html", "<!--#include virtual=\"/.secret\" --><!--#include virtual=\"../x\" -->");
  EXPECT_EQ(body("/"), "<script>var config = {};</script>");
}

TEST_F(WebPage, IsRefusedWhereItCannotBePutTogether) {
  files_.write("title.html", "<!--#include virtual=\"title.html\" -->");
  EXPECT_EQ(ask("/").status, 500);
}

SharedFile file_of(std::string name, std::size_t size) {
  return std::make_shared<const StoredFile>(StoredFile{.name = std::move(name), .body = std::string(size, 'x')});
}

TEST(FileCache, KeepsWhatWasAskedForLast) {
  FileCache cache(100, 60);
  const TimePoint now{};
  cache.put(file_of("/a", 40), now);
  cache.put(file_of("/b", 40), now);
  ASSERT_NE(cache.find("/a"), nullptr);
  cache.put(file_of("/c", 40), now);
  EXPECT_NE(cache.find("/a"), nullptr);
  EXPECT_EQ(cache.find("/b"), nullptr);
  EXPECT_LE(cache.bytes(), 100u);
  cache.put(file_of("/large", 60), now);
  EXPECT_EQ(cache.find("/large"), nullptr) << "with its name it is over the limit of one";
  cache.put(file_of("/a", 10), now);
  EXPECT_EQ(cache.find("/a")->file->body.size(), 10u);
  cache.forget("/a");
  cache.forget("/c");
  EXPECT_EQ(cache.bytes(), 0u);
}

}  // namespace
}  // namespace conclave::web
