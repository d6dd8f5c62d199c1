#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "loop/manual_loop.h"
#include "loop/remote.h"
#include "loop/uv_loop.h"

namespace conclave {
namespace {

using ::testing::ElementsAre;

TEST(ManualLoop, RunsTimersInOrderAtTheirOwnTime) {
  ManualLoop loop;
  std::vector<int> order;
  const TimePoint start = loop.now();
  TimePoint seen;
  Timer late = loop.after(20ms, [&] { order.push_back(2); });
  Timer early = loop.after(10ms, [&] {
    order.push_back(1);
    seen = loop.now();
  });
  Timer cancelled = loop.after(5ms, [&] { order.push_back(0); });
  cancelled.cancel();
  loop.advance(30ms);
  EXPECT_THAT(order, ElementsAre(1, 2));
  EXPECT_EQ(seen, start + 10ms);
}

TEST(UvLoop, RunsPostedWorkInOrderThenTurnEndsThenTimers) {
  UvLoop loop(LoopId{3});
  std::vector<int> order;
  Timer timer;
  loop.post([&] {
    order.push_back(1);
    EXPECT_TRUE(loop.is_current());
    loop.at_turn_end([&] { order.push_back(3); });
    // Long enough not to be due, on a busy machine, before this turn is over.
    timer = loop.after(50ms, [&] {
      order.push_back(4);
      timer.cancel();
      loop.stop();
    });
  });
  loop.post([&] { order.push_back(2); });
  loop.run();
  EXPECT_THAT(order, ElementsAre(1, 2, 3, 4));
  EXPECT_FALSE(timer.is_set());
}

TEST(UvLoop, TakesMessagesFromOtherThreads) {
  UvLoop loop(LoopId{0});
  int sum = 0;
  std::thread other([&] {
    for (int i = 0; i < 1000; ++i) loop.post([&sum] { ++sum; });
    loop.stop();
  });
  loop.run();
  other.join();
  EXPECT_EQ(sum, 1000);
}

TEST(Remote, SendsNothingToATargetThatIsGone) {
  ManualLoop loop;
  auto target = std::make_shared<int>(0);
  const Remote<int> remote(loop, target);
  int seen = 0;
  remote.send([&](int& value) { seen = ++value; });
  loop.run_ready();
  EXPECT_EQ(seen, 1);
  remote.send([&](int&) { seen = 99; });
  target.reset();
  loop.run_ready();
  EXPECT_EQ(seen, 1);
}

}  // namespace
}  // namespace conclave
