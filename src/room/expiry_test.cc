// S18, the notice: a minute before somebody's credential ends he is told, where its end changes anything.
#include "room/expiry.h"

#include "room/room_fixture.h"

namespace conclave::room {
namespace {

using access::Role;
using access::TokenExpiry;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class Expiry : public RoomsTest {
 protected:
  void begin(TokenExpiry expiry, std::chrono::seconds life) {
    policy.token_expiry = expiry;
    late.visitor.identity.scope.until = loop.wall_now() + life;
    join(ada, "board");
    join(late, "board");
    forget_sent();
  }
  static auto notice() { return Contains(HasSubstr("Your access ends in a minute.")); }

  const Client ada = host("ada");
  Client late = host("late");
};

TEST_F(Expiry, S18_HeIsToldAMinuteBeforeAndNobodyElseIs) {
  begin(TokenExpiry::Demote, 10min);
  loop.advance(9min - 1s);
  EXPECT_THAT(take(late), IsEmpty());
  loop.advance(1s);
  EXPECT_THAT(take(late), notice());
  EXPECT_THAT(take(ada), IsEmpty());
  EXPECT_EQ(role("board", late), Role::Host);
  loop.advance(59s);
  EXPECT_EQ(role("board", late), Role::Host);
  loop.advance(1s);
  EXPECT_EQ(role("board", late), Role::Guest);
  EXPECT_THAT(take(ada), Contains(HasSubstr(R"(affiliation="none")"))) << "everybody sees it";
}

TEST_F(Expiry, S18_TheLifeThatIsLeftMayBeShorterThanTheNotice) {
  begin(TokenExpiry::Remove, 5s);
  loop.advance(4s);
  EXPECT_TRUE(inside("board", late));
  loop.advance(1s);
  EXPECT_FALSE(inside("board", late));
  EXPECT_THAT(take(late), Contains(HasSubstr("Your token has expired.")));
}

TEST_F(Expiry, S18_AnAccountsTicketIsNoToken) {
  late.visitor.identity.kind = access::IdentityKind::Password;
  begin(TokenExpiry::Remove, 2min);
  loop.advance(1h);
  EXPECT_THAT(take(late), Not(notice()));
  EXPECT_EQ(role("board", late), Role::Host);
}

TEST_F(Expiry, S18_WhoIsKeptIsNotAlarmed) {
  begin(TokenExpiry::Keep, 2min);
  loop.advance(1h);
  EXPECT_THAT(take(late), Not(notice()));
  EXPECT_EQ(role("board", late), Role::Host);
}

TEST_F(Expiry, S18_OneThatIsGoodForWeeksIsLookedAtAgain) {
  begin(TokenExpiry::Demote, 24h * 20);
  for (int day = 0; day < 20; ++day) {
    EXPECT_THAT(take(late), Not(notice()));
    EXPECT_EQ(role("board", late), Role::Host) << day;
    loop.advance(24h);
  }
  EXPECT_EQ(role("board", late), Role::Guest);
}

TEST_F(Expiry, S18_AFreshCredentialMovesTheEnd) {
  begin(TokenExpiry::Remove, 2min);
  late.visitor.identity.scope.until = loop.wall_now() + 1h;
  rooms.identity_changed(late.visitor);
  loop.advance(3min);
  EXPECT_THAT(take(late), Not(notice()));
  EXPECT_TRUE(inside("board", late));
}

TEST_F(Expiry, S18_WhoHasLeftHearsNothing) {
  begin(TokenExpiry::Demote, 2min);
  leave(late, "board");
  take(late);
  loop.advance(3min);
  EXPECT_THAT(take(late), IsEmpty());
}

TEST_F(Expiry, S18_WhereGuestsMayNotBeDemotingIsRemoving) {
  policy.guests = access::Guests::Deny;
  begin(TokenExpiry::Demote, 30s);
  loop.advance(30s);
  EXPECT_FALSE(inside("board", late));
}

}  // namespace
}  // namespace conclave::room
