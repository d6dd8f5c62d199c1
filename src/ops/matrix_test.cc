#include "ops/matrix.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace conclave::ops {
namespace {

constexpr WallTime kNow{std::chrono::seconds(1'790'000'000)};

class MatrixTest : public testing::Test {
 protected:
  std::string cell(std::string_view person, std::string_view column) const {
    const Matrix matrix = matrix_of(access::canonical_room("board").value(), policy, kNow);
    const auto row = std::ranges::find_if(matrix.rows, [&](const MatrixRow& one) { return one.person == person; });
    const auto at = std::ranges::find(matrix.columns, column);
    if (row == matrix.rows.end() || at == matrix.columns.end()) return "no such cell";
    return row->cells.at(static_cast<std::size_t>(at - matrix.columns.begin())).text;
  }

  access::Policy policy;
};

// The rows and columns of the table in access.md 4.7, with the defaults.
TEST_F(MatrixTest, HasTheCellsOfTheTable) {
  EXPECT_EQ(cell("guest", "absent"), "wait");
  EXPECT_EQ(cell("guest", "open"), "guest");
  EXPECT_EQ(cell("guest", "+password"), "password");
  EXPECT_EQ(cell("guest", "+lobby"), "knock");
  EXPECT_EQ(cell("guest", "+accounts only"), "login");
  EXPECT_EQ(cell("guest", "held"), "wait");
  EXPECT_EQ(cell("guest", "just ended"), "refuse ended");
  EXPECT_EQ(cell("guest", "+full"), "full");
  EXPECT_EQ(cell("guest, back with a ticket", "+lobby"), "guest");
  EXPECT_EQ(cell("guest, kicked before", "open"), "knock");
  EXPECT_EQ(cell("token, says moderator", "absent"), "start, host");
  EXPECT_EQ(cell("token, says moderator", "+lobby"), "host");
  EXPECT_EQ(cell("token, says participant", "waiting"), "wait");
  EXPECT_EQ(cell("token, says participant", "held"), "participant");
  EXPECT_EQ(cell("token, says nothing", "just ended"), "start, host");
  EXPECT_EQ(cell("token, says visitor", "open"), "visitor");
  EXPECT_EQ(cell("token, another room", "open"), "refuse room-claim-mismatch");
  EXPECT_EQ(cell("token, expired", "open"), "refuse token-expired");
  EXPECT_EQ(cell("service, not called", "open"), "refuse service-not-called");
}

TEST_F(MatrixTest, FollowsThePolicy) {
  policy.guests = access::Guests::Deny;
  policy.moderators = access::Moderators::Claimed;
  policy.starters = access::Starters::Authenticated;
  EXPECT_EQ(cell("guest", "open"), "login");
  EXPECT_EQ(cell("token, says nothing", "absent"), "start, participant");
  EXPECT_EQ(cell("account, says moderator", "open"), "no such cell");
  policy.auth.password = true;
  EXPECT_EQ(cell("account, says moderator", "open"), "host");
}

TEST_F(MatrixTest, IsATableOfEqualLines) {
  const std::string text = as_text(matrix_of(access::canonical_room("board").value(), policy, kNow));
  const std::size_t width = text.find('\n');
  ASSERT_NE(width, std::string::npos);
  for (std::size_t begin = 0; begin < text.size(); begin += width + 1) EXPECT_EQ(text.at(begin + width), '\n');
}

}  // namespace
}  // namespace conclave::ops
