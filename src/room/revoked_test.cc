#include "room/room_fixture.h"

namespace conclave::room {
namespace {

using access::Role;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class Revoked : public RoomsTest {
 protected:
  Revoked() {
    for (const Client& who : {ada, eve, bo}) join(who, "board");
    forget_sent();
  }
  void revoke(const std::string& subject) {
    rooms.credentials_revoked([&](const access::Identity& identity) { return identity.subject == subject; });
    loop.run_ready();
  }
  const Client ada = host("ada"), eve = host("eve"), bo = guest("bo");
};

TEST_F(Revoked, S19_HolderIsAGuestAndEverybodySeesIt) {
  revoke("token:eve");
  EXPECT_EQ(role("board", eve), Role::Guest);
  EXPECT_EQ(role("board", ada), Role::Host);
  EXPECT_THAT(only(bo), HasSubstr(R"(affiliation="none")"));
}

TEST_F(Revoked, S19_HolderIsRemovedWhereGuestsMayNotBe) {
  policy.guests = access::Guests::Deny;
  revoke("token:eve");
  EXPECT_FALSE(inside("board", eve));
  EXPECT_TRUE(inside("board", ada));
}

TEST_F(Revoked, S19_HolderIsRemovedWhereOnlyAccountsMayBe) {
  send(ada,
       "<iq type='set' id='c1' to='board@conference.example'><query xmlns='http://jabber.org/protocol/muc#owner'>"
       "<x xmlns='jabber:x:data' type='submit'><field var='allowUnauthenticatedAccess'>"
       "<value>false</value></field></x></query></iq>");
  revoke("token:eve");
  EXPECT_FALSE(inside("board", eve));
  EXPECT_TRUE(inside("board", ada));
}

TEST_F(Revoked, S19_TicketOfTheCredentialIsForgotten) {
  const Client tab = guest("tab");
  ask(tab, "board", eve.visitor.identity);
  revoke("token:eve");
  join(tab, "board");
  EXPECT_EQ(role("board", tab), Role::Guest);
}

TEST_F(Revoked, OthersHearNothing) {
  revoke("token:nobody");
  EXPECT_THAT(take(bo), IsEmpty());
}

TEST_F(Revoked, ForeseeingChangesAndTellsNothing) {
  const access::Decision now = rooms.foresee(access::guest("x"), room_name("elsewhere"));
  EXPECT_EQ(now.outcome, access::Outcome::Wait);
  EXPECT_EQ(rooms.foresee(ada.visitor.identity, room_name("elsewhere")).starts_room, true);
  EXPECT_EQ(rooms.room_count(), 1u);
  EXPECT_THAT(log.decisions, IsEmpty());
}

TEST_F(Revoked, A41_WhoWasBarredIsForeseenByHisBrowser) {
  policy.kicked = access::Kicked::Barred;
  Client mallory = guest("mallory"), again = guest("again");
  mallory.visitor.machine = again.visitor.machine = "5d0c";
  ask(mallory, "board");
  join(mallory, "board");
  admin(ada, "board", "<item nick='mallory' role='none'/>");
  ask(again, "board");
  EXPECT_EQ(rooms.foresee(again.visitor, room_name("board")).reason.slug, access::Slug::Barred);
}

TEST_F(Revoked, WhoShowedATicketIsForeseenByIt) {
  const Client back = guest("back");
  access::Identity from_ticket = ada.visitor.identity;
  from_ticket.proof.ticket = access::Proof::Ticket::InScope;
  ask(back, "board", from_ticket);
  EXPECT_EQ(rooms.foresee(back.visitor, room_name("board")).role, access::Role::Host);
}

TEST_F(Revoked, OperatorTakesOutAndBars) {
  EXPECT_FALSE(rooms.remove(room_name("board"), "nobody", false, "x"));
  EXPECT_FALSE(rooms.remove(room_name("elsewhere"), "bo", false, "x"));
  EXPECT_TRUE(rooms.remove(room_name("board"), "eve", true, "noise"));
  loop.run_ready();
  EXPECT_FALSE(inside("board", eve));
  EXPECT_EQ(rooms.foresee(eve.visitor.identity, room_name("board")).reason.slug, access::Slug::Barred);
}

}  // namespace
}  // namespace conclave::room
