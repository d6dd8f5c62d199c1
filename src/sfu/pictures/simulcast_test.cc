// What a viewer was sent over hundreds of switches decodes without an error, a grey picture or one out of its place.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>

#include "sfu/pictures/meeting.h"

namespace conclave::sfu::pictures {
namespace {

constexpr Size kSizes[] = {{64, 48}, {128, 96}, {256, 192}};
constexpr int kPictures = 900;

std::uint64_t seed() {
  const char* chosen = std::getenv("PICTURES_SEED");
  return chosen == nullptr ? 1 : std::strtoull(chosen, nullptr, 10);
}

struct Plan {
  rtp::Codec codec;
  std::array<int, 3> heights;  // that a viewer asks for to get the first, second and third encoding
  int loss_percent;
};

class Simulcast : public ::testing::Test {
 protected:
  void play(std::unique_ptr<Encoder> encoder, const Plan& plan) {
    testing::World world;
    testing::Peer sender(world, "camera", 5001);
    testing::Peer receiver(world, "viewer", 5002);
    sender.connect(media(plan.codec));
    receiver.connect(media(plan.codec));
    receiver.open_channel();
    Camera camera({.codec = plan.codec, .encodings = plan.heights.size(), .loss = Loss(seed() + 1, plan.loss_percent)}, std::move(encoder),
                  [&](const testing::Datagram& packet) { sender.send_rtp(packet); });
    (void)world.conference->set_sources("camera", {camera.source()});
    Viewer viewer(plan.codec, Loss(seed() + 2, plan.loss_percent), [&](std::span<const std::uint16_t> missing) {
      std::array<std::byte, 600> buffer;
      ByteWriter writer(buffer);
      rtp::write_nack(writer, 1, numbers_of(plan.codec).ssrc, missing);
      receiver.send_rtcp(writer.written());
    });
    SeededRandom random(seed());
    int wishes = 0;
    for (int number = 0; number < kPictures; ++number) {
      if (number % 7 == 0) {
        ++wishes;
        // One time in ten nothing at all.
        const std::uint64_t choice = random.number();
        const int height = choice % 10 == 0 ? 0 : plan.heights[choice / 10 % plan.heights.size()];
        receiver.say(R"({"colibriClass":"ReceiverVideoConstraints","defaultConstraints":{"maxHeight":)" + std::to_string(height) + "}}");
      }
      camera.hear(std::exchange(sender.rtcp, {}));
      camera.film(number, random.number() % 12 == 0);
      world.advance(20ms);
      viewer.look(world.loop.now(), std::exchange(receiver.rtp, {}));
    }
    std::printf("%d wishes, %d key frames, %d of %d pictures shown, %d changes of size, worst %.1f dB, %d skipped, %d given up\n", wishes,
                camera.key_frames(), viewer.shown(), kPictures, viewer.changes(), viewer.worst(), viewer.skipped(), viewer.given_up());
    EXPECT_EQ(viewer.errors(), 0);
    EXPECT_EQ(viewer.wrong(), 0);
    EXPECT_GE(viewer.changes(), 50);
    EXPECT_EQ(viewer.heights().size(), 3u);
    EXPECT_GT(viewer.shown(), kPictures * 6 / 10);
    EXPECT_EQ(viewer.given_up(), 0);
  }
};

TEST_F(Simulcast, OfVp8DecodesOverRandomSwitchesWithLoss) {
  play(make_vp8_simulcast(kSizes), {.codec = rtp::Codec::Vp8, .heights = {48, 96, 192}, .loss_percent = 3});
}

TEST_F(Simulcast, OfH264DecodesOverRandomSwitchesWithLoss) {
  // The heights that are assumed: packets of H.264 do not tell theirs.
  play(make_h264_simulcast(kSizes), {.codec = rtp::Codec::H264, .heights = {180, 360, 720}, .loss_percent = 3});
}

}  // namespace
}  // namespace conclave::sfu::pictures
