// What operators are shown of running conferences: rates, loss, jitter, who sends.
#include "sfu/statistics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "sfu/counters.h"
#include "sfu/test_peer.h"

namespace conclave::sfu {
namespace {

using nlohmann::json;
using testing::Datagram;
using testing::Peer;
using testing::World;

constexpr std::uint32_t kSsrc = 0x50;

Datagram audio(std::uint16_t sequence) {
  Datagram packet(200);
  ByteWriter writer{MutableBytes(packet)};
  rtp::write_header(writer, {.payload_type = 111, .sequence = sequence, .timestamp = sequence * 960u, .ssrc = kSsrc},
                    {});
  writer.fill(100, std::byte{0x55});
  packet.resize(writer.position());
  return packet;
}

class StatisticsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    a.connect();
    b.connect();
    world.conference->set_sources(
        "aaaa",
        {{.name = "aaaa-a0", .kind = MediaKind::Audio, .video_type = VideoType::None, .ssrcs = {kSsrc}, .rtx = {}}});
    world.advance(20ms);
  }
  // Fifty packets a second, of which each fourth is lost on the way.
  void speak(int seconds) {
    for (int i = 0; i < seconds * 50; ++i) {
      if (++sequence % 4 != 0) a.send_rtp(audio(sequence));
      world.advance(20ms);
    }
  }
  json endpoint(std::size_t i) const { return json::parse(world.conference->debug_state())["endpoints"][i]; }

  World world;
  Peer a{world, "aaaa", 5001};
  Peer b{world, "bbbb", 5002};
  std::uint16_t sequence = 0;
};

TEST_F(StatisticsTest, LossRateAndWhoSends) {
  speak(4);
  const Statistics now = world.sfu->statistics();
  EXPECT_EQ(now.conferences, 1u);
  EXPECT_EQ(now.endpoints, 2u);
  EXPECT_EQ(now.largest_conference, 2u);
  EXPECT_EQ(now.sending_audio, 1u);
  EXPECT_EQ(now.sending_video, 0u);
  EXPECT_EQ(now.sending_nothing, 1u);
  EXPECT_EQ(now.silent_conferences, 0u);
  EXPECT_NEAR(now.loss_in(), 0.25, 0.05);
  EXPECT_NEAR(now.packets_per_second_in, 40, 10);
  EXPECT_NEAR(now.bps_in, 37.5 * 128 * 8, 0.2 * 37.5 * 128 * 8);
  EXPECT_GT(now.bps_out, 0.8 * 37.5 * 128 * 8);
}

TEST_F(StatisticsTest, TheRoomsStateHasLossJitterAndRatesOfEachEndpoint) {
  speak(4);
  const json speaker = endpoint(0);
  EXPECT_EQ(speaker["id"], "aaaa");
  EXPECT_EQ(speaker["transport"], "connected");
  const json encoding = speaker["sources"][0]["encodings"][0];
  EXPECT_NEAR(encoding["loss"].get<double>(), 0.25, 0.05);
  EXPECT_LT(encoding["jitter_ms"].get<double>(), 1.0);
  EXPECT_EQ(encoding["active"], true);
  EXPECT_NEAR(speaker["in"]["packets_per_second"].get<double>(), 37.5, 2);
  EXPECT_NEAR(speaker["in"]["bps"].get<double>(), 37.5 * 128 * 8, 3000);
  EXPECT_EQ(speaker["out"]["packets"], 0);
  const json listener = endpoint(1);
  EXPECT_EQ(listener["in"]["packets"], 0);
  EXPECT_EQ(listener["out"]["packets"], speaker["in"]["packets"]);
  EXPECT_NEAR(listener["out"]["packets_per_second"].get<double>(), 37.5, 2);
  EXPECT_EQ(listener["round_trip_ms"], nullptr) << "nothing was measured yet";
  EXPECT_EQ(world.conference->debug_state().find(a.local.channel_password), std::string::npos);
}

TEST_F(StatisticsTest, UnevenArrivalIsJitter) {
  for (int i = 0; i < 100; ++i) {
    a.send_rtp(audio(++sequence));
    world.advance(i % 2 == 0 ? 10ms : 30ms);
  }
  EXPECT_NEAR(endpoint(0)["sources"][0]["encodings"][0]["jitter_ms"].get<double>(), 10, 1);
}

TEST_F(StatisticsTest, WhatTheReceiverReportsLostIsLossOut) {
  speak(2);
  Datagram report(200);
  ByteWriter writer{MutableBytes(report)};
  rtp::write_receiver_report(writer, 1, std::array{rtp::ReportBlock{.ssrc = kSsrc, .fraction_lost = 64}});
  report.resize(writer.position());
  b.send_rtcp(report);
  EXPECT_NEAR(world.sfu->statistics().loss_out(), 0.25, 0.01);
  EXPECT_EQ(world.sfu->statistics().losing, 1u);
  EXPECT_EQ(endpoint(1)["loss"], 0.25);
}

TEST_F(StatisticsTest, APairThatSendsNothingHereTalksDirectly) {
  speak(1);
  world.advance(2s);
  const Statistics now = world.sfu->statistics();
  EXPECT_EQ(now.silent_pairs, 1u);
  EXPECT_EQ(now.endpoints_in_silent_conferences, 2u);
  EXPECT_EQ(now.sending_nothing, 2u);
}

TEST_F(StatisticsTest, ConferencesAreCountedWithTheirTime) {
  world.advance(3s);
  world.conference.reset();
  const SfuCounters& counters = world.sfu->counters();
  EXPECT_EQ(counters.conferences_created.value(), 1u);
  EXPECT_EQ(counters.conferences_ended.value(), 1u);
  EXPECT_NEAR(static_cast<double>(counters.conference_milliseconds.value()), 3000, 300);
  EXPECT_EQ(counters.endpoints_created.value(), 2u);
  EXPECT_EQ(counters.ice_connected.value(), 2u);
  EXPECT_EQ(world.sfu->statistics().bps_in, 0);
}

TEST_F(StatisticsTest, AnEndpointWithoutAChannelIsCountedOnce) {
  b.open_channel();
  world.advance(2min, 100ms);
  EXPECT_EQ(world.sfu->counters().channels_missing.value(), 1u);
}

TEST(Statistics, OfSeveralLoopsAreAddedUp) {
  Statistics one{.largest_conference = 3, .endpoints = 5, .expected_in = 10, .lost_in = 1};
  one.add({.largest_conference = 4, .endpoints = 6, .expected_in = 10, .lost_in = 3});
  EXPECT_EQ(one.largest_conference, 4u);
  EXPECT_EQ(one.endpoints, 11u);
  EXPECT_DOUBLE_EQ(one.loss_in(), 0.2);
}

}  // namespace
}  // namespace conclave::sfu
