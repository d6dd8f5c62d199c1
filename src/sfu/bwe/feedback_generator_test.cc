#include "sfu/bwe/feedback_generator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "sfu/rtp/rtcp.h"

namespace conclave::bwe {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr TimePoint t0 = TimePoint(std::chrono::hours(1));

struct Status {
  std::uint16_t sequence;
  bool received;
  friend bool operator==(const Status&, const Status&) = default;
};

std::vector<Status> feedback_at(FeedbackGenerator& generator, TimePoint now, int* packets = nullptr) {
  std::vector<Status> result;
  for (;;) {
    std::array<std::byte, 1500> buffer;
    ByteWriter writer(buffer);
    if (!generator.write(now, writer, 1, 2)) return result;
    EXPECT_TRUE(writer.ok());
    EXPECT_LE(writer.position(), 1200u);
    if (packets != nullptr) ++*packets;
    rtp::RtcpReader reader(writer.written());
    const auto feedback = rtp::parse_transport_feedback(rtp::parse_feedback(*reader.next())->control);
    EXPECT_TRUE(rtp::for_each_status(*feedback, [&](std::uint16_t s, auto t) { result.push_back({s, t.has_value()}); }));
  }
}

TEST(FeedbackGenerator, ReportsEveryHundredMilliseconds) {
  FeedbackGenerator generator;
  generator.received(t0, 65535, false);
  generator.received(t0 + 10ms, 1, false);
  EXPECT_EQ(generator.deadline(), t0 + 100ms);
  EXPECT_THAT(feedback_at(generator, t0 + 99ms), IsEmpty());
  EXPECT_THAT(feedback_at(generator, t0 + 100ms), ElementsAre(Status{65535, true}, Status{0, false}, Status{1, true}));
  EXPECT_EQ(generator.deadline(), std::nullopt);
  EXPECT_THAT(feedback_at(generator, t0 + 300ms), IsEmpty());
}

TEST(FeedbackGenerator, ReportsSoonerAtTheEndOfAFrame) {
  FeedbackGenerator generator;
  generator.received(t0, 1, true);
  EXPECT_EQ(generator.deadline(), t0 + 20ms);
  generator.received(t0 + 25ms, 2, true);
  EXPECT_THAT(feedback_at(generator, t0 + 25ms), ElementsAre(Status{1, true}, Status{2, true}));
}

TEST(FeedbackGenerator, ReportsALatePacketWithWhatFollowedIt) {
  FeedbackGenerator generator;
  generator.received(t0, 1, false);
  generator.received(t0, 3, false);
  feedback_at(generator, t0 + 100ms);
  generator.received(t0 + 110ms, 2, false);
  EXPECT_THAT(feedback_at(generator, t0 + 200ms), ElementsAre(Status{2, true}, Status{3, true}));
}

TEST(FeedbackGenerator, SplitsALongReportAndForgetsBeyondItsWindow) {
  FeedbackGenerator generator;
  for (int i = 0; i < 3000; ++i) generator.received(t0 + std::chrono::microseconds(i * 20), static_cast<std::uint16_t>(i), false);
  int packets = 0;
  const auto statuses = feedback_at(generator, t0 + 100ms, &packets);
  EXPECT_EQ(statuses.size(), kFeedbackWindow);
  EXPECT_EQ(packets, 3);
  EXPECT_EQ(statuses.back(), (Status{2999, true}));
}

TEST(FeedbackGenerator, SkipsAStretchOfWhichNothingArrived) {
  FeedbackGenerator generator;
  generator.received(t0, 0, false);
  generator.received(t0 + 1ms, 900, false);
  const auto statuses = feedback_at(generator, t0 + 100ms);
  EXPECT_EQ(statuses.front(), (Status{0, true}));
  EXPECT_EQ(statuses.back(), (Status{900, true}));
}

}  // namespace
}  // namespace conclave::bwe
