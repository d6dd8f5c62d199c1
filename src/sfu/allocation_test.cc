#include "sfu/allocation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace conclave::sfu {
namespace {

using ::testing::ElementsAre;

constexpr TimePoint t0 = TimePoint(std::chrono::hours(1));

rtp::FrameStart of_height(std::uint16_t height) {
  rtp::FrameStart frame;
  frame.height = height;
  return frame;
}

// The usual ladder: 150 kbit/s, 500 kbit/s, 2.5 Mbit/s, measured at t0.
constexpr std::int64_t kUsual[] = {150'000, 500'000, 2'500'000};
Layers simulcast(std::span<const std::int64_t> bps = kUsual) {
  Layers layers(bps.size());
  for (TimePoint at = t0 - 1900ms; at <= t0; at += 100ms) {
    for (std::size_t i = 0; i < bps.size(); ++i) layers.received(at, i, {}, static_cast<std::size_t>(bps[i] / 80));
  }
  return layers;
}

TEST(SlidingRate, IsThatOfTheLastTwoSeconds) {
  SlidingRate rate;
  EXPECT_EQ(rate.bps(t0), 0);
  rate.add(t0, 1'000);
  EXPECT_EQ(rate.bps(t0), 16'000);  // as if of half a second
  for (TimePoint at = t0 + 100ms; at < t0 + 10s; at += 100ms) rate.add(at, 1'000);
  EXPECT_EQ(rate.bps(t0 + 9900ms), 80'000);
  EXPECT_EQ(rate.bps(t0 + 10900ms), 40'000);
  EXPECT_EQ(rate.bps(t0 + 12s), 0);
}

std::vector<int> heights_of(const Layers& layers) {
  std::vector<int> result;
  for (const Layer& layer : layers.all(t0)) result.push_back(layer.height);
  return result;
}

TEST(Layers, ListsWhatIsSentWithItsCost) {
  const Layers layers = simulcast();
  EXPECT_THAT(heights_of(layers), ElementsAre(180, 360, 720));
  EXPECT_NEAR(static_cast<double>(layers.all(t0)[2].bps), 2'500'000, 1'000);
  EXPECT_EQ(layers.all(t0)[2].index, LayerIndex(2));
}

TEST(Layers, BelievesWhatItMeasures) {
  Layers layers = simulcast();
  EXPECT_TRUE(layers.received(t0, 2, of_height(1080), 100));
  EXPECT_FALSE(layers.received(t0, 2, of_height(1080), 100));
  EXPECT_THAT(heights_of(layers), ElementsAre(180, 360, 1080));
}

TEST(Layers, AnSvcStreamIsOneEncodingWithLayersThatStandOnEachOther) {
  Layers layers(3);
  for (TimePoint at = t0 - 1900ms; at <= t0; at += 100ms) {
    for (std::uint8_t s = 0; s < 2; ++s) {
      for (std::uint8_t t = 0; t < 2; ++t) {
        rtp::FrameStart frame = of_height(720);
        frame.spatial = s;
        frame.temporal = t;
        layers.received(at, 0, frame, 1'250);  // 100 kbit/s
      }
    }
  }
  const auto all = layers.all(t0);
  ASSERT_EQ(all.size(), 4u);
  EXPECT_EQ(all[0].index, LayerIndex(0, 0, 0));
  EXPECT_EQ(all[0].height, 360);
  EXPECT_EQ(all[0].bps, 100'000);
  EXPECT_EQ(all[1].bps, 200'000);
  EXPECT_EQ(all[2].index, LayerIndex(0, kAllLayers, 0));
  EXPECT_EQ(all[2].bps, 200'000);
  EXPECT_EQ(all[3].index, LayerIndex(0));
  EXPECT_EQ(all[3].bps, 400'000);
  EXPECT_EQ(all[2].fps, 15);
}

TEST(Layers, FallsSilentOnlyWhileOthersAreSent) {
  Layers layers = simulcast();
  layers.received(t0 + 1s, 0, {}, 100);
  EXPECT_FALSE(layers.expire());
  layers.received(t0 + kEncodingIdle, 0, {}, 100);
  EXPECT_TRUE(layers.expire());
  EXPECT_EQ(layers.all(t0 + kEncodingIdle).back().index, LayerIndex(0));
  // A pause of the whole source changes nothing, however long.
  EXPECT_FALSE(layers.expire());
}

class Allocation : public ::testing::Test {
 protected:
  std::vector<int> heights(const ReceiverConstraints& constraints) {
    allocate(t0, constraints, {}, sources);
    std::vector<int> result;
    for (const auto& source : sources) result.push_back(source.max_height);
    return result;
  }
  const Layers layers = simulcast();
  std::vector<AllocationSource> sources = {{.name = "a-v0", .layers = &layers}, {.name = "b-v0", .layers = &layers}, {.name = "c-v0", .layers = &layers}};
};

TEST_F(Allocation, SendsNothingBeforeItIsAskedAndLowByDefaultThen) {
  ReceiverConstraints constraints;
  EXPECT_THAT(heights(constraints), ElementsAre(0, 0, 0));
  constraints.apply({.last_n = -1});
  EXPECT_THAT(heights(constraints), ElementsAre(180, 180, 180));
  EXPECT_EQ(sources[0].layer, LayerIndex(0));
}

TEST_F(Allocation, TakesMessagesAsChanges) {
  ReceiverConstraints constraints;
  constraints.apply({.default_max_height = 180, .constraints = {{{"a-v0", 720}, {"b-v0", 0}}}});
  EXPECT_THAT(heights(constraints), ElementsAre(720, 0, 180));
  constraints.apply({.last_n = 1});
  EXPECT_THAT(heights(constraints), ElementsAre(720, 0, 0));
  constraints.apply({.last_n = -1, .constraints = {{{"c-v0", 360}}}});  // the whole map is replaced
  EXPECT_THAT(heights(constraints), ElementsAre(180, 180, 360));
}

TEST_F(Allocation, LastNCountsStageFirstThenSelectedThenSpeakers) {
  ReceiverConstraints constraints;
  constraints.apply({.last_n = 1, .on_stage = {{"c-v0"}}, .default_max_height = 360});
  EXPECT_THAT(heights(constraints), ElementsAre(0, 0, 360));
  constraints.apply({.last_n = 2, .selected = {{"b-v0"}}});
  EXPECT_THAT(heights(constraints), ElementsAre(0, 360, 360));
  sources[2].enabled = false;  // muted
  EXPECT_THAT(heights(constraints), ElementsAre(360, 360, 0));
}

TEST_F(Allocation, SourcesNotWantedDoNotCountForLastN) {
  ReceiverConstraints constraints;
  constraints.apply({.last_n = 1, .default_max_height = 360, .constraints = {{{"a-v0", 0}}}});
  EXPECT_THAT(heights(constraints), ElementsAre(0, 360, 0));
}

TEST_F(Allocation, IsCutToTheLimitOfForwardedVideos) {
  sources.assign(kMaxForwardedVideos + 5, {.name = "x", .layers = &layers});
  ReceiverConstraints constraints;
  constraints.apply({.default_max_height = 180});
  const auto result = heights(constraints);
  EXPECT_EQ(static_cast<std::size_t>(std::count(result.begin(), result.end(), 180)), kMaxForwardedVideos);
}

// With 720p for all; the encodings that come of that bandwidth.
class Sharing : public Allocation {
 protected:
  void SetUp() override { constraints.apply({.default_max_height = 720}); }
  std::vector<int> encodings(std::int64_t bps, bool may_exceed = true) {
    sums = allocate(t0, constraints, {.bps = bps, .may_exceed = may_exceed}, sources);
    std::vector<int> result;
    for (const auto& source : sources) result.push_back(source.layer.encoding);
    return result;
  }
  void keep() {
    for (auto& source : sources) source.current = source.layer;
  }
  ReceiverConstraints constraints;
  AllocationSums sums;
};

TEST_F(Sharing, GoesRoundALayerAtATime) {
  EXPECT_THAT(encodings(10'000'000), ElementsAre(2, 2, 2));
  EXPECT_THAT(encodings(4'000'000), ElementsAre(2, 1, 1));
  EXPECT_THAT(encodings(1'000'000), ElementsAre(1, 0, 0));
  EXPECT_THAT(encodings(350'000), ElementsAre(0, 0, -1));
  EXPECT_THAT(encodings(100'000), ElementsAre(-1, -1, -1));
  EXPECT_EQ(sums.sent_bps, 0);
  EXPECT_NEAR(static_cast<double>(sums.ideal_bps), 7'500'000, 5'000);
}

TEST_F(Sharing, SaysWhatLimits) {
  constraints.apply({.constraints = {{{"b-v0", 180}, {"c-v0", 0}}}});
  encodings(4'000'000);
  EXPECT_EQ(sources[0].limited_by, LimitedBy::Sender);
  EXPECT_EQ(sources[1].limited_by, LimitedBy::Constraint);
  EXPECT_EQ(sources[2].limited_by, LimitedBy::Constraint);
  encodings(1'000'000);
  EXPECT_EQ(sources[0].limited_by, LimitedBy::Estimate);
  EXPECT_EQ(sources[0].ideal, LayerIndex(2));
  EXPECT_EQ(name(sources[0].limited_by), "by estimate");
}

TEST_F(Sharing, AStageIsServedToTheHeightThatServesBeforeAnyOther) {
  constraints.apply({.on_stage = {{"c-v0"}}});
  EXPECT_THAT(encodings(400'000), ElementsAre(-1, -1, 0));
  EXPECT_THAT(encodings(700'000), ElementsAre(0, -1, 1));
  EXPECT_THAT(encodings(4'000'000), ElementsAre(1, 1, 2));
}

TEST_F(Sharing, AScreenOnStageComesFirstAndMayCostALittleTooMuch) {
  constexpr std::int64_t kScreen[] = {1'200'000};
  const Layers screen = simulcast(kScreen);
  sources[1] = {.name = "b-v1", .is_screen = true, .layers = &screen};
  constraints.apply({.on_stage = {{"a-v0", "b-v1"}}});
  EXPECT_THAT(encodings(800'000), ElementsAre(-1, 0, -1));
  EXPECT_THAT(encodings(800'000, false), ElementsAre(-1, -1, -1));
  EXPECT_THAT(encodings(600'000), ElementsAre(-1, -1, -1));
  EXPECT_THAT(encodings(2'000'000), ElementsAre(1, 0, 0));
}

TEST_F(Sharing, SmallChangesDoNotMakeItFlap) {
  EXPECT_THAT(encodings(3'400'000), ElementsAre(1, 1, 1));  // 3'500'000 and a tenth of the step would do for more
  EXPECT_THAT(encodings(3'800'000), ElementsAre(2, 1, 1));
  keep();
  EXPECT_THAT(encodings(3'480'000), ElementsAre(2, 1, 1));
  EXPECT_THAT(encodings(3'300'000), ElementsAre(1, 1, 1));
}

TEST_F(Sharing, WhatWasTakenAwayLatelyDoesNotComeBackAtOnce) {
  encodings(1'600'000);
  keep();
  for (auto& source : sources) source.held = true;
  EXPECT_THAT(encodings(10'000'000), ElementsAre(1, 1, 1));
  // From nothing to the lowest it does.
  for (auto& source : sources) source.current = LayerIndex();
  EXPECT_THAT(encodings(10'000'000), ElementsAre(0, 0, 0));
}

TEST_F(Sharing, WithoutAnEstimateNothingIsLimited) {
  allocate(t0, constraints, {}, sources);
  for (const auto& source : sources) EXPECT_EQ(source.layer, LayerIndex(2));
}

}  // namespace
}  // namespace conclave::sfu
