#pragma once
// Two whole clients and a conference on virtual time, and packets as clients send them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "sfu/conference.h"
#include "sfu/counters.h"
#include "sfu/limits.h"
#include "sfu/rtp/sequence.h"
#include "sfu/rtp/transport_feedback.h"
#include "sfu/rtp/vp8.h"
#include "sfu/test_peer.h"

namespace conclave::sfu {

using testing::Datagram;
using testing::Peer;
using testing::World;

struct Video {
  std::uint32_t ssrc = 0x100;
  std::uint16_t sequence = 100;
  std::uint32_t timestamp = 90000;
  std::uint16_t picture_id = 0x80;
  std::uint8_t tl0 = 5;
  bool key = false;
  std::uint16_t height = 360;
  int transport_sequence = -1;
  std::uint8_t payload_type = 100;
};

// One VP8 frame in one packet.
inline Datagram video(const Video& v) {
  Datagram packet(1000);
  ByteWriter writer{MutableBytes(packet)};
  std::array<std::byte, 2> number;
  ByteWriter(number).u16(static_cast<std::uint16_t>(v.transport_sequence));
  const rtp::Extension elements[] = {{static_cast<std::uint8_t>(v.transport_sequence < 0 ? 0 : 5), number}};
  rtp::write_header(writer, {.marker = true, .payload_type = v.payload_type, .sequence = v.sequence, .timestamp = v.timestamp, .ssrc = v.ssrc},
                    elements);
  writer.u8(0x90);
  writer.u8(0xc0);
  writer.u16(static_cast<std::uint16_t>(0x8000 | v.picture_id));
  writer.u8(v.tl0);
  writer.u24(v.key ? 0x100000 : 0x110000);
  if (v.key) {
    writer.u24(0x9d012a);
    writer.u16(0x8002);  // 640, little endian
    writer.u16(static_cast<std::uint16_t>((v.height & 0xff) << 8 | v.height >> 8));
  }
  writer.fill(50, std::byte{0x77});
  packet.resize(writer.position());
  return packet;
}

inline Datagram audio(std::uint32_t ssrc, std::uint16_t sequence, std::uint8_t level) {
  Datagram packet(200);
  ByteWriter writer{MutableBytes(packet)};
  const auto value = std::byte{level};
  const rtp::Extension elements[] = {{1, Bytes(&value, 1)}};
  rtp::write_header(writer, {.payload_type = 111, .sequence = sequence, .timestamp = sequence * 960u, .ssrc = ssrc}, elements);
  writer.fill(40, std::byte{0x55});
  packet.resize(writer.position());
  return packet;
}

inline rtp::Header header_of(const Datagram& packet) { return *rtp::Header::parse(packet); }
inline rtp::Vp8Descriptor vp8_of(const Datagram& packet) {
  return *rtp::Vp8Descriptor::parse(*rtp::payload_of(packet, header_of(packet)));
}

// The feedback blocks of that type and format among what a peer has received.
inline std::vector<rtp::Feedback> feedback(const Peer& peer, std::uint8_t type, std::uint8_t format) {
  std::vector<rtp::Feedback> result;
  for (const Datagram& datagram : peer.rtcp) {
    rtp::RtcpReader reader(datagram);
    while (const auto block = reader.next()) {
      if (block->type == type && block->count == format) result.push_back(*rtp::parse_feedback(*block));
    }
  }
  return result;
}

inline Source camera(const std::string& name, std::vector<std::uint32_t> ssrcs, std::vector<std::uint32_t> rtx) {
  return {.name = name, .kind = MediaKind::Video, .video_type = VideoType::Camera, .ssrcs = std::move(ssrcs), .rtx = std::move(rtx)};
}
inline Source microphone(const std::string& name, std::uint32_t ssrc) {
  return {.name = name, .kind = MediaKind::Audio, .video_type = VideoType::None, .ssrcs = {ssrc}, .rtx = {}};
}

inline constexpr std::string_view kWantsHigh = R"({"colibriClass":"ReceiverVideoConstraints","defaultConstraints":{"maxHeight":720}})";
inline constexpr std::string_view kWantsLow = R"({"colibriClass":"ReceiverVideoConstraints","defaultConstraints":{"maxHeight":180}})";

class ConferenceTest : public ::testing::Test {
 protected:
  void join_two() {
    a.connect();
    b.connect();
    ASSERT_EQ(world.conference->set_sources("aaaa", {microphone("aaaa-a0", 0x50), camera("aaaa-v0", {0x100, 0x101, 0x102}, {0x200, 0x201, 0x202})}),
              EndpointError::None);
    world.advance(20ms);
  }
  void send(const Video& v) { a.send_rtp(video(v)); }
  void b_wants(std::string_view constraints) {
    if (!b.channel) b.open_channel();
    b.say(constraints);
  }
  // All three encodings at once, each a key frame.
  void send_all_layers(std::uint16_t sequence, bool key) {
    send({.ssrc = 0x100, .sequence = sequence, .timestamp = sequence * 3000u, .picture_id = sequence, .key = key, .height = 180});
    send({.ssrc = 0x101, .sequence = static_cast<std::uint16_t>(sequence + 7000), .timestamp = sequence * 3000u + 5, .picture_id = static_cast<std::uint16_t>(sequence + 300), .key = key, .height = 360});
    send({.ssrc = 0x102, .sequence = static_cast<std::uint16_t>(sequence + 9000), .timestamp = sequence * 3000u + 9, .picture_id = static_cast<std::uint16_t>(sequence + 600), .key = key, .height = 720});
  }

  World world;
  Peer a{world, "aaaa", 5001};
  Peer b{world, "bbbb", 5002};
};

}  // namespace conclave::sfu
