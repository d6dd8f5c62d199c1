#include "access/used_tokens.h"

#include <gtest/gtest.h>

namespace conclave::access {
namespace {

const WallTime kNow{std::chrono::seconds(1'800'000'000)};

Identity holder(std::string jti, std::chrono::seconds left = std::chrono::seconds(60), std::string issuer = "app") {
  Identity identity;
  identity.kind = IdentityKind::Token;
  identity.proof.issuer = std::move(issuer);
  identity.proof.jti = std::move(jti);
  identity.scope.until = kNow + left;
  return identity;
}

TEST(UsedTokens, A10_AreGoodOnce) {
  UsedTokens used;
  EXPECT_TRUE(used.use(holder("a"), kNow));
  EXPECT_FALSE(used.use(holder("a"), kNow));
  EXPECT_TRUE(used.use(holder("b"), kNow));
  EXPECT_TRUE(used.use(holder("a", std::chrono::seconds(60), "other"), kNow));
  EXPECT_FALSE(used.use(holder("a"), kNow + std::chrono::seconds(59)));
}

TEST(UsedTokens, A10_AskingUsesNothingUp) {
  UsedTokens used;
  EXPECT_FALSE(used.was_used(holder("a")));
  EXPECT_TRUE(used.use(holder("a"), kNow));
  EXPECT_TRUE(used.was_used(holder("a")));
  EXPECT_FALSE(used.was_used(holder("a", std::chrono::seconds(60), "other")));
}

TEST(UsedTokens, AreForgottenWhenTheyHaveExpired) {
  UsedTokens used;
  EXPECT_TRUE(used.use(holder("a"), kNow));
  EXPECT_TRUE(used.use(holder("b", std::chrono::seconds(90)), kNow + std::chrono::seconds(60)));
  EXPECT_EQ(used.size(), 1U);
}

TEST(UsedTokens, AreABoundedNumberAndThenNoneIsGood) {
  UsedTokens used;
  for (std::size_t i = 0; i < UsedTokens::kMaxUsed; ++i) ASSERT_TRUE(used.use(holder(std::to_string(i)), kNow));
  EXPECT_FALSE(used.use(holder("one more"), kNow));
  EXPECT_TRUE(used.use(holder("one more", std::chrono::seconds(90)), kNow + std::chrono::seconds(60)));
}

TEST(UsedTokens, OneWithoutEndIsNotGood) {
  UsedTokens used;
  Identity endless = holder("a");
  endless.scope.until.reset();
  EXPECT_FALSE(used.use(endless, kNow));
}

}  // namespace
}  // namespace conclave::access
