#include "sfu/projection.h"

#include <gtest/gtest.h>

#include <deque>
#include <set>

#include "base/random.h"

namespace conclave::sfu {
namespace {

constexpr TimePoint t0 = TimePoint(std::chrono::hours(1));
constexpr auto kVp8 = rtp::Codec::Vp8;

// Descriptors live as long as the test.
const rtp::Vp8Descriptor* descriptor(std::uint16_t picture, std::uint8_t tl0) {
  static std::deque<rtp::Vp8Descriptor> all;
  rtp::Vp8Descriptor d;
  d.picture_id = picture;
  d.long_picture_id = true;
  d.tl0_picture_index = tl0;
  return &all.emplace_back(d);
}

Projection::Input packet(int encoding, std::uint16_t sequence, bool key = false) {
  return {.encoding = encoding, .codec = kVp8, .begins_key_frame = key, .marker = true, .sequence = sequence,
          .timestamp = 1000u + sequence * 3000u,
          .vp8 = descriptor((sequence + 5) & 0x7fff, static_cast<std::uint8_t>(sequence))};
}

TEST(Projection, StartsAtAKeyFrameAndPassesNumbersThrough) {
  Projection projection(true);
  OutboundSsrc out;
  EXPECT_FALSE(projection.project(t0, packet(0, 1, true), out));  // no target
  projection.set_target(0);
  EXPECT_TRUE(projection.needs_key_frame());
  EXPECT_FALSE(projection.project(t0, packet(0, 1), out));
  EXPECT_EQ(projection.project(t0, packet(0, 2, true), out)->sequence, 2);
  EXPECT_EQ(projection.project(t0, packet(0, 4), out)->sequence, 4);
  EXPECT_EQ(projection.project(t0, packet(0, 3), out)->sequence, 3);
  EXPECT_FALSE(projection.project(t0, packet(0, 1), out));  // before the key frame
  EXPECT_FALSE(projection.needs_key_frame());
}

TEST(Projection, APacketOfTheCodecBeforeThatComesLateAsksForNothing) {
  Projection projection(true);
  OutboundSsrc out;
  projection.set_target(0);
  projection.project(t0, packet(0, 10, true), out);
  auto other = packet(0, 20, true);
  other.codec = rtp::Codec::H264;
  other.vp8 = nullptr;
  ASSERT_TRUE(projection.project(t0, other, out));
  EXPECT_FALSE(projection.project(t0, packet(0, 15), out));
  EXPECT_FALSE(projection.project(t0, packet(0, 16, true), out));
  EXPECT_FALSE(projection.needs_key_frame());
}

TEST(Projection, ContinuesEveryNumberOverASwitch) {
  Projection projection(true);
  OutboundSsrc out;
  projection.set_target(0);
  projection.project(t0, packet(0, 10, true), out);
  projection.set_target(2);
  EXPECT_TRUE(projection.project(t0, packet(0, 11), out));  // the old one goes on meanwhile
  EXPECT_FALSE(projection.project(t0, packet(2, 500), out));
  const auto first = projection.project(t0 + 100ms, packet(2, 501, true), out);
  ASSERT_TRUE(first);
  EXPECT_EQ(first->sequence, 12);
  EXPECT_EQ(first->timestamp, 1000u + 11 * 3000u + 9000u);  // 100 ms later
  EXPECT_EQ(first->picture_id, 17);
  EXPECT_EQ(first->tl0, 12);
  EXPECT_EQ(projection.map_timestamp(1000u + 502 * 3000u), first->timestamp + 3000);
  EXPECT_FALSE(projection.project(t0 + 100ms, packet(0, 12), out));
  EXPECT_EQ(projection.input_of(12), 501);
  EXPECT_EQ(projection.input_of(11), std::nullopt);
}

TEST(Projection, LeavesOneNumberOutAfterAnUnfinishedFrame) {
  Projection projection(true);
  OutboundSsrc out;
  projection.set_target(0);
  auto unfinished = packet(0, 10, true);
  unfinished.marker = false;
  projection.project(t0, unfinished, out);
  projection.set_target(1);
  EXPECT_EQ(projection.project(t0, packet(1, 70, true), out)->sequence, 12);
}

TEST(Projection, GoesNearerToItsTargetButNeverAway) {
  Projection projection(true);
  OutboundSsrc out;
  projection.set_target(2);
  EXPECT_TRUE(projection.project(t0, packet(0, 1, true), out));
  EXPECT_TRUE(projection.project(t0, packet(1, 1, true), out));
  EXPECT_FALSE(projection.project(t0, packet(0, 2, true), out));
  EXPECT_EQ(projection.current(), 1);
  EXPECT_TRUE(projection.needs_key_frame());
}

TEST(Projection, ResumesAtAKeyFrameAndKeepsTheClockOfItsEncoding) {
  Projection projection(true);
  OutboundSsrc out;
  projection.set_target(0);
  projection.project(t0, packet(0, 1, true), out);
  projection.set_target(kNoEncoding);
  EXPECT_FALSE(projection.project(t0, packet(0, 2, true), out));
  projection.set_target(0);
  EXPECT_FALSE(projection.project(t0, packet(0, 30), out));
  const auto resumed = projection.project(t0 + 1s, packet(0, 31, true), out);
  EXPECT_EQ(resumed->sequence, 2);
  EXPECT_EQ(resumed->timestamp, 1000u + 31 * 3000u);
}

TEST(Projection, OfAudioBeginsAnywhereAndBehindWhatWasSentBefore) {
  OutboundSsrc out;
  Projection first(false);
  first.set_target(0);
  EXPECT_EQ(first.project(t0, packet(0, 9), out)->sequence, 9);
  Projection second(false);  // another source under the same SSRC
  second.set_target(0);
  EXPECT_EQ(second.project(t0, packet(0, 9), out)->sequence, 10);
}

TEST(Projection, NeverSendsASequenceNumberTwice) {
  SeededRandom random(5);
  Projection projection(true);
  OutboundSsrc out;
  std::set<std::int64_t> sent;
  rtp::SequenceUnwrapper unwrapper;
  std::set<std::pair<int, std::uint64_t>> seen;
  std::array<std::uint64_t, 3> at{100, 20000, 65000};
  for (int i = 0; i < 200000; ++i) {
    const std::uint64_t r = random.number();
    if (r % 97 == 0) projection.set_target(static_cast<int>((r >> 8) % 4) - 1);
    const auto e = static_cast<std::size_t>((r >> 16) % 3);
    at[e] += (r >> 20) % 3;
    const std::uint64_t sequence = at[e] - (r >> 24) % 20;
    if (!seen.emplace(static_cast<int>(e), sequence).second) continue;  // ReceiveOrder's part
    auto in = packet(static_cast<int>(e), static_cast<std::uint16_t>(sequence), (r >> 32) % 31 == 0);
    in.marker = (r >> 40) % 2 == 0;
    if (const auto numbers = projection.project(t0 + i * 1ms, in, out)) {
      EXPECT_TRUE(sent.insert(unwrapper.unwrap(numbers->sequence)).second) << i;
    }
  }
  EXPECT_GT(sent.size(), 10000u);
}

}  // namespace
}  // namespace conclave::sfu
