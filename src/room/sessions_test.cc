// What a session is to the rooms, and when that ends.
#include "room/sessions.h"

#include "room/room_fixture.h"

namespace conclave::room {
namespace {

using access::Outcome;
using access::Role;

class TicketsOfSessions : public RoomsTest {
 protected:
  // What a ticket stands for, once redeemed.
  access::Identity ticket(bool ends_with_meeting) {
    access::Identity identity = host("owner").visitor.identity;
    identity.proof.via = access::Proof::Via::Ticket;
    identity.proof.ticket = access::Proof::Ticket::InScope;
    identity.proof.ends_with_meeting = ends_with_meeting;
    return identity;
  }
  const Client ada = host("ada"), tab = guest("tab");
};

TEST_F(TicketsOfSessions, ATicketForTheMeetingsLengthDoesNotOutliveIt) {
  join(ada, "board");
  ask(tab, "board", ticket(true));
  rooms.end_meeting(room_name("board"));
  loop.advance(11s);
  join(tab, "board");
  EXPECT_FALSE(inside("board", tab)) << "a guest, who waits";
  EXPECT_EQ(rooms.room_count(), 0u);
}

TEST_F(TicketsOfSessions, OneWithAnEndOfItsOwnDoes) {
  join(ada, "board");
  ask(tab, "board", ticket(false));
  rooms.end_meeting(room_name("board"));
  loop.advance(11s);
  join(tab, "board");
  EXPECT_EQ(role("board", tab), Role::Host);
}

TEST_F(TicketsOfSessions, ALogoutEndsWhatTheyGave) {
  join(ada, "board");
  ask(tab, "board", ticket(false));
  rooms.logged_out(tab.visitor.sender.session);
  join(tab, "board");
  EXPECT_EQ(role("board", tab), Role::Guest);
}

TEST_F(TicketsOfSessions, ASessionThatEndedWhileItsBookingWasAskedForIsKnownNoMore) {
  RoomOptions booked = options();
  booked.booking = true;
  Rooms booking{loop, outbox, random, policies, booked, listener, log};
  const xmpp::SessionId session = ada.visitor.sender.session;
  EXPECT_TRUE(booking.would_start(ada.visitor, room_name("board"), {}));
  EXPECT_TRUE(booking.still_asks(session));
  booking.session_ended(session);
  EXPECT_FALSE(booking.still_asks(session));
}

}  // namespace
}  // namespace conclave::room
