#include "room/password_guesses.h"

#include <gtest/gtest.h>

namespace conclave::room {
namespace {

const TimePoint kStart{std::chrono::hours(1)};

int looked_at(PasswordGuesses& guesses, TimePoint now, const std::string& room, const std::string& network, int tries) {
  int looked = 0;
  for (int i = 0; i < tries; ++i) {
    if (!guesses.may_try(now, room, network)) continue;
    ++looked;
    guesses.was_wrong(now, room, network);
  }
  return looked;
}

TEST(PasswordGuesses, A44_OneAddressHasTwentyInARoomThenOneInFiveSeconds) {
  PasswordGuesses guesses;
  EXPECT_EQ(looked_at(guesses, kStart, "board", "192.0.2.1", 10'000), 20);
  EXPECT_EQ(looked_at(guesses, kStart + 4s, "board", "192.0.2.1", 100), 0);
  EXPECT_EQ(looked_at(guesses, kStart + 50s, "board", "192.0.2.1", 100), 10);
}

TEST(PasswordGuesses, A44_OneAddressHasThirtyInAllRooms) {
  PasswordGuesses guesses;
  int looked = 0;
  for (int room = 0; room < 100; ++room) {
    looked += looked_at(guesses, kStart, "room" + std::to_string(room), "192.0.2.1", 2);
  }
  EXPECT_EQ(looked, 30);
}

TEST(PasswordGuesses, A44_ManyAddressesTogetherAreSlowedAndNobodyElseIs) {
  PasswordGuesses guesses;
  int looked = 0;
  for (int i = 0; i < 1'000; ++i) {
    looked += looked_at(guesses, kStart, "board", "2001:db8::" + std::to_string(i % 50), 1);
  }
  EXPECT_LE(looked, 200 + 50);
  EXPECT_TRUE(guesses.may_try(kStart, "board", "192.0.2.9")) << "who has not guessed wrong may try";
  EXPECT_FALSE(guesses.may_try(kStart, "board", "2001:db8::1"));
  EXPECT_TRUE(guesses.may_try(kStart, "plans", "2001:db8::1"));
}

// Each guess from another network: addresses cost an attacker little.
TEST(PasswordGuesses, A44_NewNetworksTogetherHaveARateToo) {
  PasswordGuesses guesses;
  int looked = 0;
  for (int i = 0; i < 10'000; ++i) looked += looked_at(guesses, kStart, "board", "n" + std::to_string(i), 1);
  EXPECT_EQ(looked, 200);
  EXPECT_TRUE(guesses.may_try(kStart + 1s, "board", "192.0.2.9"));
  EXPECT_TRUE(guesses.may_try(kStart, "plans", "192.0.2.9"));
}

TEST(PasswordGuesses, ForgetsWhatIsPastAndNeverHoldsMoreThanSoMuch) {
  PasswordGuesses guesses;
  guesses.was_wrong(kStart, "board", "192.0.2.1");
  EXPECT_EQ(guesses.keys(), 4u);
  guesses.was_wrong(kStart + 1h, "plans", "");
  EXPECT_EQ(guesses.keys(), 1u);
  for (std::size_t i = 0; i < kMaxGuessKeys; ++i) guesses.was_wrong(kStart, "r" + std::to_string(i), "a");
  EXPECT_LE(guesses.keys(), kMaxGuessKeys);
}

}  // namespace
}  // namespace conclave::room
