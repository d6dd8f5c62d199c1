// The pieces of which layer selection is made; whole streams of real encoders are played in sfu/pictures.
#include <gtest/gtest.h>

#include "sfu/drop_window.h"
#include "sfu/temporal_layers.h"
#include "sfu/vp8_layers.h"
#include "sfu/vp9_layers.h"

namespace conclave::sfu {
namespace {

TEST(DropWindow, ClosesUpBehindWhatWasDroppedInItsTurn) {
  DropWindow window;
  window.begin(100);
  window.forward(100);
  window.drop(101);
  window.drop(102);
  window.forward(103);
  EXPECT_EQ(window.dropped_before(100), 0);
  EXPECT_EQ(window.dropped_before(102), 1);
  EXPECT_EQ(window.dropped_before(103), 2);
  EXPECT_EQ(window.dropped_before(1000), 2);
}

TEST(DropWindow, LeavesAHoleForWhatIsDroppedTooLate) {
  DropWindow window;
  window.begin(1);
  window.forward(1);
  window.forward(3);
  EXPECT_FALSE(window.known(2));
  window.drop(2);
  EXPECT_TRUE(window.dropped(2));
  EXPECT_FALSE(window.closed_up(2));
  EXPECT_EQ(window.dropped_before(4), 0);
}

TEST(DropWindow, CountsOnWhenTheWindowHasMovedAway) {
  DropWindow window;
  window.begin(0);
  for (std::int64_t n = 0; n < 5000; ++n) n % 2 == 0 ? window.forward(n) : window.drop(n);
  EXPECT_EQ(window.dropped_before(5000), 2500);
  EXPECT_EQ(window.dropped_before(4990), 2495);
  window.forward(9000);  // everything in between is missing
  EXPECT_EQ(window.dropped_before(9001), 2500);
  EXPECT_FALSE(window.known(4999));
}

TEST(TemporalLayers, GoDownAtOnceAndUpWhereTheStreamAllowsIt) {
  TemporalLayers layers;
  layers.begin(1, 2);
  EXPECT_TRUE(layers.wants(2, 2, false));
  layers.set_target(0);
  EXPECT_FALSE(layers.wants(3, 1, false));
  layers.dropped(3, 1);
  layers.set_target(2);
  EXPECT_FALSE(layers.wants(4, 2, false));  // may refer to the picture that was left out
  EXPECT_TRUE(layers.wants(4, 2, true));
  layers.forwarded(5, 0, false, true);
  EXPECT_TRUE(layers.wants(6, 2, false));
}

TEST(TemporalLayers, DoNotOpenAtAPictureThatCameTooLate) {
  TemporalLayers layers;
  layers.begin(1, 1);
  layers.set_target(0);
  layers.set_target(1);
  layers.dropped(6, 1);
  layers.forwarded(5, 0, false, true);  // 6 refers to it, and is gone
  EXPECT_FALSE(layers.wants(7, 1, false));
  EXPECT_TRUE(layers.incomplete());
}

rtp::Vp8Descriptor vp8(std::uint16_t picture, std::uint8_t temporal, bool sync) {
  rtp::Vp8Descriptor d;
  d.picture_id = picture;
  d.long_picture_id = true;
  d.layered = true;
  d.temporal = temporal;
  d.layer_sync = sync;
  return d;
}

TEST(Vp8Layers, PictureIdsCloseUpAndFramesKeepTheirAnswer) {
  Vp8Layers layers;
  layers.begin(vp8(0x7ffe, 0, false), 0);
  EXPECT_TRUE(layers.forward(vp8(0x7ffe, 0, false)));
  EXPECT_FALSE(layers.forward(vp8(0x7fff, 2, true)));
  layers.set_target(2);
  EXPECT_FALSE(layers.forward(vp8(0x7fff, 2, true)));  // its second packet
  EXPECT_TRUE(layers.forward(vp8(0, 1, true)));
  EXPECT_EQ(layers.left_out(vp8(0, 1, true)), 1);
  EXPECT_FALSE(layers.forward(vp8(1, 2, false)));
}

rtp::Vp9Descriptor vp9(std::uint16_t picture, std::uint8_t spatial, bool key, bool linked) {
  rtp::Vp9Descriptor d;
  d.picture_id = picture;
  d.long_picture_id = true;
  d.layered = true;
  d.spatial = spatial;
  d.begins_frame = d.ends_frame = true;
  d.predicted = !key;
  d.depends_on_lower = linked && spatial > 0;
  d.not_for_upper = !linked || spatial == 2;
  return d;
}

class Vp9LayersTest : public ::testing::Test {
 protected:
  // How many layers of the picture go out, a bit each.
  int picture(std::uint16_t number, bool key, bool linked) {
    int went = 0;
    for (std::uint8_t layer = 0; layer < 3; ++layer) {
      if (layers.forward(vp9(number, layer, key, linked || key))) went |= 1 << layer;
    }
    return went;
  }
  void begin(std::uint8_t target) {
    layers.begin(vp9(1, 0, true, true), target, 0);
    EXPECT_EQ(picture(1, true, true), (2 << target) - 1);
  }
  Vp9Layers layers;
};

TEST_F(Vp9LayersTest, BetweenKeyPicturesOfKSvcOneLayerGoesAlone) {
  begin(2);
  EXPECT_EQ(picture(2, false, false), 4);
  layers.set_target(1, 0);
  EXPECT_TRUE(layers.needs_key_frame());
  EXPECT_EQ(picture(3, false, false), 4);  // the middle one has begun too long ago
  EXPECT_EQ(picture(4, true, true), 3);
  EXPECT_EQ(picture(5, false, false), 2);
  EXPECT_FALSE(layers.needs_key_frame());
}

TEST_F(Vp9LayersTest, LayersThatAlwaysNeedEachOtherGoDownWithoutAKeyFrame) {
  begin(2);
  layers.set_target(0, 0);
  EXPECT_EQ(picture(2, false, true), 1);
  layers.set_target(2, 0);
  EXPECT_TRUE(layers.needs_key_frame());
  EXPECT_EQ(picture(3, false, true), 1);
  EXPECT_EQ(picture(4, true, true), 7);
}

TEST_F(Vp9LayersTest, ALayerThatTheSenderStoppedIsNotWaitedForWithoutEnd) {
  begin(2);
  for (std::uint16_t number = 2; number < 30; ++number) {
    for (std::uint8_t layer = 0; layer < 2; ++layer) (void)layers.forward(vp9(number, layer, false, false));
  }
  EXPECT_TRUE(layers.needs_key_frame());
}

TEST_F(Vp9LayersTest, TheMarkerStandsAtTheEndOfTheHighestLayerThatIsSent) {
  begin(1);
  EXPECT_FALSE(layers.ends_picture(vp9(1, 0, true, true)));
  EXPECT_TRUE(layers.ends_picture(vp9(1, 1, true, true)));
  EXPECT_TRUE(layers.ends_picture(vp9(2, 1, false, false)));
}

TEST_F(Vp9LayersTest, AnUpperLayerOfAKeyPictureThatComesTooLateDoesNotBegin) {
  layers.begin(vp9(1, 0, true, true), 1, 0);
  EXPECT_TRUE(layers.forward(vp9(1, 0, true, true)));
  EXPECT_FALSE(layers.forward(vp9(2, 1, false, false)));  // refers to what has not come
  EXPECT_FALSE(layers.forward(vp9(1, 1, true, true)));
  EXPECT_TRUE(layers.needs_key_frame());
}

}  // namespace
}  // namespace conclave::sfu
