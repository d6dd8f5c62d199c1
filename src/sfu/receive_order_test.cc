#include "sfu/receive_order.h"

#include <gtest/gtest.h>

#include <set>

#include "base/random.h"

namespace conclave::sfu {
namespace {

using Arrival = ReceiveOrder::Arrival;

TEST(ReceiveOrder, TellsNewFromDuplicateAndTooLateAcrossTheWrap) {
  ReceiveOrder order;
  EXPECT_EQ(order.received(65530).arrival, Arrival::New);
  EXPECT_EQ(order.received(65530).arrival, Arrival::Duplicate);
  EXPECT_EQ(order.received(5).arrival, Arrival::New);
  EXPECT_EQ(order.received(65535).arrival, Arrival::New);
  EXPECT_EQ(order.received(65535).arrival, Arrival::Duplicate);
  EXPECT_EQ(order.received(static_cast<std::uint16_t>(5 - kOrderWindow)).arrival, Arrival::TooLate);
}

TEST(ReceiveOrder, RefusesRetransmissionsOfTheFuture) {
  ReceiveOrder order;
  EXPECT_EQ(order.received_again(7).arrival, Arrival::TooLate);  // before there is a stream
  order.received(10);
  EXPECT_EQ(order.received_again(static_cast<std::uint16_t>(10 + kMaxLead + 1)).arrival, Arrival::TooLate);
  EXPECT_EQ(order.received_again(9).arrival, Arrival::New);
}

TEST(ReceiveOrder, ClosesUpBehindWhatWasDroppedAndKeepsRealLoss) {
  ReceiveOrder order;
  const auto number = [&](std::uint16_t s) { return static_cast<std::uint16_t>(order.number(order.received(s).sequence).value()); };
  EXPECT_EQ(number(10), 10);
  order.drop(order.received(11).sequence);
  EXPECT_EQ(number(12), 11);
  EXPECT_EQ(number(14), 13);  // 13 is lost
  EXPECT_EQ(number(13), 12);  // and comes late
  order.drop(order.received(9).sequence);  // later ones are on their way already
  EXPECT_EQ(number(15), 14);
}

TEST(ReceiveOrder, NeverGivesANumberTwice) {
  SeededRandom random(3);
  for (int round = 0; round < 50; ++round) {
    ReceiveOrder order;
    std::set<std::int64_t> given;
    std::uint16_t at = static_cast<std::uint16_t>(random.number());
    for (int i = 0; i < 3000; ++i) {
      const std::uint64_t r = random.number();
      at = static_cast<std::uint16_t>(at + r % 3);
      const auto sequence = static_cast<std::uint16_t>(at - (r >> 8) % 40);
      const auto result = (r >> 16) % 4 == 0 ? order.received_again(sequence) : order.received(sequence);
      if (result.arrival != Arrival::New) continue;
      if ((r >> 20) % 5 == 0) {
        order.drop(result.sequence);
      } else if (const auto number = order.number(result.sequence)) {
        EXPECT_TRUE(given.insert(*number).second) << "round " << round << " step " << i;
      }
    }
  }
}

}  // namespace
}  // namespace conclave::sfu
