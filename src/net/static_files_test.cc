#include "net/static_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace conclave {
namespace {

namespace fs = std::filesystem;
using ::testing::TempDir;

class StaticFilesTest : public ::testing::Test {
 protected:
  StaticFilesTest() : base_(fs::path(TempDir()) / ("static_files_" + std::to_string(::getpid()))) {
    fs::remove_all(base_);
    fs::create_directories(base_ / "root" / "sub");
    put("secret.txt", "secret");
    put("root/index.html", "<html>");
    put("root/app-K3J7QZ2A.js", "js");
    put("root/.env", "hidden");
    put("root/sub/a.css", "css");
    fs::create_symlink(base_ / "secret.txt", base_ / "root" / "out.txt");
    fs::create_symlink("app-K3J7QZ2A.js", base_ / "root" / "in.js");
  }
  ~StaticFilesTest() override { fs::remove_all(base_); }
  void put(const std::string& name, std::string_view content) { std::ofstream(base_ / name) << content; }
  std::string root() const { return (base_ / "root").string(); }
  static HttpRequest get() {
    HttpRequest request;
    request.method = "GET";
    return request;
  }

  fs::path base_;
};

TEST_F(StaticFilesTest, ServesFilesWithTypeAndCaching) {
  StaticFiles files(root());
  const auto index = files.serve("/", get());
  ASSERT_TRUE(index);
  EXPECT_EQ(index->body, "<html>");
  EXPECT_EQ(index->headers.find("Content-Type"), "text/html; charset=utf-8");
  EXPECT_EQ(index->headers.find("Cache-Control"), "no-cache");
  const auto script = files.serve("/app-K3J7QZ2A.js", get());
  ASSERT_TRUE(script);
  EXPECT_EQ(script->headers.find("Cache-Control"), "public, max-age=31536000, immutable");
  EXPECT_EQ(files.serve("/sub/a.css", get())->body, "css");
  EXPECT_EQ(files.serve("/in.js", get())->body, "js");
}

TEST_F(StaticFilesTest, RefusesWhatIsHiddenOrOutsideOrAbsent) {
  StaticFiles files(root());
  using std::string_view_literals::operator""sv;
  for (const auto path : {"/../secret.txt"sv, "/sub/../../secret.txt"sv, "/out.txt"sv, "/.env"sv, "/none"sv, "/sub"sv, "/sub/"sv, ""sv,
                          "index.html"sv, "/index.html\0.js"sv}) {
    EXPECT_FALSE(files.serve(path, get())) << path;
  }
  EXPECT_FALSE(StaticFiles("/does/not/exist").serve("/", get()));
}

TEST_F(StaticFilesTest, AnswersNotModifiedUntilTheContentChanges) {
  StaticFiles files(root());
  HttpRequest request = get();
  const std::string etag(files.serve("/", request)->headers.find("ETag").value());
  request.headers.set("If-None-Match", "\"x\", W/" + etag);
  EXPECT_EQ(files.serve("/", request)->status, 304);
  EXPECT_EQ(files.serve("/", request)->body, "");
  put("root/index.html", "<html>more");
  EXPECT_EQ(files.serve("/", request)->status, 200);
  EXPECT_EQ(files.serve("/", request)->body, "<html>more");
}

TEST_F(StaticFilesTest, AllowsGetAndHeadOnly) {
  StaticFiles files(root());
  HttpRequest request = get();
  request.method = "POST";
  EXPECT_EQ(files.serve("/", request)->status, 405);
  EXPECT_EQ(files.serve("/", request)->headers.find("Allow"), "GET, HEAD");
}

TEST_F(StaticFilesTest, KeepsTheCacheWithinItsBound) {
  StaticFiles files(root(), {.max_cached_bytes = 7});
  EXPECT_EQ(files.serve("/", get())->body, "<html>");
  EXPECT_EQ(files.serve("/app-K3J7QZ2A.js", get())->body, "js");
  EXPECT_EQ(files.cached_bytes(), 6u);
}

TEST(HashedNames, AreToldFromWords) {
  EXPECT_TRUE(has_hashed_name("app-K3J7QZ2A.js"));
  EXPECT_TRUE(has_hashed_name("font.0f3a9c21.woff2"));
  EXPECT_FALSE(has_hashed_name("app.js"));
  EXPECT_FALSE(has_hashed_name("jquery-migrate.js"));
  EXPECT_FALSE(has_hashed_name("index.html"));
}

}  // namespace
}  // namespace conclave
