#include "sasl/guess_limiter.h"

#include <gtest/gtest.h>

#include "loop/manual_loop.h"
#include "sasl/guess_desk.h"

namespace conclave::sasl {
namespace {

constexpr TimePoint t0{1h};
constexpr GuessRate kRate{.free = 5, .interval = 12s};

std::vector<GuessKey> at(const std::string& account) {
  return {{"account:" + account, kRate}};
}

TEST(GuessLimiter, FiveAreFreeThenOneEachIntervalThenNoneAtAll) {
  GuessLimiter limiter;
  for (int i = 0; i < 5; ++i) EXPECT_EQ(limiter.take(t0, at("alice")), Duration::zero());
  EXPECT_EQ(limiter.take(t0, at("alice")), 12s);
  EXPECT_EQ(limiter.take(t0, at("alice")), std::nullopt);  // would wait 24 s
  EXPECT_EQ(limiter.take(t0 + 12s, at("alice")), 12s);
  EXPECT_EQ(limiter.take(t0, at("bob")), Duration::zero());
}

TEST(GuessLimiter, AThousandGuessesAtOnceLetFiveBeLookedAtAMinute) {
  GuessLimiter limiter;
  int looked_at = 0;
  for (int i = 0; i < 1000; ++i) looked_at += limiter.take(t0 + i * 60ms, at("alice")).has_value();
  EXPECT_LE(looked_at, 5 + 5 + 2);
}

TEST(GuessLimiter, ARightOneIsGivenBack) {
  GuessLimiter limiter;
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(limiter.take(t0, at("alice")), Duration::zero());
    limiter.give_back(t0, at("alice"));
  }
  EXPECT_EQ(limiter.keys(), 0u);
}

TEST(GuessLimiter, TheSlowestKeyCountsAndARefusedGuessCountsForNone) {
  GuessLimiter limiter;
  const auto from = [](const std::string& account) {
    return std::vector<GuessKey>{{"address:192.0.2.1", {.free = 2, .interval = 20s}}, {"account:" + account, kRate}};
  };
  EXPECT_EQ(limiter.take(t0, from("a")), Duration::zero());
  EXPECT_EQ(limiter.take(t0, from("b")), Duration::zero());
  EXPECT_EQ(limiter.take(t0, from("c")), std::nullopt);
  EXPECT_EQ(limiter.keys(), 3u);  // nothing of c
}

TEST(GuessLimiter, ForgetsWhatIsOverAndNeverKeepsMoreThanItsBound) {
  GuessLimiter limiter({.max_keys = 3, .max_wait = 15s});
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(limiter.take(t0 + i * 1ms, at(std::to_string(i))), Duration::zero());
    EXPECT_LE(limiter.keys(), 3u);
  }
  EXPECT_TRUE(limiter.take(t0 + 1h, at("late")));
  EXPECT_EQ(limiter.keys(), 1u);
}

std::optional<Duration> asked(GuessDesk& desk, ManualLoop& loop, const Guess& guess) {
  std::optional<Duration> answer = Duration::max();
  desk.ask(loop, guess, [&](std::optional<Duration> wait) { answer = wait; });
  loop.run_ready();
  return answer;
}

TEST(GuessDesk, WhoGuessesAtSomebodysAccountDoesNotKeepHimOut) {
  ManualLoop loop;
  GuessDesk desk(loop);
  const Guess home{.address = "192.0.2.1", .account = "alice"};
  EXPECT_EQ(asked(desk, loop, home), Duration::zero());
  desk.was_right(home);
  for (int i = 0; i < 50; ++i) asked(desk, loop, {.address = "198.51.100.7", .account = "alice"});
  EXPECT_EQ(asked(desk, loop, {.address = "203.0.113.1", .account = "alice"}), std::nullopt);
  EXPECT_EQ(asked(desk, loop, home), Duration::zero());
  EXPECT_EQ(asked(desk, loop, {.address = "203.0.113.1", .account = "bob"}), Duration::zero());
}

TEST(GuessDesk, APlaceThatIsKnownIsNoFreePass) {
  ManualLoop loop;
  GuessDesk desk(loop);
  const Guess home{.address = "192.0.2.1", .account = "alice"};
  asked(desk, loop, home);
  desk.was_right(home);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(asked(desk, loop, home), Duration::zero());
  EXPECT_EQ(asked(desk, loop, home), 12s);
}

TEST(GuessDesk, ManyAccountsFromOneAddressAreSlowedToo) {
  ManualLoop loop;
  GuessDesk desk(loop);
  int at_once = 0;
  for (int i = 0; i < 100; ++i) {
    at_once += asked(desk, loop, {.address = "192.0.2.1", .account = std::to_string(i)}) == Duration::zero();
  }
  EXPECT_EQ(at_once, static_cast<int>(kPerAddress.free));
}

}  // namespace
}  // namespace conclave::sasl
