#include "sfu/bridge_channel.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sfu/limits.h"

namespace conclave::sfu {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;
using ::testing::SizeIs;

template <class T>
T parsed(std::string_view text) {
  auto message = parse_channel_message(text, "77be20d3");
  EXPECT_TRUE(message) << text;
  EXPECT_TRUE(std::holds_alternative<T>(*message)) << text;
  return std::get<T>(*message);
}

ChannelError refused(std::string_view text) {
  const auto message = parse_channel_message(text, "77be20d3");
  EXPECT_FALSE(message) << text;
  return message ? ChannelError::Unknown : message.error();
}

TEST(BridgeChannel, ReadsTheConstraintsOfTheReference) {
  const auto change = parsed<ConstraintsChange>(
      R"({"colibriClass":"ReceiverVideoConstraints","lastN":20,"onStageSources":["77be20d3-v0"],"selectedSources":[],
          "defaultConstraints":{"maxHeight":180},"constraints":{"77be20d3-v0":{"maxHeight":720,"maxFrameRate":30}},"assumedBandwidthBps":-1})");
  EXPECT_EQ(change.last_n, 20);
  EXPECT_THAT(*change.on_stage, ElementsAre("77be20d3-v0"));
  EXPECT_THAT(*change.selected, SizeIs(0));
  EXPECT_EQ(change.default_max_height, 180);
  EXPECT_THAT(*change.constraints, ElementsAre(Pair("77be20d3-v0", 720)));
}

TEST(BridgeChannel, LeavesMissingFieldsUnchanged) {
  const auto change = parsed<ConstraintsChange>(R"({"colibriClass":"ReceiverVideoConstraints"})");
  EXPECT_FALSE(change.last_n || change.on_stage || change.selected || change.default_max_height || change.constraints);
}

TEST(BridgeChannel, ReadsVideoTypesInAnyCase) {
  EXPECT_EQ(parsed<VideoTypeChange>(R"({"colibriClass":"SourceVideoTypeMessage","sourceName":"a-v1","videoType":"DESKTOP_HIGH_FPS"})").type,
            VideoType::DesktopHighFps);
  EXPECT_EQ(parsed<VideoTypeChange>(R"({"colibriClass":"VideoTypeMessage","videoType":"none"})").source, "");
}

TEST(BridgeChannel, RefusesWhatIsMalformed) {
  for (const std::string_view text :
       {"", "null", "[]", "5", "{", R"({"colibriClass":5})", R"({"noClass":1})", R"({"colibriClass":"EndpointMessage","to":"x"})",
        R"({"colibriClass":"EndpointMessage","to":"x","msgPayload":"text"})", R"({"colibriClass":"EndpointMessage","to":1,"msgPayload":{}})",
        R"({"colibriClass":"ReceiverVideoConstraints","lastN":"3"})", R"({"colibriClass":"ReceiverVideoConstraints","constraints":[]})",
        R"({"colibriClass":"ReceiverVideoConstraints","constraints":{"a":7}})",
        R"({"colibriClass":"ReceiverVideoConstraints","defaultConstraints":{"maxHeight":1e300}})",
        R"({"colibriClass":"ReceiverVideoConstraints","onStageSources":[1]})", R"({"colibriClass":"LastNChangedEvent"})",
        R"({"colibriClass":"SourceVideoTypeMessage","videoType":"camera"})", R"({"colibriClass":"SourceVideoTypeMessage","sourceName":"a","videoType":"hologram"})",
        "{\"colibriClass\":\"EndpointStats\",\"x\":\"\xff\"}"}) {
    EXPECT_EQ(refused(text), ChannelError::Malformed) << text;
  }
  EXPECT_EQ(refused(R"({"colibriClass":"Teleport"})"), ChannelError::Unknown);
}

TEST(BridgeChannel, RefusesDeepNestingBeforeBuildingIt) {
  const std::string deep = R"({"colibriClass":"EndpointStats","x":)" + std::string(100000, '[');
  EXPECT_EQ(refused(deep), ChannelError::TooDeep);
  std::string fits = R"({"colibriClass":"EndpointStats","x":)" + std::string(kMaxChannelDepth - 1, '[') + std::string(kMaxChannelDepth - 1, ']') + "}";
  parsed<RelayedStats>(fits);
  parsed<RelayedStats>(R"({"colibriClass":"EndpointStats","x":"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\"[[["})");  // in a string it is text
}

TEST(BridgeChannel, IgnoresNamesBeyondTheLimit) {
  std::string text = R"({"colibriClass":"ReceiverVideoConstraints","selectedSources":[)";
  for (std::size_t i = 0; i < kMaxSelectedNames + 10; ++i) text += (i == 0 ? "\"n" : ",\"n") + std::to_string(i) + "\"";
  EXPECT_THAT(*parsed<ConstraintsChange>(text + "]}").selected, SizeIs(kMaxSelectedNames));
}

TEST(BridgeChannel, CutsNumbersToWhatTheyMean) {
  EXPECT_EQ(parsed<LastNChange>(R"({"colibriClass":"LastNChangedEvent","lastN":-7})").last_n, -1);
  EXPECT_EQ(parsed<LastNChange>(R"({"colibriClass":"LastNChangedEvent","lastN":18446744073709551615})").last_n, -1);
}

TEST(BridgeChannel, WritesWhatTheReferenceShows) {
  const std::string recent[] = {"77be20d3", "a4c01f9e"};
  EXPECT_EQ(dominant_speaker_message(recent),
            R"({"colibriClass":"DominantSpeakerEndpointChangeEvent","dominantSpeakerEndpoint":"77be20d3","previousSpeakers":["a4c01f9e"],"silence":false})");
  EXPECT_EQ(connectivity_message("a4c01f9e", false), R"({"active":"false","colibriClass":"EndpointConnectivityStatusChangeEvent","endpoint":"a4c01f9e"})");
  EXPECT_EQ(sender_constraints_message("a-v0", -1), R"({"colibriClass":"SenderSourceConstraints","maxHeight":-1,"sourceName":"a-v0"})");
}

}  // namespace
}  // namespace conclave::sfu
