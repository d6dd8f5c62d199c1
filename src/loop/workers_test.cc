#include "loop/workers.h"

#include <gtest/gtest.h>

#include <future>
#include <string>

#include "loop/uv_loop.h"

namespace conclave {
namespace {

// A running loop in a thread of its own.
class WorkersTest : public ::testing::Test {
 protected:
  WorkersTest() : thread_([this] { loop_.run(); }) {}
  ~WorkersTest() override {
    loop_.stop();
    thread_.join();
  }

  UvLoop loop_{LoopId{0}};
  std::thread thread_;
};

TEST_F(WorkersTest, WorkRunsElsewhereAndItsResultComesToTheLoop) {
  Workers workers("test", 1, 4);
  std::promise<std::pair<std::string, bool>> answered;
  std::thread::id worked_on;
  ASSERT_TRUE(workers.run<std::string>(
      loop_,
      [&worked_on] {
        worked_on = std::this_thread::get_id();
        return std::string("result");
      },
      [&](std::string result) {
        answered.set_value({std::move(result), loop_.is_current()});
      }));
  const auto [result, on_loop] = answered.get_future().get();
  EXPECT_EQ(result, "result");
  EXPECT_TRUE(on_loop);
  EXPECT_NE(worked_on, thread_.get_id());
}

TEST_F(WorkersTest, AFullQueueIsSaidAndNothingOfItIsCalled) {
  std::promise<void> go;
  std::shared_future<void> gate = go.get_future().share();
  std::promise<void> started;
  std::promise<void> last_done;
  Workers workers("test", 1, 1);
  ASSERT_TRUE(workers.run<int>(
      loop_,
      [&started, gate] {
        started.set_value();
        gate.wait();
        return 0;
      },
      [](int) {}));
  started.get_future().wait();
  ASSERT_TRUE(workers.run<int>(
      loop_, [] { return 0; }, [&](int) { last_done.set_value(); }));
  EXPECT_EQ(workers.queued(), 1U);
  bool called = false;
  EXPECT_FALSE(workers.run<int>(
      loop_, [&called] { return called = true, 0; }, [](int) {}));
  go.set_value();
  last_done.get_future().wait();
  EXPECT_FALSE(called);
}

TEST_F(WorkersTest, EndingWaitsForWhatRuns) {
  std::promise<void> started;
  std::promise<void> go;
  std::thread releaser;
  bool finished = false;
  {
    Workers workers("test", 1, 4);
    ASSERT_TRUE(workers.run<int>(
        loop_,
        [&] {
          started.set_value();
          go.get_future().wait();
          finished = true;
          return 0;
        },
        [](int) {}));
    started.get_future().wait();
    releaser = std::thread([&go] { go.set_value(); });
  }
  EXPECT_TRUE(finished);
  releaser.join();
}

}  // namespace
}  // namespace conclave
