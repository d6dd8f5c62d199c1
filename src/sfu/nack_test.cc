#include "sfu/nack.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace conclave::sfu {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr TimePoint t0 = TimePoint(std::chrono::hours(1));

std::vector<int> due(NackTracker& tracker, TimePoint now) {
  std::array<std::uint16_t, kMaxMissing> out;
  const std::size_t count = tracker.due(now, out);
  return {out.begin(), out.begin() + static_cast<std::ptrdiff_t>(count)};
}

TEST(NackTracker, AsksAtOnceAndAgainEvery150Milliseconds) {
  NackTracker tracker;
  EXPECT_FALSE(tracker.received(t0, 10));
  EXPECT_TRUE(tracker.received(t0, 13));
  EXPECT_THAT(due(tracker, t0), ElementsAre(11, 12));
  EXPECT_THAT(due(tracker, t0 + 149ms), IsEmpty());
  EXPECT_EQ(tracker.deadline(), t0 + 150ms);
  EXPECT_FALSE(tracker.received(t0 + 149ms, 11));
  EXPECT_THAT(due(tracker, t0 + 150ms), ElementsAre(12));
}

TEST(NackTracker, GivesUpAfterTenTries) {
  NackTracker tracker;
  tracker.received(t0, 1);
  tracker.received(t0, 3);
  int asked = 0;
  for (int i = 0; i < 40; ++i) asked += static_cast<int>(due(tracker, t0 + i * 150ms).size());
  EXPECT_EQ(asked, kMaxNackTries);
  EXPECT_EQ(tracker.deadline(), std::nullopt);
}

TEST(NackTracker, TakesAGapOfAHundredForARestart) {
  NackTracker tracker;
  tracker.received(t0, 1);
  EXPECT_TRUE(tracker.received(t0, 101));  // 99 missing
  EXPECT_THAT(due(tracker, t0), SizeIs(99));
  EXPECT_FALSE(tracker.received(t0, 202));  // 100 missing: what was missing before is given up as well
  EXPECT_THAT(due(tracker, t0 + 150ms), IsEmpty());
}

TEST(NackTracker, LetsTheOldestGoWhenItIsFull) {
  NackTracker tracker;
  tracker.received(t0, 0);
  tracker.received(t0, 99);
  tracker.received(t0, 198);
  const auto asked = due(tracker, t0);
  EXPECT_THAT(asked, SizeIs(kMaxMissing));
  EXPECT_EQ(asked.back(), 197);
}

}  // namespace
}  // namespace conclave::sfu
