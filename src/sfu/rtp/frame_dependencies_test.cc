#include "sfu/rtp/frame_dependencies.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sfu/rtp/bits.h"
#include "sfu/rtp/descriptor_writer.h"

namespace conclave::rtp {
namespace {

using ::testing::ElementsAre;

class Dependencies : public ::testing::Test {
 protected:
  // Three templates of one spatial layer: a key frame, the lower temporal layer, the higher one.
  DescriptorWriter writer{{{.spatial = 0, .temporal = 0, .indications = "SS", .back = {}},
                           {.spatial = 0, .temporal = 0, .indications = "SS", .back = {2}},
                           {.spatial = 0, .temporal = 1, .indications = "-D", .back = {1}}},
                          2,
                          {{320, 180}}};
  std::optional<DependencyStructure> structure;
};

TEST_F(Dependencies, OfAKeyFrameBringTheStructure) {
  const auto d = FrameDependencies::parse(writer.write({.template_index = 0, .number = 500, .structure = true}), structure);
  ASSERT_TRUE(d && structure);
  EXPECT_TRUE(d->carries_structure && d->begins_frame && d->ends_frame);
  EXPECT_EQ(d->number, 500);
  EXPECT_EQ(structure->template_count, 3);
  EXPECT_EQ(structure->target_count, 2);
  EXPECT_EQ(structure->active, 3u);
  EXPECT_EQ(structure->heights[0], 180);
  EXPECT_EQ(structure->targets[0].temporal, 0);
  EXPECT_EQ(structure->targets[1].temporal, 1);
}

TEST_F(Dependencies, OfLaterFramesReferToIt) {
  EXPECT_FALSE(FrameDependencies::parse(writer.write({.template_index = 2, .number = 501}), structure));
  (void)FrameDependencies::parse(writer.write({.template_index = 0, .number = 500, .structure = true}), structure);
  const auto d = FrameDependencies::parse(writer.write({.template_index = 2, .number = 501}), structure);
  ASSERT_TRUE(d);
  EXPECT_EQ(d->temporal, 1);
  EXPECT_EQ(d->indication(0), Indication::NotPresent);
  EXPECT_EQ(d->indication(1), Indication::Discardable);
  EXPECT_EQ(d->references.count, 1);
  EXPECT_EQ(d->references.back[0], 1);
  EXPECT_FALSE(FrameDependencies::parse(writer.write({.template_index = 3, .number = 502}), structure));  // there is none
}

TEST_F(Dependencies, MayReferToOtherFramesThanTheirTemplate) {
  (void)FrameDependencies::parse(writer.write({.template_index = 0, .number = 500, .structure = true}), structure);
  const auto d = FrameDependencies::parse(writer.write({.template_index = 1, .number = 900, .custom_back = {300, 3}}), structure);
  ASSERT_TRUE(d);
  EXPECT_EQ(d->references.count, 2);
  EXPECT_EQ(d->references.back[0], 300);
  EXPECT_EQ(d->references.back[1], 3);
}

TEST_F(Dependencies, EndAnywhereAreRefused) {
  const auto whole = writer.write({.template_index = 0, .number = 500, .structure = true});
  for (std::size_t length = 0; length + 1 < whole.size(); ++length) {
    EXPECT_FALSE(FrameDependencies::parse(Bytes(whole).first(length), structure)) << length;
  }
  EXPECT_FALSE(structure);
}

TEST_F(Dependencies, AreRewrittenWithAnotherNumberOffsetAndMask) {
  const auto key = writer.write({.template_index = 0, .number = 500, .structure = true});
  auto d = FrameDependencies::parse(key, structure);
  std::array<std::byte, 256> buffer;
  const DescriptorChange change{.number = 7, .template_shift = 60, .targets = 2, .active_at = d->active_at, .active = 1};
  const Bytes rewritten = rewrite_descriptor(key, change, buffer);
  std::optional<DependencyStructure> other;
  const auto again = FrameDependencies::parse(rewritten, other);
  ASSERT_TRUE(again && other);
  EXPECT_EQ(again->number, 7);
  EXPECT_TRUE(again->carries_active);
  EXPECT_EQ(other->active, 1u);
  EXPECT_EQ(other->offset, (structure->offset + 60) % 64);
  EXPECT_EQ(other->template_count, 3);
  EXPECT_EQ(other->heights[0], 180);

  // A short one grows by the flags and the mask; one that has a mask already keeps its length.
  const auto later = writer.write({.template_index = 2, .number = 501});
  d = FrameDependencies::parse(later, structure);
  const DescriptorChange mask{.number = 8, .template_shift = 60, .targets = 2, .active_at = d->active_at, .active = 3};
  const std::vector<std::byte> grown(rewrite_descriptor(later, mask, buffer).begin(), rewrite_descriptor(later, mask, buffer).end());
  EXPECT_EQ(grown.size(), 4u);
  const auto with_mask = FrameDependencies::parse(grown, other);
  ASSERT_TRUE(with_mask);
  EXPECT_EQ(other->active, 3u);
  const DescriptorChange back{.number = 9, .template_shift = 0, .targets = 2, .active_at = with_mask->active_at, .active = 1};
  const Bytes second = rewrite_descriptor(grown, back, buffer);
  EXPECT_EQ(second.size(), 4u);
  EXPECT_TRUE(FrameDependencies::parse(second, other));
  EXPECT_EQ(other->active, 1u);
}

TEST(BitReader, ReadsNumbersBelowAnyBound) {
  // AV1 specification §4.10.7 with n = 5: 0, 1 and 2 have two bits, 3 and 4 have three.
  const std::array bytes{std::byte{0b00011011}, std::byte{0b01110000}};
  BitReader reader(bytes);
  EXPECT_EQ(reader.below(5), 0u);
  EXPECT_EQ(reader.below(5), 1u);
  EXPECT_EQ(reader.below(5), 2u);
  EXPECT_EQ(reader.below(5), 3u);
  EXPECT_EQ(reader.below(5), 4u);
}

}  // namespace
}  // namespace conclave::rtp
