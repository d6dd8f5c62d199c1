// SSRC rewriting as a receiver sees it: maps on the bridge channel, and packets under the SSRCs that they name.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "sfu/counters.h"
#include "sfu/test_peer.h"

namespace conclave::sfu {
namespace {

using Json = nlohmann::json;
using testing::Datagram;
using testing::Peer;
using testing::World;
using ::testing::IsEmpty;
using ::testing::SizeIs;

Datagram audio(std::uint32_t ssrc, std::uint16_t sequence, std::uint8_t level) {
  Datagram packet(100);
  ByteWriter writer{MutableBytes(packet)};
  const auto value = std::byte{level};
  const rtp::Extension elements[] = {{1, Bytes(&value, 1)}};
  rtp::write_header(writer, {.payload_type = 111, .sequence = sequence, .timestamp = sequence * 960u, .ssrc = ssrc}, elements);
  writer.fill(40, std::byte{0x55});
  packet.resize(writer.position());
  return packet;
}

// A VP8 frame in one packet, with a dependency descriptor.
Datagram video(std::uint32_t ssrc, std::uint16_t sequence, bool key, std::uint16_t frame) {
  Datagram packet(200);
  ByteWriter writer{MutableBytes(packet)};
  const std::array<std::byte, 3> descriptor{std::byte{0xc0}, static_cast<std::byte>(frame >> 8), static_cast<std::byte>(frame & 0xff)};
  const rtp::Extension elements[] = {{11, descriptor}};
  rtp::write_header(writer, {.marker = true, .payload_type = 100, .sequence = sequence, .timestamp = sequence * 3000u, .ssrc = ssrc}, elements);
  writer.u8(0x10);
  writer.u24(key ? 0x100000 : 0x110000);
  if (key) {
    writer.u24(0x9d012a);
    writer.u16(0x8002);
    writer.u16(0x6801);
  }
  writer.fill(50, std::byte{0x77});
  packet.resize(writer.position());
  return packet;
}

std::uint16_t frame_of(const Datagram& packet) {
  rtp::ExtensionReader reader(rtp::Header::parse(packet)->extensions);
  while (const auto extension = reader.next()) {
    if (extension->id == 11) return ByteReader(extension->data.subspan(1)).u16();
  }
  return 0;
}

Source microphone(const std::string& name, std::uint32_t ssrc) {
  return {.name = name, .kind = MediaKind::Audio, .video_type = VideoType::None, .ssrcs = {ssrc}, .rtx = {}};
}
Source camera(const std::string& name, std::uint32_t ssrc, std::uint32_t rtx) {
  return {.name = name, .kind = MediaKind::Video, .video_type = VideoType::Camera, .ssrcs = {ssrc}, .rtx = {rtx}};
}

class RewritingTest : public ::testing::Test {
 protected:
  RewritingTest() {
    a.connect();
    c.connect();
    viewer.connect(testing::usual_media(), SsrcUse::Rewritten);
    viewer.open_channel();
    (void)world.conference->set_sources("aaaa", {microphone("aaaa-a0", 0x50), camera("aaaa-v0", 0x100, 0x200)});
    (void)world.conference->set_sources("cccc", {microphone("cccc-a0", 0x51), camera("cccc-v0", 0x101, 0x201)});
    world.advance(20ms);
    viewer.writer.messages.clear();
    viewer.forget();
  }
  // The entries of all maps of that kind since the last call.
  std::vector<Json> maps(const char* kind) {
    std::vector<Json> entries;
    for (const std::string& text : viewer.writer.take(kind)) {
      const Json message = Json::parse(text);
      for (const Json& entry : message["mappedSources"]) entries.push_back(entry);
    }
    return entries;
  }
  void wants(const std::string& constraints) {
    viewer.say(R"({"colibriClass":"ReceiverVideoConstraints","defaultConstraints":{"maxHeight":720},)" + constraints + "}");
  }
  rtp::Header last() const { return *rtp::Header::parse(viewer.rtp.back()); }

