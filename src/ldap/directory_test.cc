#include "ldap/directory.h"

#include <gmock/gmock.h>

#include <future>
#include <thread>

#include "ldap/test_slapd.h"
#include "loop/uv_loop.h"

namespace conclave::ldap {
namespace {

using access::Identity;
using sasl::PasswordFailure;
using Outcome = Result<Identity, PasswordFailure>;

// A home loop and another one that asks, both running.
class DirectoryTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { slapd_ = new TestSlapd; }
  static void TearDownTestSuite() { delete slapd_; }

  void SetUp() override {
    home_thread_ = std::thread([this] { home_.run(); });
    asking_thread_ = std::thread([this] { asking_.run(); });
  }
  void TearDown() override {
    directory_.reset();
    home_.post([this] { home_.stop(); });
    asking_.post([this] { asking_.stop(); });
    home_thread_.join();
    asking_thread_.join();
  }

  static DirectoryOptions options() {
    DirectoryOptions options;
    options.urls = {slapd_->url()};
    options.base = TestSlapd::kBase;
    options.timeout = 2s;
    return options;
  }
  void make(DirectoryOptions options) { directory_ = std::make_unique<Directory>(home_, random_, std::move(options)); }

  std::future<Outcome> ask(const std::string& user, const std::string& password) {
    auto promise = std::make_shared<std::promise<Outcome>>();
    directory_->check(asking_, user, password, [this, promise](Outcome outcome) {
      EXPECT_TRUE(asking_.is_current());
      promise->set_value(std::move(outcome));
    });
    return promise->get_future();
  }
  bool knows(const std::string& user, const std::string& password) { return ask(user, password).get().has_value(); }

  static TestSlapd* slapd_;
  SeededRandom random_{7};
  UvLoop home_{LoopId{0}};
  UvLoop asking_{LoopId{1}};
  std::thread home_thread_;
  std::thread asking_thread_;
  std::unique_ptr<Directory> directory_;
};
TestSlapd* DirectoryTest::slapd_ = nullptr;

TEST_F(DirectoryTest, AnswersOnTheLoopThatAsked) {
  make(options());
  EXPECT_TRUE(knows("alice", "alice-password"));
  EXPECT_EQ(ask("alice", "wrong").get().error(), PasswordFailure::Wrong);
  EXPECT_EQ(ask("alice", "").get().error(), PasswordFailure::Wrong);
  EXPECT_EQ(directory_->counters().accepted.value(), 1u);
  EXPECT_EQ(directory_->counters().refused.value(), 2u);
}

TEST_F(DirectoryTest, ToBeAskedAboutSomebodyIsNoLogin) {
  make(options());
  const auto asked = [this](const std::string& user) {
    auto promise = std::make_shared<std::promise<Outcome>>();
    directory_->who_is(asking_, user, [promise](Outcome outcome) { promise->set_value(std::move(outcome)); });
    return promise->get_future().get();
  };
  EXPECT_TRUE(asked("alice").has_value());
  EXPECT_EQ(asked("nobody").error(), PasswordFailure::Wrong);
  EXPECT_EQ(directory_->counters().accepted.value() + directory_->counters().refused.value(), 0u);
  EXPECT_FALSE(knows("alice", "wrong"));  // nothing was remembered for her
}

TEST_F(DirectoryTest, ASuccessHoldsForAWhileForThatPasswordOnly) {
  make(options());
  EXPECT_TRUE(knows("alice", "alice-password"));
  slapd_->stop();
  EXPECT_TRUE(knows("alice", "alice-password"));
  EXPECT_EQ(directory_->counters().from_cache.value(), 1u);
  EXPECT_FALSE(knows("alice", "alice-passwore"));
  EXPECT_FALSE(knows("bob", "bob-password"));
  slapd_->start();
}

TEST_F(DirectoryTest, TheCacheIsBoundedAndCanBeOff) {
  DirectoryOptions small = options();
  small.max_cached = 1;
  make(small);
  EXPECT_TRUE(knows("alice", "alice-password"));
  EXPECT_TRUE(knows("bob", "bob-password"));
  EXPECT_TRUE(knows("alice", "alice-password"));
  EXPECT_TRUE(knows("bob", "bob-password"));
  EXPECT_EQ(directory_->counters().from_cache.value(), 1u);
  small.cache = 0s;
  make(small);
  EXPECT_TRUE(knows("alice", "alice-password"));
  EXPECT_TRUE(knows("alice", "alice-password"));
  EXPECT_EQ(directory_->counters().from_cache.value(), 0u);
}

TEST_F(DirectoryTest, AServerThatFailedIsLeftAloneForAWhile) {
  DirectoryOptions two = options();
  two.urls.insert(two.urls.begin(), "ldap://127.0.0.1:" + std::to_string(free_port()));
  two.remember_down = 1h;
  make(two);
  EXPECT_TRUE(knows("alice", "alice-password"));
  EXPECT_TRUE(knows("bob", "bob-password"));
  EXPECT_EQ(directory_->counters().server_failures.value(), 1u);
}

TEST_F(DirectoryTest, AServerIsAskedAgainWhenItsTimeIsOver) {
  DirectoryOptions brief = options();
  brief.remember_down = 0ms;
  make(brief);
  slapd_->stop();
  EXPECT_EQ(ask("alice", "alice-password").get().error(), PasswordFailure::Unavailable);
  slapd_->start();
  EXPECT_TRUE(knows("alice", "alice-password"));
}

TEST_F(DirectoryTest, WhenAllAreDownTheAnswerIsImmediate) {
  const SilentServer silent;
  DirectoryOptions hanging = options();
  hanging.urls = {silent.url()};
  hanging.timeout = 200ms;
  hanging.remember_down = 1h;
  make(hanging);
  EXPECT_EQ(ask("alice", "alice-password").get().error(), PasswordFailure::Unavailable);
  EXPECT_EQ(ask("alice", "alice-password").get().error(), PasswordFailure::Unavailable);
  EXPECT_EQ(directory_->counters().server_failures.value(), 1u);
}

TEST_F(DirectoryTest, A49AHangingServerHoldsABoundedNumberOfLogins) {
  const SilentServer silent;
  DirectoryOptions hanging = options();
  hanging.urls = {silent.url()};
  hanging.timeout = 1s;
  hanging.threads = 1;
  hanging.max_queue = 2;
  make(hanging);
  std::vector<std::future<Outcome>> answers;
  for (int i = 0; i < 20; ++i) answers.push_back(ask("user" + std::to_string(i), "password"));
  for (auto& answer : answers) EXPECT_EQ(answer.get().error(), PasswordFailure::Unavailable);
  // One ran and two waited, or three waited by the time; the others were told at once.
  EXPECT_LE(directory_->counters().server_failures.value(), 3u);
  EXPECT_GE(directory_->counters().unavailable.value(), 20u);
}

}  // namespace
}  // namespace conclave::ldap
