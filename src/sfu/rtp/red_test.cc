#include "sfu/rtp/red.h"

#include <gtest/gtest.h>

#include <vector>

namespace conclave::rtp {
namespace {

std::vector<std::byte> raw(std::initializer_list<int> values) {
  std::vector<std::byte> result;
  for (const int v : values) result.push_back(static_cast<std::byte>(v));
  return result;
}

TEST(Red, ThePrimaryBlockStandsLast) {
  // One block of two bytes, 960 ticks earlier; then three bytes, all of type 111.
  const auto packet = raw({0xef, 0x0f, 0x00, 0x02, 0x6f, 1, 2, 3, 4, 5});
  const auto primary = red_primary(packet);
  ASSERT_TRUE(primary);
  EXPECT_EQ(primary->payload_type, 111);
  EXPECT_EQ(primary->payload.size(), 3u);
  EXPECT_EQ(std::to_integer<int>(primary->payload[0]), 3);
}

TEST(Red, MayCarryNothingElse) {
  const auto packet = raw({0x6f, 9});
  EXPECT_EQ(red_primary(packet)->payload.size(), 1u);
}

TEST(Red, WhatDoesNotLookLikeItIsRefused) {
  EXPECT_FALSE(red_primary({}));
  EXPECT_FALSE(red_primary(raw({0x6f})));                                    // no data
  EXPECT_FALSE(red_primary(raw({0xef, 0x0f, 0x00})));                        // ends in a header
  EXPECT_FALSE(red_primary(raw({0xef, 0x0f, 0x03, 0xff, 0x6f, 1, 2})));      // a block longer than the packet
  EXPECT_FALSE(red_primary(raw({0xef, 0x0f, 0x00, 0x01, 0x70, 1, 2})));      // blocks of two types
}

}  // namespace
}  // namespace conclave::rtp
