#include "xmpp/stream_management.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>

namespace conclave::xmpp {
namespace {

using Ack = StreamManagement::Ack;

StreamManagement enabled() {
  StreamManagement management;
  management.enable("00secret");
  return management;
}

void send(StreamManagement& management, int count) {
  for (int i = 0; i < count; ++i) ASSERT_TRUE(management.sent("<message/>"));
}

TEST(ResumptionId, NamesItsLoopAndFitsIntoAUrl) {
  SeededRandom random(1);
  for (const std::uint32_t loop : {0u, 1u, 61u, 62u, kMaxLoops - 1}) {
    const std::string id = make_resumption_id(LoopId{loop}, random);
    // [\w-]+ is what clients splice into their address.
    EXPECT_TRUE(std::all_of(id.begin(), id.end(), [](unsigned char c) { return std::isalnum(c); })) << id;
    EXPECT_EQ(loop_of_resumption_id(id), LoopId{loop});
  }
}

TEST(ResumptionId, IsNotWhatAnotherProgramMade) {
  EXPECT_EQ(loop_of_resumption_id(""), std::nullopt);
  EXPECT_EQ(loop_of_resumption_id("0123456789"), std::nullopt);
  EXPECT_EQ(loop_of_resumption_id(std::string(34, '-')), std::nullopt);
}

TEST(StreamManagement, CountsOnlyOnceItIsEnabled) {
  StreamManagement management;
  management.count_received();
  ASSERT_TRUE(management.sent("<message/>"));
  management.enable("00x");
  EXPECT_EQ(management.received(), 0u);
  EXPECT_EQ(management.sent_count(), 0u);
  management.count_received();
  EXPECT_EQ(management.received(), 1u);
}

TEST(StreamManagement, ForgetsWhatTheClientAcknowledged) {
  StreamManagement management = enabled();
  ASSERT_TRUE(management.sent("a"));
  ASSERT_TRUE(management.sent("b"));
  ASSERT_TRUE(management.sent("c"));
  EXPECT_EQ(management.acknowledged(2), Ack::Fine);
  EXPECT_EQ(management.unacked(), std::deque<std::string>{"c"});
}

TEST(StreamManagement, NoticesThatMoreWasAcknowledgedThanSent) {
  StreamManagement management = enabled();
  send(management, 2);
  EXPECT_EQ(management.acknowledged(3), Ack::TooHigh);
}

TEST(StreamManagement, IgnoresAnAcknowledgementThatGoesBackwards) {
  StreamManagement management = enabled();
  send(management, 3);
  EXPECT_EQ(management.acknowledged(2), Ack::Fine);
  EXPECT_EQ(management.acknowledged(1), Ack::Fine);
  EXPECT_EQ(management.unacked().size(), 1u);
}

TEST(StreamManagement, AsksAfterFiveStanzasAndNotAgainBeforeAnAnswer) {
  StreamManagement management = enabled();
  send(management, 4);
  EXPECT_FALSE(management.take_request());
  send(management, 1);
  EXPECT_TRUE(management.take_request());
  send(management, 20);
  EXPECT_FALSE(management.take_request());
  EXPECT_EQ(management.acknowledged(5), Ack::Fine);
  EXPECT_TRUE(management.take_request());
}

// Otherwise a client that repeats an old h would be asked for ever.
TEST(StreamManagement, DoesNotAskAgainJustBecauseAnAnswerWasOld) {
  StreamManagement management = enabled();
  send(management, 10);
  EXPECT_TRUE(management.take_request());
  EXPECT_EQ(management.acknowledged(0), Ack::Fine);
  EXPECT_FALSE(management.take_request());
}

TEST(StreamManagement, AsksAgainOnANewConnection) {
  StreamManagement management = enabled();
  send(management, 5);
  EXPECT_TRUE(management.take_request());
  management.moved();
  EXPECT_TRUE(management.take_request());
}

TEST(StreamManagement, KeepsAtMostSoManyStanzas) {
  StreamManagement management = enabled();
  send(management, kMaxUnackedStanzas);
  EXPECT_FALSE(management.sent("<message/>"));
  EXPECT_EQ(management.acknowledged(1), Ack::Fine);
  EXPECT_TRUE(management.sent("<message/>"));
}

TEST(StreamManagement, KeepsAtMostSoManyBytes) {
  StreamManagement management = enabled();
  const std::string half(kMaxUnackedBytes / 2, 'x');
  EXPECT_TRUE(management.sent(half));
  EXPECT_TRUE(management.sent(half));
  EXPECT_FALSE(management.sent("x"));
}

}  // namespace
}  // namespace conclave::xmpp
