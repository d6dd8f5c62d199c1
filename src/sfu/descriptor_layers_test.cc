#include "sfu/descriptor_layers.h"

#include <gtest/gtest.h>

#include "sfu/projection.h"
#include "sfu/rtp/descriptor_writer.h"

namespace conclave::sfu {
namespace {

constexpr TimePoint t0 = TimePoint(std::chrono::hours(1));

// Two spatial and two temporal layers; the decode targets are 00, 01, 10, 11 (spatial, temporal). Each frame refers to the last one of its
// layer in the lower temporal layer and to the frame below it.
enum : unsigned { kKey0, kLow0, kHigh0, kKey1, kLow1, kHigh1 };
const rtp::DescriptorWriter& writer() {
  static const rtp::DescriptorWriter w({{.spatial = 0, .temporal = 0, .indications = "SSSS", .back = {}},
                                        {.spatial = 0, .temporal = 0, .indications = "SSRR", .back = {4}},
                                        {.spatial = 0, .temporal = 1, .indications = "-D-R", .back = {2}},
                                        {.spatial = 1, .temporal = 0, .indications = "--SS", .back = {1}},
                                        {.spatial = 1, .temporal = 0, .indications = "--SS", .back = {4, 1}},
                                        {.spatial = 1, .temporal = 1, .indications = "---D", .back = {2, 1}}},
                                       4, {{160, 90}, {320, 180}});
  return w;
}

class DescriptorLayersTest : public ::testing::Test {
 protected:
  bool frame(unsigned template_index, unsigned number) {
    const bool key = template_index == kKey0;
    const auto data = writer().write({.template_index = template_index, .number = number, .structure = key});
    last = rtp::FrameDependencies::parse(data, structure).value();
    if (key && !begun) layers.begin(last, *structure, spatial, temporal), begun = true;
    return layers.forward(last, *structure);
  }
  // One picture: how many of its two frames go out, a bit each.
  int picture(unsigned number, bool high = false) {
    const int below = frame(high ? kHigh0 : kLow0, number) ? 1 : 0;
    return below | (frame(high ? kHigh1 : kLow1, number + 1) ? 2 : 0);
  }
  int key_picture(unsigned number) {
    const int below = frame(kKey0, number) ? 1 : 0;
    return below | (frame(kKey1, number + 1) ? 2 : 0);
  }
  void want(std::uint8_t s, std::uint8_t t) {
    spatial = s;
    temporal = t;
    layers.set_target(s, t);
  }

  DescriptorLayers layers;
  std::optional<rtp::DependencyStructure> structure;
  rtp::FrameDependencies last;
  std::uint8_t spatial = 7;
  std::uint8_t temporal = 7;
  bool begun = false;
};

TEST_F(DescriptorLayersTest, EverythingGoesOutUnlessLessIsWanted) {
  EXPECT_EQ(key_picture(0), 3);
  EXPECT_EQ(picture(2, true), 3);
  want(7, 0);
  EXPECT_EQ(picture(4), 3);
  EXPECT_EQ(picture(6, true), 0);
  EXPECT_EQ(layers.active(), 0b0101u);
}

TEST_F(DescriptorLayersTest, GoesDownAtAFrameOfTheLowerLayerAndUpAtAKeyFrame) {
  EXPECT_EQ(key_picture(0), 3);
  want(0, 7);
  EXPECT_EQ(picture(4), 1);
  EXPECT_TRUE(layers.ends_picture(last = *rtp::FrameDependencies::parse(writer().write({.template_index = kLow0, .number = 4}), structure)));
  want(7, 7);
  EXPECT_EQ(picture(8), 1);  // the upper one refers to what was left out
  for (unsigned number = 12; number < 52; number += 4) EXPECT_EQ(picture(number), 1);
  EXPECT_TRUE(layers.needs_key_frame());
  EXPECT_EQ(key_picture(52), 3);
  EXPECT_FALSE(layers.needs_key_frame());
}

TEST_F(DescriptorLayersTest, TheHigherTemporalLayerComesBackWithoutAKeyFrame) {
  EXPECT_EQ(key_picture(0), 3);
  want(7, 0);
  EXPECT_EQ(picture(4), 3);
  EXPECT_EQ(picture(6, true), 0);
  want(7, 7);
  EXPECT_EQ(picture(8), 3);
  EXPECT_EQ(picture(10, true), 3);
}

TEST_F(DescriptorLayersTest, WhatIsMissingIsWaitedForAndWhatWasLeftOutIsNot) {
  EXPECT_EQ(key_picture(0), 3);
  // Picture 4 is lost.
  EXPECT_EQ(picture(8), 3);
  EXPECT_EQ(picture(4), 3);  // and comes again
}

TEST_F(DescriptorLayersTest, AProjectionKeepsFrameNumbersApartAndTemplatesFromClashing) {
  Projection projection(true);
  OutboundSsrc out;
  std::array<std::optional<rtp::DependencyStructure>, 2> structures;
  std::optional<rtp::DependencyStructure> seen;  // by the receiver
  const auto send = [&](int encoding, unsigned template_index, unsigned number) -> std::optional<rtp::FrameDependencies> {
    const bool key = template_index == kKey0;
    const auto data = writer().write({.template_index = template_index, .number = number, .structure = key});
    auto& of = structures[static_cast<std::size_t>(encoding)];
    const auto parsed = rtp::FrameDependencies::parse(data, of);
    const auto numbers = projection.project(t0,
                                            {.encoding = encoding,
                                             .codec = rtp::Codec::Av1,
                                             .begins_key_frame = key,
                                             .sequence = static_cast<std::uint16_t>(number),
                                             .frame_number = parsed->number,
                                             .dependencies = &*parsed,
                                             .structure = &*of},
                                            out);
    if (!numbers) return std::nullopt;
    std::array<std::byte, 256> buffer;
    const auto result = rtp::FrameDependencies::parse(rtp::rewrite_descriptor(data, numbers->descriptor, buffer), seen);
    EXPECT_TRUE(result);
    return result;
  };
  projection.set_target({0, 0, 0});
  EXPECT_EQ(send(0, kKey0, 100)->number, 100);
  EXPECT_EQ(seen->active, 1u);
  EXPECT_FALSE(send(0, kKey1, 101));
  EXPECT_FALSE(send(0, kHigh0, 102));
  EXPECT_EQ(send(0, kLow0, 104)->number, 104);  // references are distances
  EXPECT_EQ(out.sequence, 102);                 // sequence numbers have closed up, but 103 may still come
  const auto before = seen->offset;
  projection.set_target({1});
  EXPECT_EQ(send(1, kKey0, 3000)->number, 105);
  EXPECT_EQ(seen->offset, (before + 6) % 64);
  EXPECT_EQ(seen->active, 15u);
  EXPECT_EQ(send(1, kKey1, 3001)->spatial, 1);
}

}  // namespace
}  // namespace conclave::sfu
