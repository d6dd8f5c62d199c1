#include "sfu/allocation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace conclave::sfu {
namespace {

using ::testing::ElementsAre;

constexpr TimePoint t0 = TimePoint(std::chrono::hours(1));

Layers simulcast() {
  Layers layers(3);
  for (std::size_t i = 0; i < 3; ++i) layers.received(t0, i, 0);
  return layers;
}

TEST(Layers, ChoosesTheHighestActiveEncodingWithinTheHeight) {
  const Layers layers = simulcast();
  EXPECT_EQ(layers.choose(kUnlimitedHeight), 2);
  EXPECT_EQ(layers.choose(720), 2);
  EXPECT_EQ(layers.choose(719), 1);
  EXPECT_EQ(layers.choose(180), 0);
  EXPECT_EQ(layers.choose(90), 0);  // the lowest is better than nothing
  EXPECT_EQ(layers.choose(0), kNoEncoding);
}

TEST(Layers, BelievesWhatItMeasures) {
  Layers layers = simulcast();
  EXPECT_TRUE(layers.received(t0, 2, 1080));
  EXPECT_FALSE(layers.received(t0, 2, 1080));
  EXPECT_EQ(layers.choose(720), 1);
}

TEST(Layers, AnSvcStreamIsOneEncodingWhateverItsHeight) {
  Layers layers(3);
  layers.received(t0, 0, 720);  // the other two are announced and silent
  EXPECT_EQ(layers.choose(180), 0);
  EXPECT_EQ(layers.choose(720), 0);
}

TEST(Layers, FallsSilentOnlyWhileOthersAreSent) {
  Layers layers = simulcast();
  layers.received(t0 + 1s, 0, 0);
  EXPECT_FALSE(layers.expire());
  layers.received(t0 + kEncodingIdle, 0, 0);
  EXPECT_TRUE(layers.expire());
  EXPECT_EQ(layers.choose(720), 0);
  // A pause of the whole source changes nothing, however long.
  EXPECT_FALSE(layers.expire());
}

class Allocation : public ::testing::Test {
 protected:
  std::vector<int> heights(const ReceiverConstraints& constraints) {
    allocate(constraints, sources);
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
  EXPECT_EQ(sources[0].encoding, 0);
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

}  // namespace
}  // namespace conclave::sfu
