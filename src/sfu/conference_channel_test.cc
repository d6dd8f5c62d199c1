// What endpoints and the SFU tell each other: bridge channels, dominant speaker, who is silent.
#include "sfu/test_conference.h"

namespace conclave::sfu {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST_F(ConferenceTest, WhoSpeaksBecomesDominantAndEverybodyHearsOfIt) {
  join_two();
  world.conference->set_sources("bbbb", {microphone("bbbb-a0", 0x60)});
  b.open_channel();
  b.writer.messages.clear();
  const auto speak = [&](std::uint8_t level_a, std::uint8_t level_b, std::uint16_t from) {
    for (std::uint16_t i = 0; i < 150; ++i) {
      a.send_rtp(audio(0x50, static_cast<std::uint16_t>(from + i), level_a));
      b.send_rtp(audio(0x60, static_cast<std::uint16_t>(from + i), level_b));
      world.advance(20ms);
    }
  };
  speak(20, 127, 0);
  EXPECT_EQ(world.listener.dominant.back(), "aaaa");
  speak(127, 20, 150);
  EXPECT_EQ(world.listener.dominant.back(), "bbbb");
  EXPECT_THAT(b.writer.take("DominantSpeakerEndpointChangeEvent").back(), HasSubstr(R"("dominantSpeakerEndpoint":"bbbb","previousSpeakers":["aaaa"])"));
}

TEST_F(ConferenceTest, TellsReceiversWhatTheyGetAndSendersWhatIsWanted) {
  join_two();
  a.open_channel();
  EXPECT_THAT(a.writer.take("ServerHello"), SizeIs(1));
  b.open_channel();
  b.writer.messages.clear();
  b.say(kWantsHigh);
  EXPECT_THAT(b.writer.take("ForwardedSources"), ElementsAre(R"({"colibriClass":"ForwardedSources","forwardedSources":["aaaa-v0"]})"));
  EXPECT_THAT(a.writer.take("SenderSourceConstraints"),
              ElementsAre(R"({"colibriClass":"SenderSourceConstraints","maxHeight":720,"sourceName":"aaaa-v0"})"));
  b.say(R"({"colibriClass":"ReceiverVideoConstraints","lastN":0})");
  EXPECT_THAT(b.writer.take("ForwardedSources"), ElementsAre(R"({"colibriClass":"ForwardedSources","forwardedSources":[]})"));
  EXPECT_THAT(a.writer.take("SenderSourceConstraints"),
              ElementsAre(R"({"colibriClass":"SenderSourceConstraints","maxHeight":0,"sourceName":"aaaa-v0"})"));
  b.say(R"({"colibriClass":"LastNChangedEvent","lastN":5})");
  EXPECT_THAT(b.writer.take("ForwardedSources"), SizeIs(1));
  // Muted by its sender: not allocated.
  a.say(R"({"colibriClass":"SourceVideoTypeMessage","sourceName":"aaaa-v0","videoType":"none"})");
  EXPECT_THAT(b.writer.take("ForwardedSources"), ElementsAre(R"({"colibriClass":"ForwardedSources","forwardedSources":[]})"));
  // The signalling does not undo it.
  world.conference->set_sources("aaaa", {camera("aaaa-v0", {0x100, 0x101, 0x102}, {0x200, 0x201, 0x202})});
  world.advance(20ms);
  EXPECT_THAT(b.writer.take("ForwardedSources"), IsEmpty());
}

TEST_F(ConferenceTest, MessagesBetweenEndpointsCarryTheTrueSender) {
  join_two();
  a.open_channel();
  b.open_channel();
  b.writer.messages.clear();
  a.say(R"({"colibriClass":"EndpointMessage","to":"bbbb","from":"mallory","msgPayload":{"x":1},"extra":true})");
  ASSERT_THAT(b.writer.messages, SizeIs(1));
  EXPECT_EQ(b.writer.messages[0], R"({"colibriClass":"EndpointMessage","extra":true,"from":"aaaa","msgPayload":{"x":1},"to":"bbbb"})");
  a.writer.messages.clear();
  a.say(R"({"colibriClass":"EndpointMessage","to":"","msgPayload":{}})");
  EXPECT_THAT(b.writer.messages, SizeIs(2));
  EXPECT_THAT(a.writer.messages, IsEmpty());  // no echo
  a.say(R"({"colibriClass":"EndpointStats","bitrate":5})");
  EXPECT_EQ(b.writer.messages.back(), R"({"bitrate":5,"colibriClass":"EndpointStats","from":"aaaa"})");
}

TEST_F(ConferenceTest, ChannelsAreGuardedByTheirPasswordAndReplaced) {
  join_two();
  EXPECT_TRUE(world.sfu->would_open_channel(a.local.channel_conference, "aaaa", a.local.channel_password));
  EXPECT_FALSE(world.sfu->would_open_channel(a.local.channel_conference, "aaaa", b.local.channel_password));
  EXPECT_FALSE(world.sfu->would_open_channel("elsewhere", "aaaa", a.local.channel_password));
  testing::Writer first;
  testing::Writer second;
  auto one = world.sfu->open_channel(a.local.channel_conference, "aaaa", a.local.channel_password, first);
  auto two = world.sfu->open_channel(a.local.channel_conference, "aaaa", a.local.channel_password, second);
  EXPECT_EQ(first.closed, "1000 replaced");
  second.messages.clear();
  one.reset();  // the old socket's end does not touch the new one
  two->message(R"({"colibriClass":"ClientHello"})");
  EXPECT_THAT(second.messages, SizeIs(1));
  world.conference->remove_endpoint("aaaa");
  EXPECT_EQ(second.closed, "1001 endpoint closed");
  two->message(R"({"colibriClass":"ClientHello"})");
  EXPECT_THAT(second.messages, SizeIs(1));
}

TEST_F(ConferenceTest, ChannelMessagesAreLimitedInSizeAndRate) {
  join_two();
  a.open_channel();
  a.channel->message(std::string(kMaxChannelMessageBytes + 1, ' '));
  EXPECT_EQ(world.sfu->counters().channel_oversized.value(), 1u);
  for (int i = 0; i < 1000; ++i) a.channel->message("nonsense");
  EXPECT_EQ(world.sfu->counters().channel_malformed.value(), 200u);
  EXPECT_EQ(world.sfu->counters().channel_too_fast.value(), 800u);
  world.advance(1s);
  a.channel->message("nonsense");
  EXPECT_EQ(world.sfu->counters().channel_malformed.value(), 201u);
}

TEST_F(ConferenceTest, SilenceMakesAnEndpointInactiveAndTrafficActiveAgain) {
  join_two();
  b.open_channel();
  b.writer.messages.clear();
  a.frozen = true;
  Datagram report(8);
  ByteWriter writer{MutableBytes(report)};
  rtp::write_receiver_report(writer, 1, {});
  for (int i = 0; i < 12; ++i) {
    world.advance(1s, 100ms);
    b.send_rtcp(report);
  }
  EXPECT_THAT(b.writer.take("EndpointConnectivityStatusChangeEvent"),
              ElementsAre(R"({"active":"false","colibriClass":"EndpointConnectivityStatusChangeEvent","endpoint":"aaaa"})"));
  a.frozen = false;
  a.send_rtp(audio(0x50, 1, 10));
  world.advance(1s, 100ms);
  EXPECT_THAT(b.writer.take("EndpointConnectivityStatusChangeEvent"), SizeIs(1));
}

}  // namespace
}  // namespace conclave::sfu
