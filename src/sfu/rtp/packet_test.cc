#include "sfu/rtp/packet.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <vector>

#include "sfu/rtp/sequence.h"

namespace conclave::rtp {
namespace {

using ::testing::ElementsAreArray;

std::vector<std::byte> raw(std::initializer_list<int> values) {
  std::vector<std::byte> result;
  for (const int v : values) result.push_back(static_cast<std::byte>(v));
  return result;
}

TEST(RtpHeader, ReadsFieldsAndExtensionsOfTheOneByteForm) {
  const auto packet = raw({0x90, 0xef, 0x12, 0x34, 0, 0, 0x01, 0x00, 0xde, 0xad, 0xbe, 0xef,  //
                           0xbe, 0xde, 0, 2, 0x10, 0x85, 0x51, 0x00, 0x07, 0, 0, 0,            //
                           0xaa, 0xbb});
  const auto header = Header::parse(packet);
  ASSERT_TRUE(header);
  EXPECT_TRUE(header->marker);
  EXPECT_EQ(header->payload_type, 111);
  EXPECT_EQ(header->sequence, 0x1234);
  EXPECT_EQ(header->timestamp, 256u);
  EXPECT_EQ(header->ssrc, 0xdeadbeefu);
  EXPECT_EQ(header->size, 24u);
  ExtensionReader reader(header->extensions);
  const auto level = reader.next();
  ASSERT_TRUE(level);
  EXPECT_EQ(level->id, 1);
  EXPECT_EQ(parse_audio_level(level->data)->level, 5);
  EXPECT_TRUE(parse_audio_level(level->data)->voice);
  const auto transport = reader.next();
  ASSERT_TRUE(transport);
  EXPECT_EQ(transport->id, 5);
  EXPECT_THAT(transport->data, ElementsAreArray(raw({0, 7})));
  EXPECT_FALSE(reader.next());
  EXPECT_THAT(*payload_of(packet, *header), ElementsAreArray(raw({0xaa, 0xbb})));
}

TEST(RtpHeader, SkipsContributingSources) {
  const auto packet = raw({0x82, 0x64, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 1, 1, 1, 1, 2, 2, 2, 2, 0x77});
  const auto header = Header::parse(packet);
  ASSERT_TRUE(header);
  EXPECT_THAT(*payload_of(packet, *header), ElementsAreArray(raw({0x77})));
}

TEST(RtpHeader, RefusesWhatEndsWithinTheHeader) {
  EXPECT_FALSE(Header::parse({}));
  EXPECT_FALSE(Header::parse(raw({0x80, 0x64, 0, 1, 0, 0, 0, 2, 0, 0, 0})));
  EXPECT_FALSE(Header::parse(raw({0x40, 0x64, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3})));                          // version 1
  EXPECT_FALSE(Header::parse(raw({0x81, 0x64, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 1, 1})));                    // half a CSRC
  EXPECT_FALSE(Header::parse(raw({0x90, 0x64, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0xbe, 0xde, 0, 9, 1, 1})));  // block too long
}

TEST(RtpPayload, LosesItsPadding) {
  auto packet = raw({0xa0, 0x64, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0x55, 0, 0, 3});
  EXPECT_THAT(*payload_of(packet, *Header::parse(packet)), ElementsAreArray(raw({0x55})));
  packet.back() = std::byte{4};
  EXPECT_TRUE(payload_of(packet, *Header::parse(packet))->empty());
  packet.back() = std::byte{5};
  EXPECT_FALSE(payload_of(packet, *Header::parse(packet)));
  packet.back() = std::byte{0};
  EXPECT_FALSE(payload_of(packet, *Header::parse(packet)));
}

TEST(RtpExtensions, AreWrittenInTheShortFormWhileTheyFit) {
  std::array<std::byte, 64> buffer;
  ByteWriter writer(buffer);
  const auto level = raw({0x85});
  const auto number = raw({0, 7});
  const Extension elements[] = {{1, level}, {0, number}, {5, number}};
  write_header(writer, {.marker = true, .payload_type = 111, .sequence = 0x1234, .timestamp = 256, .ssrc = 0xdeadbeef}, elements);
  EXPECT_THAT(writer.written(), ElementsAreArray(raw({0x90, 0xef, 0x12, 0x34, 0, 0, 1, 0, 0xde, 0xad, 0xbe, 0xef,  //
                                                      0xbe, 0xde, 0, 2, 0x10, 0x85, 0x51, 0, 7, 0, 0, 0})));
}

TEST(RtpExtensions, TakeTheLongFormForASeventeenByteElement) {
  std::array<std::byte, 64> buffer;
  ByteWriter writer(buffer);
  const std::vector<std::byte> descriptor(17, std::byte{9});
  const auto number = raw({0, 7});
  const Extension elements[] = {{11, descriptor}, {5, number}};
  write_header(writer, {.payload_type = 41}, elements);
  const auto header = Header::parse(writer.written());
  ASSERT_TRUE(header);
  EXPECT_EQ(header->extensions.profile, kTwoByteProfile);
  ExtensionReader reader(header->extensions);
  EXPECT_EQ(reader.next()->data.size(), 17u);
  EXPECT_EQ(reader.next()->id, 5);
  EXPECT_FALSE(reader.next());
}

TEST(RtpExtensions, EndAtAnElementThatRunsPastTheBlock) {
  const auto block = raw({0x10, 0x85, 0x5f, 0x01});
  ExtensionReader reader({.profile = kOneByteProfile, .bytes = block});
  EXPECT_EQ(reader.next()->id, 1);
  EXPECT_FALSE(reader.next());
}

TEST(Sequence, UnwrapsAcrossTheEndInBothDirections) {
  SequenceUnwrapper unwrapper;
  const std::int64_t first = unwrapper.unwrap(0xfffe);
  EXPECT_EQ(unwrapper.unwrap(1), first + 3);
  EXPECT_EQ(unwrapper.unwrap(0xffff), first + 1);
  EXPECT_EQ(unwrapper.highest(), first + 3);
  EXPECT_EQ(ahead(std::uint16_t{1}, std::uint16_t{0xffff}), 2);
}

}  // namespace
}  // namespace conclave::rtp
