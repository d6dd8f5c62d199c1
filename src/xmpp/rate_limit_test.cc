#include "xmpp/rate_limit.h"

#include <gtest/gtest.h>

namespace conclave::xmpp {
namespace {

const TimePoint t0{std::chrono::hours(1)};

TEST(TokenBucket, LetsABurstGoAndThenOneAtATime) {
  TokenBucket bucket({.per_second = 4, .burst = 2s});
  for (int i = 0; i < 8; ++i) EXPECT_TRUE(bucket.take(t0)) << i;
  EXPECT_FALSE(bucket.take(t0));
  EXPECT_EQ(bucket.ready_at(t0), t0 + 250ms);
  EXPECT_FALSE(bucket.take(t0 + 249ms));
  EXPECT_TRUE(bucket.take(t0 + 250ms));
  EXPECT_FALSE(bucket.take(t0 + 250ms));
}

TEST(TokenBucket, NeverHoldsMoreThanTheBurst) {
  TokenBucket bucket({.per_second = 1, .burst = 2s});
  EXPECT_TRUE(bucket.take(t0));
  int taken = 0;
  while (bucket.take(t0 + 1h)) ++taken;
  EXPECT_EQ(taken, 2);
}

TEST(TokenBucket, IsReadyWhenItSaidSo) {
  TokenBucket bucket({.per_second = 3, .burst = 1s});
  TimePoint now = t0;
  for (int i = 0; i < 100; ++i) {
    now = bucket.ready_at(now);
    ASSERT_TRUE(bucket.take(now)) << i;
  }
}

TEST(Throttle, DelaysByKindButKeepsTheOrder) {
  RateLimits limits;
  limits.message = {.per_second = 1, .burst = 1s};
  Throttle throttle(limits);
  ASSERT_TRUE(throttle.push(t0, Element("message")));
  ASSERT_TRUE(throttle.push(t0, Element("message")));
  ASSERT_TRUE(throttle.push(t0, Element("presence")));
  EXPECT_EQ(throttle.pop(t0)->name(), "message");
  EXPECT_FALSE(throttle.pop(t0));
  EXPECT_EQ(throttle.deadline(t0), t0 + 1s);
  EXPECT_EQ(throttle.pop(t0 + 1s)->name(), "message");
  EXPECT_EQ(throttle.pop(t0 + 1s)->name(), "presence");
  EXPECT_EQ(throttle.deadline(t0 + 1s), std::nullopt);
}

TEST(Throttle, RefusesWhenTooMuchIsWaiting) {
  Throttle throttle({.message = {.per_second = 1, .burst = 1s}, .max_delayed = 2});
  ASSERT_TRUE(throttle.push(t0, Element("message")));
  ASSERT_TRUE(throttle.pop(t0));
  EXPECT_TRUE(throttle.push(t0, Element("message")));
  EXPECT_TRUE(throttle.push(t0, Element("presence")));
  EXPECT_FALSE(throttle.push(t0, Element("presence")));
  EXPECT_EQ(throttle.delayed(), 2u);
}

TEST(Throttle, RefusesWhenTooManyBytesAreWaiting) {
  Throttle throttle({.message = {.per_second = 1, .burst = 1s}, .max_delayed_bytes = 100});
  Element big("message");
  big.set_text(std::string(80, 'x'));
  ASSERT_TRUE(throttle.push(t0, big));  // its turn comes at once, so it does not wait
  ASSERT_TRUE(throttle.pop(t0));
  EXPECT_TRUE(throttle.push(t0, big));
  EXPECT_FALSE(throttle.push(t0, big));
}

TEST(TokenBucket, MayOweAndPaysBack) {
  TokenBucket bucket({.per_second = 10, .burst = 1s});
  EXPECT_TRUE(bucket.take(t0, 29));
  EXPECT_FALSE(bucket.take(t0 + 1s, 1));
  EXPECT_EQ(bucket.ready_at(t0), t0 + 2s);
  EXPECT_TRUE(bucket.take(t0 + 2s, 1));
}

TEST(Throttle, A43_ABurstIsBoundedInBytesAsTheyAreWritten) {
  Element big("presence");
  big.set_text(std::string(2'500, '"'));  // 15 KB in everybody's stream
  Throttle throttle{RateLimits{}};
  for (int i = 0; i < 8; ++i) ASSERT_TRUE(throttle.push(t0, big));
  int at_once = 0;
  while (throttle.pop(t0)) ++at_once;
  EXPECT_EQ(at_once, 5);
  ASSERT_TRUE(throttle.deadline(t0));
  EXPECT_GT(*throttle.deadline(t0), t0);
  EXPECT_TRUE(throttle.pop(*throttle.deadline(t0)));
}

TEST(Throttle, LoosenedLetsEverythingPass) {
  Throttle throttle(RateLimits::none());
  for (int i = 0; i < 10'000; ++i) {
    ASSERT_TRUE(throttle.push(t0, Element("iq")));
    ASSERT_TRUE(throttle.pop(t0));
    ASSERT_TRUE(throttle.control(t0));
  }
}

}  // namespace
}  // namespace conclave::xmpp
