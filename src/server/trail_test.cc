#include "server/trail.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "base/random.h"
#include "loop/manual_loop.h"

namespace conclave::server {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

class TrailTest : public testing::Test {
 protected:
  TrailTest() { identity_.proof.peer = "192.0.2.1:5"; }
  ~TrailTest() override { std::filesystem::remove(path_); }

  void decided(std::string_view act, access::Outcome outcome, std::uint64_t session, const char* room = "board") {
    access::Decision decision;
    decision.outcome = outcome;
    decision.reason.slug = outcome == access::Outcome::Admit ? access::Slug::RoleAllows : access::Slug::RoleForbids;
    trail_.decided({.act = act,
                    .identity = identity_,
                    .nick = "g",
                    .room = *access::canonical_room(room),
                    .decision = decision,
                    .session = session});
  }
  std::vector<std::string> lines() {
    log_.flush(flushed_);
    std::ifstream file(path_);
    std::vector<std::string> all;
    for (std::string line; std::getline(file, line);) all.push_back(line);
    return all;
  }

  ManualLoop loop_;
  ManualLoop flushed_;  // the writer answers it while the test goes on
  SystemRandom random_;
  std::filesystem::path path_ = std::filesystem::temp_directory_path() / ("conclave-trail-" + random_.hex(16));
  audit::AuditLog log_{*audit::AuditFile::open({.path = path_})};
  Trail trail_{loop_, &log_};
  access::Identity identity_ = access::guest("g");
};

TEST_F(TrailTest, TheSameQuestionOfASessionIsOneLine) {
  for (int i = 0; i < 10; ++i) {
    decided("request", access::Outcome::Wait, 1);
    decided("kick", access::Outcome::Refuse, 1);
    decided("chat", access::Outcome::Refuse, 1);
    decided("chat", access::Outcome::Admit, 1);  // what everybody does all the time
  }
  decided("request", access::Outcome::Admit, 1);
  EXPECT_THAT(lines(), ElementsAre(HasSubstr("request"), HasSubstr("kick"), HasSubstr("chat"), HasSubstr("admit")));
  EXPECT_EQ((trail_.decisions().at({"kick", "refuse", "role-forbids"})), 10u) << "numbers count all";
}

TEST_F(TrailTest, TurningBetweenTwoQuestionsMakesNoMoreLines) {
  for (int i = 0; i < 10; ++i) {
    decided("request", access::Outcome::Wait, 1, "a");
    decided("request", access::Outcome::Wait, 1, "b");
  }
  EXPECT_THAT(lines(), SizeIs(2));
}

TEST_F(TrailTest, WhatIsDoneIsALineEachTime) {
  decided("kick", access::Outcome::Admit, 1);
  decided("kick", access::Outcome::Admit, 1);
  EXPECT_THAT(lines(), SizeIs(2));
}

// However many sessions he has, and whatever he does with them.
TEST_F(TrailTest, AGuestCannotWashOthersLinesOut) {
  for (std::uint64_t session = 1; session <= 10'000; ++session) decided("kick", access::Outcome::Refuse, session);
  EXPECT_THAT(lines(), SizeIs(kLinesOfNetwork.free));
  identity_.proof.peer = "[2001:db8::7]:5";
  decided("kick", access::Outcome::Refuse, 20'000);
  EXPECT_THAT(lines(), SizeIs(kLinesOfNetwork.free + 1)) << "others have their own";
  loop_.advance(Trail::kSumInterval);
  ASSERT_THAT(lines(), SizeIs(kLinesOfNetwork.free + 2));
  EXPECT_THAT(lines().back(), AllOf(HasSubstr("refusals"), HasSubstr("9500 more refusals of 192.0.2.1 since 2026-")));
  loop_.advance(Trail::kSumInterval);
  EXPECT_THAT(lines(), SizeIs(kLinesOfNetwork.free + 2)) << "nothing more was left out";
}

TEST_F(TrailTest, FailedLoginsAreSummedUpToo) {
  for (int i = 0; i < 1'000; ++i)
    trail_.login_failed(access::IdentityKind::Token, "token-malformed", {}, "192.0.2.1:5");
  EXPECT_THAT(lines(), SizeIs(kLinesOfNetwork.free));
  loop_.advance(Trail::kSumInterval);
  EXPECT_THAT(lines().back(), HasSubstr("500 more refusals"));
}

TEST(RefusalLines, ManyNetworksAreSummedUpTogether) {
  RefusalLines lines;
  const TimePoint now{1h};
  for (unsigned i = 0; i < kLinesOfAll.free + 500; ++i) (void)lines.take(now, {}, "n" + std::to_string(i));
  const auto sums = lines.sums();
  EXPECT_THAT(sums, SizeIs(kMaxSummedNetworks + 1));
  std::uint64_t left_out = 0;
  for (const RefusalLines::Sum& sum : sums) left_out += sum.lines;
  EXPECT_EQ(left_out, 500u);
  EXPECT_FALSE(lines.has_sums());
}

}  // namespace
}  // namespace conclave::server
