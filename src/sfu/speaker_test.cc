#include "sfu/speaker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "base/random.h"

namespace conclave::sfu {
namespace {

using ::testing::ElementsAre;

class Speaking : public ::testing::Test {
 protected:
  // Packets of 20 ms for so long; returns who was dominant at the end.
  SpeakerKey speak(Duration length, std::array<int, 3> loudness) {
    const TimePoint end = now_ + length;
    for (; now_ < end; now_ += 20ms) {
      for (std::size_t i = 0; i < 3; ++i) {
        if (loudness[i] >= 0) activities_[i].heard(now_, static_cast<std::uint8_t>(loudness[i]));
      }
      if (now_ < next_) continue;
      next_ = now_ + 300ms;
      const DominantSpeaker::Candidate candidates[] = {{1, &activities_[0]}, {2, &activities_[1]}, {3, &activities_[2]}};
      changes += speaker.evaluate(now_, candidates) ? 1 : 0;
    }
    return speaker.any() ? speaker.recent().front() : 0;
  }
  DominantSpeaker speaker;
  int changes = 0;

 private:
  std::array<SpeakerActivity, 3> activities_;
  TimePoint now_ = TimePoint(std::chrono::hours(1));
  TimePoint next_ = now_;
};

TEST_F(Speaking, NobodyIsDominantBeforeAnybodyIsHeard) {
  EXPECT_EQ(speak(1s, {-1, -1, -1}), 0u);
  EXPECT_EQ(speak(1s, {-1, 90, -1}), 2u);
}

TEST_F(Speaking, TakesOverAfterASentenceAndNotAfterACough) {
  EXPECT_EQ(speak(3s, {100, 0, 0}), 1u);
  EXPECT_EQ(speak(60ms, {100, 110, 0}), 1u);
  EXPECT_EQ(speak(2s, {0, 100, 0}), 2u);
  EXPECT_THAT(speaker.recent(), ElementsAre(2u, 1u));
}

TEST_F(Speaking, StaysWithWhoSpeaksWhileSomebodyElseIsLouderForAMoment) {
  speak(5s, {95, 0, 0});
  const int before = changes;
  EXPECT_EQ(speak(3s, {95, 30, 0}), 1u);  // noise
  EXPECT_EQ(changes, before);
}

TEST_F(Speaking, SilenceOfAllChangesNothing) {
  speak(3s, {0, 100, 0});
  EXPECT_EQ(speak(30s, {0, 0, 0}), 2u);
}

TEST_F(Speaking, TheOneWhoLeavesIsForgotten) {
  speak(3s, {100, 0, 0});
  speak(3s, {0, 100, 0});
  EXPECT_TRUE(speaker.remove(2));
  EXPECT_FALSE(speaker.any());
  EXPECT_THAT(speaker.recent(), ElementsAre(1u));
  EXPECT_FALSE(speaker.remove(7));
}

}  // namespace
}  // namespace conclave::sfu
