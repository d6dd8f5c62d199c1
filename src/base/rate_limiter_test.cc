#include "base/rate_limiter.h"

#include <gtest/gtest.h>

namespace conclave {
namespace {

constexpr TimePoint t0{1h};
constexpr Rate kRate{.free = 5, .interval = 12s};
constexpr RateLimiter::Options kWaits{.max_keys = 100, .max_wait = 15s};

std::vector<RateKey> at(const std::string& account) {
  return {{"account:" + account, kRate}};
}

TEST(RateLimiter, FiveAreFreeThenOneEachIntervalThenNoneAtAll) {
  RateLimiter limiter(kWaits);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(limiter.take(t0, at("alice")), Duration::zero());
  EXPECT_EQ(limiter.take(t0, at("alice")), 12s);
  EXPECT_EQ(limiter.take(t0, at("alice")), std::nullopt);  // would wait 24 s
  EXPECT_EQ(limiter.take(t0 + 12s, at("alice")), 12s);
  EXPECT_EQ(limiter.take(t0, at("bob")), Duration::zero());
}

TEST(RateLimiter, AThousandGuessesAtOnceLetFiveBeLookedAtAMinute) {
  RateLimiter limiter(kWaits);
  int looked_at = 0;
  for (int i = 0; i < 1000; ++i) looked_at += limiter.take(t0 + i * 60ms, at("alice")).has_value();
  EXPECT_LE(looked_at, 5 + 5 + 2);
}

TEST(RateLimiter, ARightOneIsGivenBack) {
  RateLimiter limiter(kWaits);
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(limiter.take(t0, at("alice")), Duration::zero());
    limiter.give_back(t0, at("alice"));
  }
  EXPECT_EQ(limiter.keys(), 0u);
}

TEST(RateLimiter, TheSlowestKeyCountsAndARefusedGuessCountsForNone) {
  RateLimiter limiter(kWaits);
  const auto from = [](const std::string& account) {
    return std::vector<RateKey>{{"address:192.0.2.1", {.free = 2, .interval = 20s}}, {"account:" + account, kRate}};
  };
  EXPECT_EQ(limiter.take(t0, from("a")), Duration::zero());
  EXPECT_EQ(limiter.take(t0, from("b")), Duration::zero());
  EXPECT_EQ(limiter.take(t0, from("c")), std::nullopt);
  EXPECT_EQ(limiter.keys(), 3u);  // nothing of c
}

TEST(RateLimiter, ForgetsWhatIsOverAndNeverKeepsMoreThanItsBound) {
  RateLimiter limiter({.max_keys = 3, .max_wait = 15s});
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(limiter.take(t0 + i * 1ms, at(std::to_string(i))), Duration::zero());
    EXPECT_LE(limiter.keys(), 3u);
  }
  EXPECT_TRUE(limiter.take(t0 + 1h, at("late")));
  EXPECT_EQ(limiter.keys(), 1u);
}

TEST(RateLimiter, AskingDoesNotCountAndChargingDoesNotAsk) {
  RateLimiter limiter;
  const RateKey key{"room:board", {.free = 2, .interval = 1s}};
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(limiter.is_free(t0, key));
  for (int i = 0; i < 5; ++i) limiter.charge(t0, key);
  EXPECT_FALSE(limiter.is_free(t0 + 3s, key));
  EXPECT_TRUE(limiter.is_free(t0 + 4s, key));
  EXPECT_EQ(limiter.take(t0 + 3s, {key}), std::nullopt) << "nobody waits unless the owner says how long";
}

}  // namespace
}  // namespace conclave
