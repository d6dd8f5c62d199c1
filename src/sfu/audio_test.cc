// What becomes of audio between two endpoints: silence, the loudest, redundancy.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sfu/counters.h"
#include "sfu/limits.h"
#include "sfu/test_peer.h"

namespace conclave::sfu {
namespace {

using testing::Datagram;
using testing::Peer;
using testing::World;

constexpr std::uint8_t kOpus = 111;
constexpr std::uint8_t kRed = 112;

MediaDescription with_red() {
  MediaDescription media = testing::usual_media();
  media.payload_types.push_back({.id = kRed, .codec = "red", .clock_rate = 48000, .associated = {}});
  return media;
}

Datagram packet(std::uint32_t ssrc, std::uint16_t sequence, std::uint8_t level, std::uint8_t type, std::initializer_list<int> payload) {
  Datagram result(200);
  ByteWriter writer{MutableBytes(result)};
  const auto value = std::byte{level};
  const rtp::Extension elements[] = {{1, Bytes(&value, 1)}};
  rtp::write_header(writer, {.payload_type = type, .sequence = sequence, .timestamp = sequence * 960u, .ssrc = ssrc}, elements);
  for (const int byte : payload) writer.u8(static_cast<std::uint8_t>(byte));
  result.resize(writer.position());
  return result;
}

struct Meeting {
  explicit Meeting(SfuOptions options = {}) : world(std::move(options)) {
    speaker.connect(with_red());
    listener.connect(testing::usual_media());
    (void)world.conference->set_sources("aaaa", {{.name = "aaaa-a0", .kind = MediaKind::Audio, .ssrcs = {0x50}, .rtx = {}}});
    world.advance(20ms);
  }
  void say(std::uint16_t sequence, std::uint8_t level) { speaker.send_rtp(packet(0x50, sequence, level, kOpus, {1, 2, 3})); }
  std::vector<std::uint16_t> heard(const Peer& by) const {
    std::vector<std::uint16_t> result;
    for (const Datagram& d : by.rtp) result.push_back(rtp::Header::parse(d)->sequence);
    return result;
  }

  World world;
  Peer speaker{world, "aaaa", 5001};
  Peer listener{world, "bbbb", 5002};
};

TEST(Audio, SilenceEndsAfterAFewPacketsAndLeavesNoHole) {
  Meeting m;
  m.say(1, 20);
  for (std::uint16_t i = 2; i < 20; ++i) m.say(i, 127);
  m.say(20, 20);
  EXPECT_THAT(m.heard(m.listener), ::testing::ElementsAre(1, 2, 3, 4, 5, 6));
  EXPECT_EQ(m.world.sfu->counters().silence.value(), 18u - kSilentPackets);
}

TEST(Audio, WhereOnlyTheLoudestAreHeardOthersAreNotAndLeaveNoHole) {
  Meeting m({.advertised = {}, .loudest_speakers = 1});
  Peer other(m.world, "cccc", 5003);
  other.connect();
  (void)m.world.conference->set_sources("cccc", {{.name = "cccc-a0", .kind = MediaKind::Audio, .ssrcs = {0x60}, .rtx = {}}});
  m.world.advance(400ms);
  m.listener.forget();
  // The first one becomes dominant, who is always heard; the second takes the place, the third finds none.
  for (std::uint16_t i = 0; i < 20; ++i) m.say(i, 30), m.world.advance(20ms);
  EXPECT_EQ(m.listener.rtp.size(), 20u);
  m.listener.forget();
  m.say(20, 30);
  other.send_rtp(packet(0x60, 1, 40, kOpus, {1, 2}));
  EXPECT_EQ(m.listener.rtp.size(), 1u);
  EXPECT_EQ(m.world.sfu->counters().not_loudest.value(), 1u);
  other.send_rtp(packet(0x60, 2, 10, kOpus, {1, 2}));  // clearly louder
  m.say(21, 30);                                       // and dominant still
  EXPECT_EQ(m.listener.rtp.size(), 3u);
}

TEST(Audio, RedundancyIsTakenOffForWhoDoesNotKnowIt) {
  Meeting m;
  Peer modern(m.world, "cccc", 5003);
  modern.connect(with_red());
  m.listener.forget();
  m.speaker.send_rtp(packet(0x50, 7, 20, kRed, {0x80 | kOpus, 0x0f, 0x00, 0x02, kOpus, 1, 2, 3, 4, 5}));
  ASSERT_EQ(m.listener.rtp.size(), 1u);
  const auto plain = *rtp::Header::parse(m.listener.rtp[0]);
  EXPECT_EQ(plain.payload_type, kOpus);
  EXPECT_EQ(plain.sequence, 7);
  EXPECT_EQ(rtp::payload_of(m.listener.rtp[0], plain)->size(), 3u);
  ASSERT_EQ(modern.rtp.size(), 1u);
  EXPECT_EQ(rtp::Header::parse(modern.rtp[0])->payload_type, kRed);
  // What does not look like it, as when it is encrypted end to end, is not guessed at.
  m.listener.forget();
  m.speaker.send_rtp(packet(0x50, 8, 20, kRed, {0xef, 0x13, 0x57, 0x9b, 0xdf, 1, 2}));
  EXPECT_TRUE(m.listener.rtp.empty());
  EXPECT_EQ(modern.rtp.size(), 2u);
}

}  // namespace
}  // namespace conclave::sfu