  World world;
  Peer a{world, "aaaa", 5001};
  Peer c{world, "cccc", 5002};
  Peer viewer{world, "view", 5003};
};

TEST_F(RewritingTest, AudioIsNamedBeforeItArrivesUnderAnSsrcOfOurs) {
  a.send_rtp(audio(0x50, 7, 30));
  const auto entries = maps("AudioSourcesMap");
  ASSERT_THAT(entries, SizeIs(1));
  EXPECT_EQ(entries[0]["source"], "aaaa-a0");
  EXPECT_EQ(entries[0]["owner"], "aaaa");
  EXPECT_NE(entries[0]["ssrc"], 0x50);
  ASSERT_THAT(viewer.rtp, SizeIs(1));
  EXPECT_EQ(last().ssrc, entries[0]["ssrc"].get<std::uint32_t>());
  a.send_rtp(audio(0x50, 8, 30));
  EXPECT_THAT(maps("AudioSourcesMap"), IsEmpty()) << "said once";
  EXPECT_EQ(viewer.rtp.size(), 2u);
}

TEST_F(RewritingTest, OthersGoOnGettingTheSendersSsrcs) {
  a.send_rtp(audio(0x50, 7, 30));
  ASSERT_THAT(c.rtp, SizeIs(1));
  EXPECT_EQ(rtp::Header::parse(c.rtp[0])->ssrc, 0x50u);
}

TEST_F(RewritingTest, TheSlotOfWhoLeftGoesToTheNextAndItsNumbersGoOn) {
  a.send_rtp(audio(0x50, 7, 30));
  const Json first = maps("AudioSourcesMap").at(0);
  const std::uint16_t sequence = last().sequence;
  world.conference->remove_endpoint("aaaa");
  c.send_rtp(audio(0x51, 900, 30));
  const Json second = maps("AudioSourcesMap").at(0);
  EXPECT_EQ(second["source"], "cccc-a0");
  EXPECT_EQ(second["ssrc"], first["ssrc"]);
  EXPECT_EQ(last().ssrc, first["ssrc"].get<std::uint32_t>());
  EXPECT_EQ(last().sequence, sequence + 1);
}

TEST_F(RewritingTest, ASourceThatComesBackHasItsSlotAgain) {
  a.send_rtp(audio(0x50, 7, 30));
  c.send_rtp(audio(0x51, 7, 30));
  const auto before = maps("AudioSourcesMap");
  ASSERT_THAT(before, SizeIs(2));
  for (int round = 0; round < 5; ++round) {
    (void)world.conference->set_sources("cccc", {});
    (void)world.conference->set_sources("cccc", {microphone("cccc-a0", 0x60)});
    c.send_rtp(audio(0x60, static_cast<std::uint16_t>(100 + round), 30));
    const auto again = maps("AudioSourcesMap");
    ASSERT_THAT(again, SizeIs(1));
    EXPECT_EQ(again[0]["ssrc"], before[1]["ssrc"]);
  }
}

TEST_F(RewritingTest, VideoIsMappedWhenItIsWantedAndBeginsAtAKeyFrame) {
  EXPECT_THAT(maps("VideoSourcesMap"), IsEmpty());
  wants(R"("lastN":-1)");
  const auto entries = maps("VideoSourcesMap");
  ASSERT_THAT(entries, SizeIs(2));
  EXPECT_EQ(entries[0]["videoType"], "CAMERA");
  EXPECT_NE(entries[0]["rtx"], 0);
  EXPECT_NE(entries[0]["rtx"], entries[0]["ssrc"]);
  a.send_rtp(video(0x100, 1, false, 1));
  EXPECT_THAT(viewer.rtp, IsEmpty());
  a.send_rtp(video(0x100, 2, true, 2));
  ASSERT_THAT(viewer.rtp, SizeIs(1));
  const Json& mine = entries[0]["owner"] == "aaaa" ? entries[0] : entries[1];
  EXPECT_EQ(last().ssrc, mine["ssrc"].get<std::uint32_t>());
}

TEST_F(RewritingTest, FrameNumbersGoOnWhenAnotherTakesTheSlot) {
  wants(R"("lastN":1,"onStageSources":["aaaa-v0"])");
  a.send_rtp(video(0x100, 2, true, 5000));
  a.send_rtp(video(0x100, 3, false, 5001));
  ASSERT_THAT(viewer.rtp, SizeIs(2));
  const std::uint32_t slot = last().ssrc;
  world.conference->remove_endpoint("aaaa");
  world.advance(20ms);
  c.send_rtp(video(0x101, 40, true, 3));
  ASSERT_THAT(viewer.rtp, SizeIs(3));
  EXPECT_EQ(last().ssrc, slot);
  EXPECT_EQ(frame_of(viewer.rtp.back()), 5002);
  EXPECT_GT(last().timestamp, rtp::Header::parse(viewer.rtp[1])->timestamp);
}

TEST_F(RewritingTest, KeyFrameRequestsAndNacksOnASlotReachItsSource) {
  wants(R"("lastN":-1)");
  a.send_rtp(video(0x100, 2, true, 5));
  world.advance(1s);
  a.forget();
  const rtp::Header sent = last();
  std::array<std::byte, 64> buffer;
  ByteWriter pli(buffer);
  rtp::write_pli(pli, 1, sent.ssrc);
  viewer.send_rtcp(Bytes(buffer).first(pli.position()));
  bool asked = false;
  for (const Datagram& datagram : a.rtcp) {
    rtp::RtcpReader reader(datagram);
    while (const auto block = reader.next()) {
      if (block->type == rtp::rtcp::kPayloadFeedback) asked = asked || rtp::parse_feedback(*block)->media == 0x100;
    }
  }
  EXPECT_TRUE(asked);
  viewer.forget();
  ByteWriter nack(buffer);
  const std::uint16_t missing[] = {sent.sequence};
  rtp::write_nack(nack, 1, sent.ssrc, missing);
  viewer.send_rtcp(Bytes(buffer).first(nack.position()));
  ASSERT_THAT(viewer.rtp, SizeIs(1));
  EXPECT_EQ(last().payload_type, 96);
  EXPECT_NE(last().ssrc, sent.ssrc);
}

TEST_F(RewritingTest, AChannelThatOpensLaterIsToldOfAllSlots) {
  a.send_rtp(audio(0x50, 7, 30));
  wants(R"("lastN":-1)");
  viewer.writer.messages.clear();
  viewer.open_channel();
  EXPECT_THAT(maps("VideoSourcesMap"), SizeIs(2));
  viewer.open_channel();
  EXPECT_THAT(maps("AudioSourcesMap"), SizeIs(1));
}

}  // namespace
}  // namespace conclave::sfu
