#include "sfu/rtp/codec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <vector>

#include "sfu/rtp/av1.h"
#include "sfu/rtp/h264.h"
#include "sfu/rtp/vp8.h"
#include "sfu/rtp/vp9.h"

namespace conclave::rtp {
namespace {

using ::testing::ElementsAreArray;

std::vector<std::byte> raw(std::initializer_list<int> values) {
  std::vector<std::byte> result;
  for (const int v : values) result.push_back(static_cast<std::byte>(v));
  return result;
}

// X S, I L T, picture id 0x1234, tl0 0x56, tid 2; key frame of 640x360.
const auto kVp8Key = raw({0x90, 0xe0, 0x92, 0x34, 0x56, 0x80, 0x10, 0, 0, 0x9d, 0x01, 0x2a, 0x80, 0x02, 0x68, 0x01});

TEST(Vp8, ReadsIdsAndTheSizeOfAKeyFrame) {
  const auto d = Vp8Descriptor::parse(kVp8Key);
  ASSERT_TRUE(d);
  EXPECT_EQ(d->size, 6u);
  EXPECT_EQ(d->picture_id, 0x1234);
  EXPECT_EQ(d->tl0_picture_index, 0x56);
  EXPECT_EQ(d->temporal, 2);
  EXPECT_TRUE(d->key_frame);
  EXPECT_EQ(d->width, 640);
  EXPECT_EQ(d->height, 360);
  EXPECT_EQ(inspect(Codec::Vp8, kVp8Key, {}).height, 360);
}

TEST(Vp8, KnowsAnInterFrameAndAContinuation) {
  EXPECT_FALSE(Vp8Descriptor::parse(raw({0x10, 0x11, 0, 0}))->key_frame);  // P bit set
  EXPECT_FALSE(Vp8Descriptor::parse(raw({0x00, 0x10, 0, 0}))->key_frame);  // not the start
  EXPECT_FALSE(Vp8Descriptor::parse(raw({0x11, 0x10, 0, 0}))->key_frame);  // second partition
  EXPECT_FALSE(Vp8Descriptor::parse(raw({0x90, 0xe0, 0x92})));             // ends in the picture id
  EXPECT_FALSE(Vp8Descriptor::parse({}));
}

TEST(Vp8, RewritesBothIdsInPlace) {
  std::array<std::byte, 32> buffer;
  ByteWriter writer(buffer);
  write_vp8(writer, kVp8Key, *Vp8Descriptor::parse(kVp8Key), 0x0102, 0x07);
  EXPECT_THAT(writer.written(), ElementsAreArray(raw({0x90, 0xe0, 0x81, 0x02, 0x07, 0x80, 0x10, 0, 0, 0x9d, 0x01, 0x2a, 0x80, 0x02, 0x68, 0x01})));
}

TEST(Vp8, WidensAShortPictureId) {
  const auto payload = raw({0x90, 0x80, 0x12, 0x11, 0x22});
  std::array<std::byte, 32> buffer;
  ByteWriter writer(buffer);
  write_vp8(writer, payload, *Vp8Descriptor::parse(payload), 0x0133, 0);
  EXPECT_THAT(writer.written(), ElementsAreArray(raw({0x90, 0x80, 0x81, 0x33, 0x11, 0x22})));
}

TEST(Vp9, KeyFrameOfAnSvcStreamBeginsAtTheLowestLayer) {
  // I L F B V; id 0x0101; tid 0 sid 0 d 0; structure of two layers with sizes.
  const auto key = raw({0xba, 0x81, 0x01, 0x00, 0x30, 0x01, 0x40, 0x00, 0xb4, 0x02, 0x80, 0x01, 0x68, 0x55});
  const auto d = Vp9Descriptor::parse(key);
  ASSERT_TRUE(d);
  EXPECT_EQ(d->size, 13u);
  EXPECT_EQ(d->picture_id, 0x0101);
  EXPECT_EQ(d->spatial_layers, 2);
  EXPECT_TRUE(inspect(Codec::Vp9, key, {}).begins_key_frame);
  EXPECT_EQ(inspect(Codec::Vp9, key, {}).height, 360);
  EXPECT_EQ(inspect(Codec::Vp9, key, {}).heights[0], 180);
  const auto upper = raw({0xb8, 0x81, 0x01, 0x03, 0x55});  // sid 1, depends on the lower one
  EXPECT_FALSE(inspect(Codec::Vp9, upper, {}).begins_key_frame);
  EXPECT_EQ(inspect(Codec::Vp9, upper, {}).spatial, 1);
  const auto inter = raw({0xe8, 0x81, 0x02, 0x00, 0x07, 0x55});  // P
  EXPECT_FALSE(inspect(Codec::Vp9, inter, {}).begins_key_frame);
}

TEST(Vp9, ReadsWhatAFlexibleFrameRefersTo) {
  // I P L F E Z; id 5; tid 1 U sid 2 D; one and three pictures back.
  const auto d = Vp9Descriptor::parse(raw({0xf5, 0x05, 0x35, 0x03, 0x06, 0x55}));
  ASSERT_TRUE(d);
  EXPECT_EQ(d->size, 4u + 1u);
  EXPECT_TRUE(d->flexible && d->predicted && d->ends_frame && d->not_for_upper && d->switching_up && d->depends_on_lower);
  EXPECT_FALSE(d->begins_frame || d->long_picture_id || d->tl0_picture_index);
  EXPECT_EQ(d->temporal, 1);
  EXPECT_EQ(d->spatial, 2);
  EXPECT_EQ(d->reference_count, 2);
  EXPECT_EQ(d->references[0], 1);
  EXPECT_EQ(d->references[1], 3);
  EXPECT_FALSE(Vp9Descriptor::parse(raw({0xf5, 0x05, 0x35, 0x03})));  // another reference was promised
}

TEST(H264, FindsTheParameterSetAloneInAnAggregateOrInAFragment) {
  EXPECT_TRUE(h264_begins_key_frame(raw({0x67, 0x42})));
  EXPECT_TRUE(h264_begins_key_frame(raw({0x78, 0, 2, 0x09, 0xf0, 0, 2, 0x67, 0x42})));
  EXPECT_TRUE(h264_begins_key_frame(raw({0x7c, 0x87, 0x42})));
  EXPECT_FALSE(h264_begins_key_frame(raw({0x7c, 0x07, 0x42})));  // later fragment
  EXPECT_FALSE(h264_begins_key_frame(raw({0x65, 0x88})));        // picture without parameters
  EXPECT_FALSE(h264_begins_key_frame(raw({0x78, 0, 200, 0x67})));
  EXPECT_FALSE(h264_begins_key_frame({}));
}

TEST(Av1, KeyFrameIsADescriptorWithAStructureOrElseTheNBit) {
  const auto payload = raw({0x10, 0x0a});
  EXPECT_TRUE(inspect(Codec::Av1, payload, raw({0x80, 0, 7, 0x80})).begins_key_frame);
  EXPECT_FALSE(inspect(Codec::Av1, payload, raw({0x80, 0, 7})).begins_key_frame);
  EXPECT_FALSE(inspect(Codec::Av1, payload, raw({0x40, 0, 7, 0x80})).begins_key_frame);
  EXPECT_TRUE(inspect(Codec::Av1, raw({0x18, 0x0a}), {}).begins_key_frame);
  EXPECT_FALSE(inspect(Codec::Av1, payload, {}).begins_key_frame);
  EXPECT_EQ(DependencyDescriptor::parse(raw({0xc5, 0x01, 0x02}))->frame_number, 0x0102);
}

TEST(Codec, OfAnUnknownNameIsOther) {
  EXPECT_EQ(codec_of("vp8"), Codec::Vp8);
  EXPECT_EQ(codec_of("theora"), Codec::Other);
  EXPECT_TRUE(inspect(Codec::Other, {}, {}).begins_key_frame);  // media.md 12.5: hope for the best
}

}  // namespace
}  // namespace conclave::rtp
