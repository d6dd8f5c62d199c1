#include "sfu/ssrc_slots.h"

#include <gtest/gtest.h>

namespace conclave::sfu {
namespace {

constexpr TimePoint t0{1000s};

class SsrcSlotsTest : public ::testing::Test {
 protected:
  // Never followed: only whether there is one counts here.
  SendStream* const live_ = reinterpret_cast<SendStream*>(this);

  SsrcSlot* give(const std::string& source, TimePoint at, TimePoint idle_since = {}) {
    SsrcSlot* slot = slots_.take(source, idle_since);
    if (slot == nullptr) return nullptr;
    if (slot->ssrc == 0) slot->ssrc = ++drawn_;
    slot->source = source;
    slot->stream = live_;
    slot->used = at;
    return slot;
  }
  SsrcSlots slots_;
  std::uint32_t drawn_ = 0;
};

TEST_F(SsrcSlotsTest, AFreedSlotIsReusedBeforeANewOneIsMade) {
  SsrcSlot* a = give("a", t0);
  SsrcSlot* b = give("b", t0 + 1s);
  EXPECT_NE(a, b);
  a->stream = b->stream = nullptr;
  EXPECT_EQ(give("c", t0 + 2s), a) << "the one that was used longest ago";
  EXPECT_EQ(a->ssrc, 1u);
  EXPECT_EQ(slots_.all().size(), 2u);
}

TEST_F(SsrcSlotsTest, WhoComesBackGetsHisOwn) {
  SsrcSlot* a = give("a", t0);
  SsrcSlot* b = give("b", t0 + 1s);
  a->stream = b->stream = nullptr;
  EXPECT_EQ(give("b", t0 + 2s), b);
}

TEST_F(SsrcSlotsTest, InALongMeetingOfManyThereAreNeverMoreThanTheLimit) {
  for (int person = 0; person < 1000; ++person) {
    SsrcSlot* slot = give("p" + std::to_string(person), t0 + person * 1s);
    ASSERT_NE(slot, nullptr);
    slot->stream = nullptr;
  }
  EXPECT_EQ(slots_.all().size(), 1u);
  for (int person = 0; person < 1000; ++person) give("q" + std::to_string(person), t0 + 2000s + person * 1s);
  EXPECT_EQ(slots_.all().size(), kMaxSlotsPerKind);
  EXPECT_TRUE(slots_.all_in_use());
}

TEST_F(SsrcSlotsTest, ABusySlotIsTakenOnlyWhenItWasIdleForLongEnough) {
  for (std::size_t i = 0; i < kMaxSlotsPerKind; ++i) give("s" + std::to_string(i), t0 + 10ms * static_cast<int>(i));
  EXPECT_EQ(give("late", t0 + 1s, t0 - 1ms), nullptr);
  const SsrcSlot* taken = give("late", t0 + 1s, t0 + 5ms);
  ASSERT_NE(taken, nullptr);
  EXPECT_EQ(taken->ssrc, 1u) << "that of s0";
}

}  // namespace
}  // namespace conclave::sfu
