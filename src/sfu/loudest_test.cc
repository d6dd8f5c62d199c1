#include "sfu/loudest.h"

#include <gtest/gtest.h>

namespace conclave::sfu {
namespace {

constexpr TimePoint t0 = TimePoint(std::chrono::hours(1));

TEST(LoudestSpeakers, WithoutALimitEverybodyIsHeard) {
  LoudestSpeakers loudest(0);
  EXPECT_TRUE(loudest.heard(t0, 1, 0));
}

TEST(LoudestSpeakers, APlaceGoesToWhoeverSoundsFirstAndThenToSomebodyClearlyLouder) {
  LoudestSpeakers loudest(2);
  EXPECT_TRUE(loudest.heard(t0, 1, 90));
  EXPECT_TRUE(loudest.heard(t0, 2, 60));
  EXPECT_FALSE(loudest.heard(t0, 3, 64));  // not by enough: two who speak alike do not cut each other off
  EXPECT_TRUE(loudest.heard(t0, 3, 70));
  EXPECT_FALSE(loudest.heard(t0, 2, 60));
  EXPECT_TRUE(loudest.heard(t0, 1, 90));
}

TEST(LoudestSpeakers, WhoFallsSilentKeepsHisPlaceForAMoment) {
  LoudestSpeakers loudest(1);
  EXPECT_TRUE(loudest.heard(t0, 1, 80));
  for (auto now = t0; now < t0 + 500ms; now += 20ms) EXPECT_TRUE(loudest.heard(now, 1, 0));
  EXPECT_TRUE(loudest.heard(t0 + 520ms, 2, 40));
  EXPECT_FALSE(loudest.heard(t0 + 540ms, 1, 0));
}

TEST(LoudestSpeakers, WhoStopsSendingLosesItSooner) {
  LoudestSpeakers loudest(1);
  EXPECT_TRUE(loudest.heard(t0, 1, 80));
  EXPECT_FALSE(loudest.heard(t0 + 140ms, 2, 40));
  EXPECT_TRUE(loudest.heard(t0 + 160ms, 2, 40));
}

TEST(LoudestSpeakers, SilenceTakesNoPlace) {
  LoudestSpeakers loudest(1);
  EXPECT_FALSE(loudest.heard(t0, 1, 20));
}

}  // namespace
}  // namespace conclave::sfu
