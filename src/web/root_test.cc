#include "web/root.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "web/test_directory.h"

namespace conclave::web {
namespace {

class WebRoot : public testing::Test {
 protected:
  WebRoot() { files_.write("site/libs/app.js", "let a;"); }

  Root root(RootOptions options = {}) const { return Root(files_.at("site").string(), options); }
  bool serves(const std::string& name) const { return root().read(name) != nullptr; }

  TestDirectory files_;
};

TEST_F(WebRoot, HasTheFilesBelowIt) {
  const SharedFile file = root().read("/libs/app.js");
  ASSERT_TRUE(file);
  EXPECT_EQ(file->body, "let a;");
  EXPECT_EQ(file->etag, etag_of("let a;"));
  EXPECT_EQ(file->gzip, "") << "not worth it";
  EXPECT_FALSE(serves("/libs"));
  EXPECT_FALSE(serves("/"));
  EXPECT_FALSE(serves("/none.js"));
  EXPECT_FALSE(Root("/nowhere/at/all").exists());
  EXPECT_FALSE(Root("/nowhere/at/all").read("/libs/app.js"));
}

TEST_F(WebRoot, IsLeftByNoName) {
  files_.write("secret.txt", "s");
  files_.write("site/plain.txt", "p");
  for (const std::string& name :
       {std::string("/../secret.txt"), std::string("/libs/../../secret.txt"), std::string("//etc/passwd"),
        std::string("secret.txt"), std::string("/plain.txt\0.js", 14), "/" + std::string(5000, 'a'),
        std::string("/libs/app.js/"), std::string("/proc/self/environ")})
    EXPECT_FALSE(serves(name)) << name;
}

TEST_F(WebRoot, FollowsLinksWithinItAndNoneOutOfIt) {
  files_.write("secret.txt", "s");
  std::filesystem::create_symlink("libs/app.js", files_.at("site/inside.js"));
  std::filesystem::create_symlink("../secret.txt", files_.at("site/outside.txt"));
  std::filesystem::create_symlink(files_.at("secret.txt"), files_.at("site/absolute.txt"));
  std::filesystem::create_directory_symlink("..", files_.at("site/up"));
  std::filesystem::create_symlink("circle", files_.at("site/circle"));
  EXPECT_TRUE(serves("/inside.js"));
  for (const char* name : {"/outside.txt", "/absolute.txt", "/up/secret.txt", "/circle"})
    EXPECT_FALSE(serves(name)) << name;
}

TEST_F(WebRoot, WaitsForNoPipeAndReadsNoDevice) {
  ASSERT_EQ(::mkfifo(files_.at("site/pipe.js").c_str(), 0600), 0);
  EXPECT_FALSE(serves("/pipe.js"));
}

TEST_F(WebRoot, ServesNothingLargerThanItsLimit) {
  files_.write("site/large.txt", std::string(11, 'x'));
  EXPECT_FALSE(root({.max_file_bytes = 10}).read("/large.txt"));
  EXPECT_TRUE(root({.max_file_bytes = 11}).read("/large.txt"));
}

TEST_F(WebRoot, GivesWhatIsKnownAsLongAsTheFileIsTheSame) {
  const Root here = root();
  const SharedFile before = here.read("/libs/app.js");
  EXPECT_EQ(here.read("/libs/app.js", before), before);
  files_.write("site/libs/new.js", "let b;");
  std::filesystem::rename(files_.at("site/libs/new.js"), files_.at("site/libs/app.js"));
  const SharedFile after = here.read("/libs/app.js", before);
  ASSERT_TRUE(after);
  EXPECT_EQ(after->body, "let b;");
  std::filesystem::remove(files_.at("site/libs/app.js"));
  EXPECT_FALSE(here.read("/libs/app.js", after)) << "gone";
}

TEST_F(WebRoot, MakesTextSmallerAndTakesTheCodingsThatLieBesideIt) {
  const std::string text(2000, 'a');
  files_.write("site/libs/big.js", text);
  files_.write("site/images/big.png", text);
  EXPECT_LT(root().read("/libs/big.js")->gzip.size(), text.size());
  EXPECT_EQ(root().read("/images/big.png")->gzip, "");
  files_.write("site/libs/big.js.br", "B");
  files_.write("site/libs/big.js.gz", "G");
  EXPECT_EQ(root().read("/libs/big.js")->brotli, "B");
  EXPECT_EQ(root().read("/libs/big.js")->gzip, "G");
}

}  // namespace
}  // namespace conclave::web
