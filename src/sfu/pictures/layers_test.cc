// Every layer of a stream, one after the other at random: what goes out decodes, whatever was lost on the way in and out.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <deque>

#include "sfu/pictures/forwarder.h"

namespace conclave::sfu::pictures {
namespace {

constexpr Size kSizes[] = {{64, 48}, {128, 96}, {256, 192}};
constexpr TimePoint kStart = TimePoint(std::chrono::hours(1));
constexpr int kPictures = 500;

std::uint64_t seed() {
  const char* chosen = std::getenv("PICTURES_SEED");
  return chosen == nullptr ? 1 : std::strtoull(chosen, nullptr, 10);
}

struct Plan {
  rtp::Codec codec;
  bool simulcast = false;  // else the layers of one encoding
  bool flexible = false;
  int loss_percent = 2;
};

class Layered : public ::testing::Test {
 protected:
  void play(std::unique_ptr<Encoder> encoder, const Plan& plan) {
    Forwarder forwarder(plan.codec);
    TimePoint now = kStart;
    // What is lost between camera and server comes again some pictures later.
    SeededRandom random(seed());
    Loss lost(seed() + 1, plan.loss_percent);
    std::deque<std::pair<TimePoint, testing::Datagram>> late;
    Camera camera({.codec = plan.codec, .encodings = plan.simulcast ? 3u : 1u, .flexible = plan.flexible}, std::move(encoder),
                  [&](testing::Datagram packet) {
                    if (lost.takes()) {
                      late.emplace_back(now + 50ms, std::move(packet));
                    } else {
                      forwarder.receive(now, packet);
                    }
                  });
    Viewer viewer(plan.codec, Loss(seed() + 2, plan.loss_percent), [&](std::span<const std::uint16_t> missing) { forwarder.resend(missing); });
    for (int number = 0; number < kPictures; ++number) {
      if (number % 9 == 0) {
        const std::uint64_t choice = random.number();
        const auto spatial = static_cast<std::uint8_t>(choice % 3);
        const auto temporal = static_cast<std::uint8_t>(choice / 3 % 3);
        forwarder.set_target(plan.simulcast ? LayerIndex(spatial, kAllLayers, temporal) : LayerIndex(0, spatial, temporal));
      }
      now += 33ms;
      while (!late.empty() && late.front().first <= now) {
        forwarder.receive(now, late.front().second);
        late.pop_front();
      }
      if (forwarder.needs_key_frame() && number % 5 == 0) camera.want_key_frame();
      camera.film(number, false);
      viewer.look(now, forwarder.take());
    }
    std::printf("%d key frames, %d packets forwarded, %d of %d pictures shown, %d changes of size, worst %.1f dB, %d skipped, %d given up\n",
                camera.key_frames(), forwarder.forwarded(), viewer.shown(), kPictures, viewer.changes(), viewer.worst(), viewer.skipped(),
                viewer.given_up());
    EXPECT_EQ(viewer.errors(), 0);
    EXPECT_EQ(viewer.wrong(), 0);
    EXPECT_EQ(viewer.given_up(), 0);
    EXPECT_GE(viewer.changes(), 20);
    EXPECT_EQ(viewer.heights().size(), 3u);
    EXPECT_GT(viewer.shown(), kPictures * 4 / 10);  // of the lowest temporal layer every fourth
    EXPECT_LT(viewer.shown(), kPictures * 9 / 10);
  }
};

TEST_F(Layered, Vp8WithTemporalLayersDecodes) { play(make_vp8_simulcast(kSizes), {.codec = rtp::Codec::Vp8, .simulcast = true}); }

TEST_F(Layered, Vp9WithLayersThatNeedEachOtherAtKeyPicturesAloneDecodes) {
  play(make_vp9_svc(kSizes[2], InterLayer::KeyPictures), {.codec = rtp::Codec::Vp9});
}

TEST_F(Layered, Vp9WithLayersThatAlwaysNeedEachOtherDecodes) {
  play(make_vp9_svc(kSizes[2], InterLayer::Always), {.codec = rtp::Codec::Vp9});
}

TEST_F(Layered, Vp9InFlexibleModeDecodes) {
  play(make_vp9_svc(kSizes[2], InterLayer::KeyPictures), {.codec = rtp::Codec::Vp9, .flexible = true});
}

TEST_F(Layered, Av1DecodesByItsDependencyDescriptors) { play(make_av1_svc(kSizes[2]), {.codec = rtp::Codec::Av1}); }

}  // namespace
}  // namespace conclave::sfu::pictures
