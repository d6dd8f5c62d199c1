// access.md 4.8 and scenario S6, clause by clause.
#include "access/ticket.h"

#include <gtest/gtest.h>

#include "access/decide.h"

namespace conclave::access {
namespace {

const WallTime kNow{std::chrono::seconds(1'800'000'000)};
const RoomName kA = *canonical_room("a");
const RoomName kB = *canonical_room("b");
constexpr std::string_view kMachine = "0123456789abcdef0123456789abcdef";

Identity token_for(const RoomName& room, std::optional<WallTime> until = kNow + 1h) {
  Identity identity;
  identity.kind = IdentityKind::Token;
  identity.subject = "token:" + room.key();
  identity.scope = Scope::only(room);
  identity.scope.until = until;
  identity.claimed_role = ClaimedRole::Moderator;
  identity.proof.issuer = "app";
  return identity;
}
Identity account() {
  Identity identity;
  identity.kind = IdentityKind::Password;
  identity.subject = "account:alice";
  return identity;
}

Policy every_kind() {
  Policy policy;
  policy.auth = {.token = true, .password = true, .ldap = true};
  return policy;
}

class Tickets : public testing::Test {
 protected:
  std::string buy(const Identity& identity, const RoomName& room, std::optional<std::string> old = {},
                  WallTime now = kNow, std::string_view machine = kMachine) {
    auto grant = grant_for(identity, room, policy, now);
    EXPECT_TRUE(grant);
    return book.grant(old, machine, "192.0.2.1", *std::move(grant), now).value_or("none");
  }
  std::string shown(std::string_view value, const RoomName& room, WallTime now = kNow,
                    std::string_view machine = kMachine) {
    const TicketAnswer answer = book.redeem(value, machine, room, rules(), now);
    switch (answer.kind) {
      case TicketAnswer::Kind::InScope:
        return answer.identity->subject;
      case TicketAnswer::Kind::OutOfScope:
        return "out of scope";
      case TicketAnswer::Kind::Unknown:
        return "unknown";
    }
    return "";
  }

  Rules rules() const {
    return {.policies = {.base = policy, .sections = {}},
            .verifier = std::make_shared<const TokenVerifier>(std::vector<Issuer>{{.name = issuer}})};
  }

  SeededRandom random{1};
  Policy policy = every_kind();
  std::string issuer = "app";  // whose tokens are taken
  TicketBook book{random};
};

TEST_F(Tickets, S6a_ReloadIntoTheSameRoomIsTheHostAgain) {
  const std::string value = buy(token_for(kA), kA);
  const TicketAnswer answer = book.redeem(value, kMachine, kA, rules(), kNow + 10min);
  ASSERT_EQ(answer.kind, TicketAnswer::Kind::InScope);
  EXPECT_EQ(answer.identity->proof.via, Proof::Via::Ticket);
  const Decision back = decide_entry(*answer.identity, {.name = kA}, policy, kNow + 10min);
  EXPECT_EQ(back.role, Role::Host);
  EXPECT_EQ(slug_text(back.reason.slug), "ticket-in-scope");
}

TEST_F(Tickets, S6a_ReloadOffGivesNothing) {
  policy.reload = Reload::Off;
  EXPECT_FALSE(grant_for(token_for(kA), kA, policy, kNow));
  EXPECT_FALSE(grant_for(guest("g"), kA, policy, kNow));
}

TEST_F(Tickets, S6b_ReloadIntoAnotherRoomIsAGuestAndTheSessionStaysValid) {
  const std::string value = buy(token_for(kA), kA);
  EXPECT_EQ(shown(value, kB), "out of scope");
  EXPECT_EQ(shown(value, kA), "token:a");
}

TEST_F(Tickets, S6c_SecondTabIsNoBetter) {
  // The token covers every room; the ticket only the one that was entered.
  Identity everywhere = token_for(kA);
  everywhere.scope = Scope::everywhere();
  everywhere.scope.until = kNow + 1h;
  const std::string value = buy(everywhere, kA);
  EXPECT_EQ(shown(value, kB), "out of scope");
}

TEST_F(Tickets, S6d_IdentityOfATicketOpensOnlyItsRoom) {
  const std::string value = buy(token_for(kA), kA);
  const TicketAnswer answer = book.redeem(value, kMachine, kA, rules(), kNow);
  ASSERT_TRUE(answer.identity);
  const Decision join = decide_entry(*answer.identity, {.name = kB}, policy, kNow);
  EXPECT_EQ(join.outcome, Outcome::Refuse);
  EXPECT_EQ(slug_text(join.reason.slug), "room-claim-mismatch");
}

TEST_F(Tickets, S6e_AnotherMachineGetsTheAnswerOfAnUnknownTicket) {
  const std::string value = buy(token_for(kA), kA);
  EXPECT_EQ(shown(value, kA, kNow, "ffffffffffffffffffffffffffffffff"), "unknown");
  EXPECT_EQ(shown(value, kA, kNow, ""), "unknown");
  EXPECT_EQ(shown("0" + value.substr(1), kA), "unknown");
  EXPECT_EQ(shown(value, kA), "token:a");
}

TEST_F(Tickets, S6f_WithoutATicketNothingIsFound) {
  (void)buy(token_for(kA), kA);
  EXPECT_EQ(shown("", kA), "unknown");
  EXPECT_EQ(shown(std::string(100'000, 'x'), kA), "unknown");
}

TEST_F(Tickets, S6g_EndsWhenTheTokenDoes) {
  const std::string value = buy(token_for(kA, kNow + 1h), kA);
  EXPECT_EQ(shown(value, kA, kNow + 1h - 1s), "token:a");
  EXPECT_EQ(shown(value, kA, kNow + 1h), "unknown");
}

TEST_F(Tickets, S6h_RoomsNamedAfterAnotherAreOtherRooms) {
  const std::string value = buy(token_for(kA), kA);
  EXPECT_EQ(shown(value, *canonical_room("a", "t")), "out of scope");
  EXPECT_EQ(shown(value, *canonical_room("breakout-of-b")), "out of scope");
}

TEST_F(Tickets, S6i_TwoTokensInOneBrowserOpenTwoRoomsAndNoThird) {
  const std::string first = buy(token_for(kA), kA);
  const std::string second = buy(token_for(kB), kB, first);
  EXPECT_NE(first, second);
  EXPECT_EQ(shown(second, kA), "token:a");
  EXPECT_EQ(shown(second, kB), "token:b");
  EXPECT_EQ(shown(second, *canonical_room("c")), "out of scope");
  EXPECT_EQ(shown(first, kA), "unknown");  // A18: the planted or stolen value is worthless
  EXPECT_EQ(book.wallets(), 1U);
}

TEST_F(Tickets, LifetimeIsTheShorterOfTokenAndSetting) {
  policy.ticket_lifetime = 10min;
  const std::string value = buy(token_for(kA, kNow + 1h), kA);
  EXPECT_EQ(shown(value, kA, kNow + 10min - 1s), "token:a");
  EXPECT_EQ(shown(value, kA, kNow + 10min), "unknown");
}

TEST_F(Tickets, RenewalNeverOutlivesTheToken) {
  const std::string value = buy(token_for(kA, kNow + 1h), kA);
  const TicketAnswer answer = book.redeem(value, kMachine, kA, rules(), kNow + 50min);
  ASSERT_TRUE(answer.identity);
  EXPECT_EQ(buy(*answer.identity, kA, value, kNow + 50min), value);
  EXPECT_EQ(shown(value, kA, kNow + 1h), "unknown");
}

TEST_F(Tickets, TokenWithoutEndLastsForTheMeeting) {
  const std::string value = buy(token_for(kA, std::nullopt), kA);
  EXPECT_EQ(shown(value, kA, kNow + 100h), "token:a");
  book.end_of_meeting(kB);
  EXPECT_EQ(shown(value, kA), "token:a");
  book.end_of_meeting(kA);
  EXPECT_EQ(shown(value, kA), "unknown");
}

TEST_F(Tickets, GuestsTicketIsForTheRoomAndTheMeeting) {
  const std::string value = buy(guest("g"), kA);
  EXPECT_EQ(shown(value, kA), "guest:g");
  EXPECT_EQ(shown(value, kB), "out of scope");
  book.end_of_meeting(kA);
  EXPECT_EQ(shown(value, kA), "unknown");
}

TEST_F(Tickets, CredentialCountsMoreThanHavingBeenAGuest) {
  const std::string first = buy(token_for(kA), kA);
  const std::string second = buy(guest("g"), kA, first);
  EXPECT_EQ(shown(second, kA), "token:a");
}

TEST_F(Tickets, S7_AccountsTicketSlides) {
  policy.ticket_lifetime = 10s;
  const std::string value = buy(account(), kA);
  EXPECT_EQ(shown(value, kB, kNow + 5s), "account:alice");
  EXPECT_EQ(shown(value, kB, kNow + 14s), "account:alice");
  EXPECT_EQ(shown(value, kB, kNow + 24s), "unknown");
}

TEST_F(Tickets, S7_OnlyTheGrantThatIsUsedSlides) {
  policy.ticket_lifetime = 10s;
  Identity bob = account();
  bob.subject = "account:bob";
  const std::string first = buy(bob, kA);
  const std::string both = buy(account(), kA, first);
  EXPECT_EQ(shown(both, kA, kNow + 9s), "account:alice");
  book.forget_subject("account:alice");
  EXPECT_EQ(shown(both, kA, kNow + 11s), "unknown");
}

TEST_F(Tickets, S7_WithoutAutoLoginItEndsWithTheMeeting) {
  policy.auto_login = false;
  const std::string value = buy(account(), kA);
  EXPECT_EQ(shown(value, kB), "out of scope");
  EXPECT_EQ(shown(value, kA), "account:alice");
  book.end_of_meeting(kA);
  EXPECT_EQ(shown(value, kA), "unknown");
}

TEST_F(Tickets, LogoutForgets) {
  const std::string value = buy(token_for(kA), kA);
  book.forget(value);
  EXPECT_EQ(shown(value, kA), "unknown");
  EXPECT_EQ(book.wallets(), 0U);
}

TEST_F(Tickets, ForeignOldValueIsNotTakenOver) {
  const std::string theirs = buy(token_for(kA), kA);
  const std::string mine = buy(token_for(kB), kB, theirs, kNow, "ffffffffffffffffffffffffffffffff");
  EXPECT_EQ(shown(theirs, kA), "token:a");
  EXPECT_EQ(shown(mine, kA, kNow, "ffffffffffffffffffffffffffffffff"), "out of scope");
}

TEST_F(Tickets, FullBookGivesNewcomersNoneAndKeepsTheOthers) {
  TicketBook small(random, {.max_wallets = 2, .max_grants = 2});
  const auto put = [&](const RoomName& room, std::optional<std::string> old = {}, WallTime now = kNow) {
    return small.grant(old, kMachine, "192.0.2.1", *grant_for(token_for(room, now + 1h), room, policy, now), now);
  };
  const auto first = put(kA);
  ASSERT_TRUE(first);
  ASSERT_TRUE(put(kB));
  EXPECT_FALSE(put(kA));
  EXPECT_EQ(small.redeem(*first, kMachine, kA, rules(), kNow).kind, TicketAnswer::Kind::InScope);
  EXPECT_TRUE(put(kB, first));                    // a wallet that is there may still grow
  EXPECT_TRUE(put(kA, std::nullopt, kNow + 2h));  // what expired makes room
  EXPECT_EQ(small.wallets(), 1U);
}

TEST_F(Tickets, A18_OneNetworkFillsTheBookAndPushesNobodyOut) {
  TicketBook small(random, {.max_wallets = 6, .of_network = 2});
  const auto put = [&](const std::string& network) {
    return small.grant({}, kMachine, network, *grant_for(guest("g"), kA, policy, kNow), kNow);
  };
  const auto is_good = [&](const std::string& value) {
    return small.redeem(value, kMachine, kA, rules(), kNow).kind == TicketAnswer::Kind::InScope;
  };
  const std::string other = *put("2001:db8::/64");
  std::vector<std::string> many;
  for (int i = 0; i < 5; ++i) many.push_back(*put("192.0.2.1"));
  EXPECT_FALSE(put("192.0.2.1")) << "full, and nobody gives way to the network that filled it";
  const std::string newcomer = *put("198.51.100.7");
  EXPECT_TRUE(is_good(other));
  EXPECT_TRUE(is_good(newcomer));
  EXPECT_FALSE(is_good(many.front())) << "the oldest of the network with the most";
  EXPECT_TRUE(is_good(many.back()));
  put("198.51.100.7");
  put("203.0.113.1");
  EXPECT_FALSE(put("203.0.113.2")) << "each has no more than its share";
  EXPECT_EQ(small.wallets(), 6U);
}

TEST_F(Tickets, FullWalletDropsItsOldestGrant) {
  TicketBook small(random, {.max_wallets = 2, .max_grants = 2});
  std::optional<std::string> value;
  for (const char* name : {"a", "b", "c"}) {
    const RoomName room = *canonical_room(name);
    value = small.grant(value, kMachine, "192.0.2.1", *grant_for(token_for(room), room, policy, kNow), kNow);
  }
  EXPECT_EQ(small.redeem(*value, kMachine, kA, rules(), kNow).kind, TicketAnswer::Kind::OutOfScope);
  EXPECT_EQ(small.redeem(*value, kMachine, kB, rules(), kNow).kind, TicketAnswer::Kind::InScope);
}

TEST_F(Tickets, ValuesAreLongAndNeverTheSame) {
  const std::string one = buy(guest("1"), kA);
  const std::string two = buy(guest("2"), kA);
  EXPECT_EQ(one.size(), 48U);
  EXPECT_NE(one, two);
}

TEST_F(Tickets, WalletKeepsItsPublicNameOverRotation) {
  const std::string one = buy(token_for(kA), kA);
  const std::string name = book.wallet_named(one);
  EXPECT_FALSE(name.empty());
  EXPECT_NE(name, one);
  const auto two = book.grant(one, kMachine, "192.0.2.1", *grant_for(token_for(kB), kB, policy, kNow), kNow);
  ASSERT_TRUE(two);
  EXPECT_EQ(book.wallet_named(*two), name);
  EXPECT_EQ(book.redeem(*two, kMachine, kA, rules(), kNow).identity->proof.wallet, name);
  EXPECT_EQ(book.wallet_named(one), "");
}

// S25: what a reload of the settings takes from tickets that were bought before.
TEST_F(Tickets, S25_ReloadOffTakesWhatTokensAndGuestsBought) {
  const std::string host = buy(token_for(kA), kA);
  const std::string alice = buy(account(), kA);
  policy.reload = Reload::Off;
  EXPECT_EQ(shown(host, kA), "out of scope");
  EXPECT_EQ(shown(alice, kA), "account:alice");
  policy.reload = Reload::Room;
  EXPECT_EQ(shown(host, kA), "token:a");
}

TEST_F(Tickets, S25_ACredentialOfAKindThatIsTakenNoLongerBuysNothing) {
  const std::string host = buy(token_for(kA), kA);
  const std::string alice = buy(account(), kA);
  policy.auth.password = false;
  EXPECT_EQ(shown(alice, kA), "out of scope");
  EXPECT_EQ(shown(host, kA), "token:a");
  issuer = "another";
  EXPECT_EQ(shown(host, kA), "out of scope");
}

TEST_F(Tickets, S25_WithoutAutoLoginATicketThatOutlivesTheMeetingIsWorthNothing) {
  const std::string alice = buy(account(), kA);
  policy.auto_login = false;
  EXPECT_EQ(shown(alice, kA), "out of scope");
  const std::string of_meeting = buy(account(), kA);
  EXPECT_EQ(shown(of_meeting, kA), "account:alice");
}

TEST_F(Tickets, S25_AShorterLifeCountsFromTheLastUse) {
  const std::string alice = buy(account(), kA);
  policy.ticket_lifetime = std::chrono::hours(1);
  EXPECT_EQ(shown(alice, kA, kNow + 2h), "out of scope");
  EXPECT_EQ(shown(alice, kA, kNow + 59min), "account:alice");
  EXPECT_EQ(shown(alice, kA, kNow + 59min + 1h), "unknown");
}

}  // namespace
}  // namespace conclave::access
