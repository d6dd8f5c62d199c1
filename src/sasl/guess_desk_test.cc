#include "sasl/guess_desk.h"

#include <gtest/gtest.h>

#include "loop/manual_loop.h"

namespace conclave::sasl {
namespace {

std::optional<PaidGuess> paid(GuessDesk& desk, ManualLoop& loop, const Guess& guess) {
  std::optional<PaidGuess> answer;
  desk.ask(loop, guess, [&](std::optional<PaidGuess> given) { answer = std::move(given); });
  loop.run_ready();
  return answer;
}

std::optional<Duration> asked(GuessDesk& desk, ManualLoop& loop, const Guess& guess) {
  const auto answer = paid(desk, loop, guess);
  return answer ? std::optional(answer->wait) : std::nullopt;
}

TEST(GuessDesk, WhoGuessesAtSomebodysAccountDoesNotKeepHimOut) {
  ManualLoop loop;
  GuessDesk desk(loop);
  const Guess home{.address = "192.0.2.1", .account = "alice"};
  desk.was_right(*paid(desk, loop, home));
  for (int i = 0; i < 50; ++i) asked(desk, loop, {.address = "198.51.100.7", .account = "alice"});
  EXPECT_EQ(asked(desk, loop, {.address = "203.0.113.1", .account = "alice"}), std::nullopt);
  EXPECT_EQ(asked(desk, loop, home), Duration::zero());
  EXPECT_EQ(asked(desk, loop, {.address = "203.0.113.1", .account = "bob"}), Duration::zero());
}

TEST(GuessDesk, APlaceThatIsKnownIsNoFreePass) {
  ManualLoop loop;
  GuessDesk desk(loop);
  const Guess home{.address = "192.0.2.1", .account = "alice"};
  desk.was_right(*paid(desk, loop, home));
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

// Two at once from a place that becomes known with the first: the second had paid as a stranger.
TEST(GuessDesk, WhatWasPaidIsGivenBackAsItWasPaid) {
  ManualLoop loop;
  GuessDesk desk(loop);
  const Guess home{.address = "192.0.2.1", .account = "alice"};
  for (unsigned i = 0; i < kPerAddress.free; i += 2) {
    const Guess guess{.address = home.address, .account = "somebody" + std::to_string(i)};
    const auto first = paid(desk, loop, guess);
    const auto second = paid(desk, loop, guess);
    desk.was_right(*first);
    desk.was_right(*second);
    loop.run_ready();
  }
  EXPECT_EQ(asked(desk, loop, {.address = home.address, .account = "new"}), Duration::zero());
}

}  // namespace
}  // namespace conclave::sasl
