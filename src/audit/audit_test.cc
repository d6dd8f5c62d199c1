#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>

#include <filesystem>
#include <fstream>
#include <future>
#include <nlohmann/json.hpp>

#include "audit/audit_log.h"
#include "loop/manual_loop.h"

namespace conclave::audit {
namespace {

using ::testing::ElementsAre;

constexpr WallTime kNow{std::chrono::seconds(1'700'000'000)};

class Audit : public ::testing::Test {
 protected:
  Audit() : folder_(std::filesystem::path(::testing::TempDir()) / ("audit-" + std::to_string(::getpid()))) {
    std::filesystem::remove_all(folder_);
  }
  ~Audit() override { std::filesystem::remove_all(folder_); }

  std::unique_ptr<AuditFile> file(std::size_t max_bytes = FileOptions::kMaxBytes, unsigned kept = 2) {
    auto opened = AuditFile::open({.path = path(), .max_bytes = max_bytes, .kept = kept});
    EXPECT_TRUE(opened) << (opened ? "" : opened.error());
    return std::move(*opened);
  }
  std::filesystem::path path() const { return folder_ / "audit.log"; }
  static std::vector<std::string> lines(const std::filesystem::path& file) {
    std::ifstream in(file);
    std::vector<std::string> found;
    for (std::string line; std::getline(in, line);) found.push_back(line);
    return found;
  }

  std::filesystem::path folder_;
  ManualLoop loop_;
};

TEST(AuditEntry, IsOneJsonObjectWithoutEmptyFields) {
  const std::string line = as_line({.time = kNow, .act = "join", .kind = "guest", .nick = "a\nb\xff", .room = "board"});
  EXPECT_EQ(line.find('\n'), std::string::npos);
  const auto json = nlohmann::json::parse(line);
  EXPECT_EQ(json.at("time"), "2023-11-14T22:13:20Z");
  EXPECT_EQ(json.at("act"), "join");
  EXPECT_FALSE(json.contains("peer"));
  EXPECT_EQ(json.size(), 5u);
}

TEST(AuditEntry, CutsLongFieldsOff) {
  const auto json = nlohmann::json::parse(as_line({.time = kNow, .act = "join", .subject = std::string(10'000, 'x')}));
  EXPECT_EQ(json.at("subject").get<std::string>().size(), kMaxFieldBytes);
}

TEST_F(Audit, FileIsForItsOwnerAlone) {
  file()->append("{}");
  struct stat about {};
  ASSERT_EQ(::stat(path().c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777, 0600u);
}

TEST_F(Audit, IsAppendedToAfterARestart) {
  file()->append("1");
  file()->append("2");
  EXPECT_THAT(lines(path()), ElementsAre("1", "2"));
}

TEST_F(Audit, IsRotatedBySizeAndKeepsAFewOldOnes) {
  const auto log = file(8, 2);
  for (const char* line : {"11111", "22222", "33333", "44444"}) EXPECT_TRUE(log->append(line));
  EXPECT_THAT(lines(path()), ElementsAre("44444"));
  EXPECT_THAT(lines(path().string() + ".1"), ElementsAre("33333"));
  EXPECT_THAT(lines(path().string() + ".2"), ElementsAre("22222"));
  EXPECT_FALSE(std::filesystem::exists(path().string() + ".3"));
}

TEST_F(Audit, TailGivesTheLastLines) {
  const auto log = file();
  EXPECT_TRUE(log->tail(3).empty());
  for (const char* line : {"1", "2", "3"}) log->append(line);
  EXPECT_THAT(log->tail(2), ElementsAre("2", "3"));
  EXPECT_THAT(log->tail(9), ElementsAre("1", "2", "3"));
}

// The limit on the size of files stands for a disk that is full in the middle of a line.
TEST_F(Audit, ALineThatCouldNotBeWrittenWholeLeavesNothingBehind) {
  const auto log = file();
  EXPECT_TRUE(log->append("whole"));
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto signal_before = std::signal(SIGXFSZ, SIG_IGN);
  rlimit full = before;
  full.rlim_cur = 10;
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &full), 0);
  const bool written = log->append("cut off by the full disk");
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  std::signal(SIGXFSZ, signal_before);
  EXPECT_FALSE(written);
  EXPECT_TRUE(log->append("next"));
  EXPECT_THAT(lines(path()), ElementsAre("whole", "next"));
  EXPECT_THAT(log->tail(9), ElementsAre("whole", "next"));
}

TEST_F(Audit, ALineCutOffByACrashIsNotGoneOnWith) {
  std::filesystem::create_directories(folder_);
  std::ofstream(path()) << "whole\ncut";
  const auto log = file();
  EXPECT_TRUE(log->append("next"));
  EXPECT_THAT(lines(path()), ElementsAre("whole", "cut", "next"));
  EXPECT_THAT(log->tail(1), ElementsAre("next"));
}

TEST_F(Audit, SaysWhatIsWrongWithAPathThatIsAFolder) {
  const auto opened = AuditFile::open({.path = ::testing::TempDir()});
  ASSERT_FALSE(opened);
  EXPECT_FALSE(opened.error().empty());
}

TEST_F(Audit, WritesInTheOrderOfEntries) {
  AuditLog log(file());
  for (int i = 0; i < 100; ++i) log.write(loop_, {.time = kNow, .act = std::to_string(i)});
  log.flush(loop_);
  const auto written = lines(path());
  ASSERT_EQ(written.size(), 100u);
  EXPECT_EQ(nlohmann::json::parse(written[99]).at("act"), "99");
  EXPECT_EQ(log.written(), 100u);
  EXPECT_EQ(log.lost(), 0u);
}

TEST_F(Audit, FullQueueLosesEntriesCountsThemAndSaysSo) {
  AuditLog log(file(), 0);
  log.write(loop_, {.time = kNow, .act = "no place for it"});
  EXPECT_EQ(log.lost(), 1u);
  EXPECT_EQ(log.written(), 0u);
}

}  // namespace
}  // namespace conclave::audit
