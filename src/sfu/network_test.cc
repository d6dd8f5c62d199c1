// A viewer behind a bottleneck, on virtual time, with a whole Sfu: what he is believed to get, what he gets, how long packets stand before it.
#include <gtest/gtest.h>

#include <deque>
#include <nlohmann/json.hpp>

#include "sfu/bwe/simulated_link.h"
#include "sfu/test_peer.h"

namespace conclave::sfu {
namespace {

using testing::Datagram;
using testing::Peer;
using testing::World;

// The viewer's datagrams go through the link, all others arrive at once.
class Bottleneck final : public DatagramPort {
 public:
  Bottleneck(World& world, const Peer& viewer, const bwe::LinkOptions& options) : link(options, 3), world_(world), viewer_(viewer) {
    world.network.divert = this;
  }
  void send(const Address& to, Bytes datagram) override {
    Datagram copy(datagram.begin(), datagram.end());
    if (to != viewer_.address) return world_.network.queue.emplace_back(to, std::move(copy)), void();
    if (const auto at = link.carry(world_.loop.now(), static_cast<std::uint32_t>(datagram.size()))) on_its_way_.emplace_back(*at, std::move(copy));
  }
  void let_out() {
    for (; !on_its_way_.empty() && on_its_way_.front().first <= world_.loop.now(); on_its_way_.pop_front()) {
      world_.network.queue.emplace_back(viewer_.address, std::move(on_its_way_.front().second));
    }
  }
  bwe::SimulatedLink link;

 private:
  World& world_;
  const Peer& viewer_;
  std::deque<std::pair<TimePoint, Datagram>> on_its_way_;
};

constexpr std::string_view kWantsAll = R"({"colibriClass":"ReceiverVideoConstraints","defaultConstraints":{"maxHeight":720}})";

class NetworkTest : public ::testing::Test {
 protected:
  void begin(const bwe::LinkOptions& options) {
    film_and_speak();
    viewer.connect();
    viewer.open_channel();
    viewer.say(kWantsAll);
    net.emplace(world, viewer, options);
  }
  void film_and_speak() {
    camera.connect();
    ASSERT_EQ(world.conference->set_sources("camera", {{.name = "c-a0", .kind = MediaKind::Audio, .ssrcs = {0x50}, .rtx = {}},
                                                       {.name = "c-v0", .kind = MediaKind::Video, .ssrcs = {0x100, 0x101, 0x102}, .rtx = {0x200, 0x201, 0x202}}}),
              EndpointError::None);
  }
  void run(Duration time) {
    for (Duration done{}; done < time; done += 2ms, ++step) {
      world.loop.advance(2ms);
      if (step % 10 == 0) talk();
      if (step % 17 == 0) film();
      net->let_out();
      world.deliver();
      report();
      const TimePoint now = world.loop.now();
      if (net->link.queued(now) <= 300ms) long_since = now;
      longest = std::max(longest, now - long_since);
    }
  }
  void talk() {
    Datagram packet(200);
    ByteWriter writer{MutableBytes(packet)};
    rtp::write_header(writer, {.payload_type = 111, .sequence = ++audio, .timestamp = audio * 960u, .ssrc = 0x50}, {});
    writer.fill(80);
    packet.resize(writer.position());
    camera.send_rtp(packet);
  }
  // About 150 kbit/s, 500 kbit/s, 2.5 Mbit/s; all key frames when one was asked for.
  void film() {
    const bool key = frame++ == 0 || !camera.rtcp.empty();
    camera.forget();
    for (std::size_t e = 0; e < 3; ++e) {
      constexpr int kPackets[] = {1, 2, 9};
      constexpr std::size_t kBytes[] = {630, 1050, 1160};
      for (int i = 0; i < kPackets[e]; ++i) {
        Datagram packet(1400);
        ByteWriter writer{MutableBytes(packet)};
        rtp::write_header(writer, {.marker = i + 1 == kPackets[e], .payload_type = 100, .sequence = ++sequence[e], .timestamp = frame * 3000u,
                                   .ssrc = static_cast<std::uint32_t>(0x100 + e)}, {});
        writer.u8(i == 0 ? 0x90 : 0x80);
        writer.u8(0xc0);
        writer.u16(static_cast<std::uint16_t>(0x8000 | (frame & 0x7fff)));
        writer.u8(static_cast<std::uint8_t>(frame));
        writer.u24(key ? 0x100000 : 0x110000);
        if (key && i == 0) {
          writer.u24(0x9d012a);
          const auto height = static_cast<std::uint16_t>(180 << e);
          writer.u16(0x8002);
          writer.u16(static_cast<std::uint16_t>((height & 0xff) << 8 | height >> 8));
        }
        writer.fill(kBytes[e] - writer.position());
        packet.resize(writer.position());
        camera.send_rtp(packet);
      }
    }
  }
  void report() {
    for (const Datagram& packet : viewer.rtp) {
      const auto header = *rtp::Header::parse(packet);
      if (header.payload_type == 111) ++heard;
      rtp::ExtensionReader reader(header.extensions);
      while (const auto e = reader.next()) {
        if (e->id == 5) receiver.received(world.loop.now(), ByteReader(e->data).u16(), header.marker);
      }
    }
    viewer.forget();
    std::array<std::byte, 1500> buffer;
    for (;;) {
      ByteWriter writer(buffer);
      if (!receiver.write(world.loop.now(), writer, 1, 0x100)) return;
      viewer.send_rtcp(writer.written());
    }
  }
  double estimate() const {
    const auto state = nlohmann::json::parse(world.sfu->debug_state());
    for (const auto& endpoint : state["conferences"].front()["endpoints"]) {
      if (endpoint["id"] != "viewer") continue;
      const auto& bps = endpoint["estimated_downlink_bps"];
      return bps.is_null() ? 0 : bps.get<double>();
    }
    return 0;
  }
  void TearDown() override {
    world.network.divert = nullptr;
    world.network.queue.clear();
  }

