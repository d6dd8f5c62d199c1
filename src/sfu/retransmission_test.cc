#include "sfu/retransmission.h"

#include <gtest/gtest.h>

#include "sfu/key_frames.h"

namespace conclave::sfu {
namespace {

constexpr TimePoint t0 = TimePoint(std::chrono::hours(1));

TEST(SentHistory, KeepsTheLastPacketsAndNoOthers) {
  SentHistory history;
  for (std::uint32_t s = 65000; s < 65000 + 1000; ++s) {
    history.store({.used = true, .numbers = {.sequence = static_cast<std::uint16_t>(s)}, .input_sequence = static_cast<std::uint16_t>(s + 1)});
  }
  const auto newest = static_cast<std::uint16_t>(65999);
  ASSERT_NE(history.find(newest), nullptr);
  EXPECT_EQ(history.find(newest)->input_sequence, static_cast<std::uint16_t>(66000));
  EXPECT_NE(history.find(static_cast<std::uint16_t>(newest - kHistoryPackets + 1)), nullptr);
  EXPECT_EQ(history.find(static_cast<std::uint16_t>(newest - kHistoryPackets)), nullptr);
}

TEST(Resending, WaitsForMostOfARoundTrip) {
  EXPECT_FALSE(may_resend(t0 + 89ms, t0, 100ms));
  EXPECT_TRUE(may_resend(t0 + 90ms, t0, 100ms));
  EXPECT_FALSE(may_resend(t0 + 14ms, t0, 20ms));
  EXPECT_TRUE(may_resend(t0 + 15ms, t0, 20ms));
}

TEST(ReceiverKeyFrameLimit, HearsThreeInTenSeconds) {
  ReceiverKeyFrameLimit limit;
  EXPECT_TRUE(limit.allow(t0));
  EXPECT_FALSE(limit.allow(t0 + 199ms));
  EXPECT_TRUE(limit.allow(t0 + 200ms));
  EXPECT_TRUE(limit.allow(t0 + 400ms));
  EXPECT_FALSE(limit.allow(t0 + 9s));
  EXPECT_TRUE(limit.allow(t0 + 10s));
  EXPECT_TRUE(limit.allow(t0 + 10200ms));
}

}  // namespace
}  // namespace conclave::sfu