  World world;
  Peer camera{world, "camera", 5001};
  Peer viewer{world, "viewer", 5002};
  std::optional<Bottleneck> net;
  bwe::FeedbackGenerator receiver;
  std::uint16_t audio = 0;
  std::array<std::uint16_t, 3> sequence{};
  std::uint32_t frame = 0;
  int step = 0;
  int heard = 0;
  TimePoint long_since = world.loop.now();
  Duration longest{};
};

// The channel needs no media, so its first message may come before the answer says what the viewer can do.
TEST_F(NetworkTest, WhoAsksBeforeHeAnswersIsEstimatedToo) {
  film_and_speak();
  viewer.local = world.conference->add_endpoint("viewer", SsrcUse::AsSent).value();
  viewer.open_channel();
  viewer.say(kWantsAll);
  ASSERT_EQ(world.conference->accept("viewer", viewer.answer(), testing::usual_media()), EndpointError::None);
  viewer.start();
  world.advance(1s);
  ASSERT_TRUE(viewer.srtp);
  net.emplace(world, viewer, bwe::LinkOptions{.bps = 1'000'000});
  run(5s);
  EXPECT_GE(estimate(), 800'000);
  EXPECT_LE(estimate(), 1'200'000);
}

class BottleneckTest : public NetworkTest, public ::testing::WithParamInterface<std::int64_t> {};

TEST_P(BottleneckTest, IsFoundInFiveSecondsAndAudioIsNotStarved) {
  const auto bps = static_cast<double>(GetParam());
  begin({.bps = GetParam()});
  long_since = world.loop.now();
  run(5s);
  const double after = estimate();
  const int until_then = heard;
  run(5s);
  std::printf("# %5.0f kbit/s: estimate %5.0f after 5 s, %5.0f after 10 s; queue over 300 ms for %lld ms; audio %d of 250, then %d of 250\n", bps / 1e3,
              after / 1e3, estimate() / 1e3, static_cast<long long>(longest / 1ms), until_then, heard - until_then);
  EXPECT_GE(after, 0.8 * std::min(bps, 2'500'000.0));
  EXPECT_LE(after, 1.2 * bps);
  // What is sent fills the estimate in part only, and probes go on.
  EXPECT_GE(estimate(), 0.8 * std::min(bps, 2'500'000.0));
  EXPECT_LE(longest, 1s);
  EXPECT_GE(heard - until_then, 240);
}

INSTANTIATE_TEST_SUITE_P(Rates, BottleneckTest, ::testing::Values(300'000, 600'000, 1'000'000, 2'000'000, 4'000'000));

}  // namespace
}  // namespace conclave::sfu
