#include "room/definitions.h"

#include "room/room_fixture.h"

namespace conclave::room {
namespace {

using access::Outcome;
using access::Role;
using access::RoomState;
using testing::HasSubstr;
using testing::IsEmpty;

class DefinitionsTest : public RoomsTest {
 protected:
  access::RoomDefinition board() { return {.name = room_name("board")}; }
  void define(access::RoomDefinition definition) { ASSERT_TRUE(rooms.define(std::move(definition))); }
};

TEST_F(DefinitionsTest, OwnersAreHostsAndOthersAreWhatTheyAre) {
  auto definition = board();
  definition.owners = {"token:pat"};
  define(definition);
  const Client pat = participant("pat"), quin = participant("quin");
  EXPECT_EQ(ask(quin, "board").outcome, Outcome::Wait);
  EXPECT_TRUE(ask(pat, "board").starts_room);
  join(pat, "board");
  join(quin, "board");
  EXPECT_EQ(role("board", pat), Role::Host);
  EXPECT_EQ(role("board", quin), Role::Participant);
  EXPECT_EQ(ask(pat, "plans").outcome, Outcome::Wait);
}

TEST_F(DefinitionsTest, ThePasswordHoldsFromTheFirstSecond) {
  auto definition = board();
  definition.password = "sesame";
  define(definition);
  const Client ada = host("ada"), bo = guest("bo");
  join(ada, "board");
  forget_sent();
  join(bo, "board");
  EXPECT_THAT(only(bo), HasSubstr("not-authorized"));
  send(bo,
       "<presence to='board@conference.example/bo'><x xmlns='http://jabber.org/protocol/muc'>"
       "<password>sesame</password></x></presence>");
  EXPECT_EQ(role("board", bo), Role::Guest);
}

TEST_F(DefinitionsTest, WhoStartsWithoutBeingHostNeedsThePasswordToo) {
  policy.starters = access::Starters::Authenticated;
  auto definition = board();
  definition.password = "sesame";
  define(definition);
  const Client pat = participant("pat");
  EXPECT_EQ(ask(pat, "board").outcome, Outcome::AskPassword);
  EXPECT_EQ(state("board"), RoomState::Absent);
}

TEST_F(DefinitionsTest, TheCapacityIsTheRooms) {
  auto definition = board();
  definition.capacity = 1;
  define(definition);
  const Client ada = host("ada"), bea = host("bea");
  join(ada, "board");
  join(bea, "board");
  EXPECT_TRUE(inside("board", ada));
  EXPECT_FALSE(inside("board", bea));
}

TEST_F(DefinitionsTest, ItBeginsAndEndsAtItsTimes) {
  auto definition = board();
  definition.not_before = loop.wall_now() + 60s;
  definition.expires = loop.wall_now() + 120s;
  define(definition);
  const Client ada = host("ada");
  EXPECT_EQ(ask(ada, "board").outcome, Outcome::Wait);
  loop.advance(60s);
  join(ada, "board");
  EXPECT_TRUE(inside("board", ada));
  forget_sent();
  loop.advance(60s);
  EXPECT_THAT(only(ada), HasSubstr("Scheduled conference duration exceeded."));
  EXPECT_EQ(state("board"), RoomState::Absent);
  const access::Decision late = ask(ada, "board");
  EXPECT_EQ(late.outcome, Outcome::Refuse);
  EXPECT_EQ(late.reason.slug, access::Slug::Ended);
}

TEST_F(DefinitionsTest, CanBeTakenBack) {
  define(board());
  EXPECT_EQ(rooms.definitions().size(), 1u);
  EXPECT_TRUE(rooms.undefine(room_name("board")));
  EXPECT_FALSE(rooms.undefine(room_name("board")));
  EXPECT_THAT(rooms.definitions(), IsEmpty());
}

TEST_F(DefinitionsTest, AreBounded) {
  for (std::size_t i = 0; i < kMaxDefinitions; ++i)
    ASSERT_TRUE(rooms.define({.name = room_name("room" + std::to_string(i))}));
  EXPECT_FALSE(rooms.define(board()));
  EXPECT_TRUE(rooms.define({.name = room_name("room7")}));
}

class BookedTest : public DefinitionsTest {
 protected:
  static RoomOptions with_booking() {
    RoomOptions options = RoomsTest::options();
    options.booking = true;
    return options;
  }
  Rooms booked_rooms{loop, outbox, random, policies, with_booking(), listener, log};
};

TEST_F(BookedTest, ARoomIsStartedOnlyWhenTheBookingServerAgrees_A31) {
  const Client ada = host("ada"), bo = guest("bo");
  const access::RoomName board = room_name("board");
  EXPECT_FALSE(booked_rooms.would_start(bo.visitor, board, {}));
  EXPECT_TRUE(booked_rooms.would_start(ada.visitor, board, {}));
  EXPECT_EQ(booked_rooms.ask(ada.visitor, board, {}).outcome, Outcome::Wait);

  const auto denied =
      booked_rooms.ask(ada.visitor, board, {}, {.answer = access::Booking::Denied, .text = "Not on Sundays."});
  EXPECT_EQ(denied.outcome, Outcome::Refuse);
  EXPECT_EQ(denied.reason.slug, access::Slug::BookingDenied);
  EXPECT_EQ(denied.reason.sentence, "Not on Sundays.");
  EXPECT_EQ(booked_rooms.room_count(), 0u);

  access::RoomDefinition terms{.name = board};
  terms.expires = loop.wall_now() + 30s;
  const auto granted = booked_rooms.ask(ada.visitor, board, {}, {.answer = access::Booking::Granted, .terms = terms});
  EXPECT_TRUE(granted.starts_room);
  EXPECT_FALSE(booked_rooms.would_start(ada.visitor, board, {}));
}

TEST_F(BookedTest, AJoinWithoutARequestIsToldToAsk_A31) {
  const Client ada = host("ada");
  const auto stanza =
      xmpp::parse("<presence to='board@conference.example/ada'><x xmlns='http://jabber.org/protocol/muc'/></presence>");
  booked_rooms.stanza(ada.visitor, *stanza);
  EXPECT_THAT(only(ada), HasSubstr("type=\"error\""));
  EXPECT_EQ(booked_rooms.room_count(), 0u);
}

// A reload defines rooms anew, also those that are as they were.
TEST_F(BookedTest, ABookingOutlivesWhatTheOperatorSaysAnew_S25) {
  const Client ada = host("ada");
  const access::RoomName board = room_name("board");
  access::RoomDefinition terms{.name = board};
  terms.expires = loop.wall_now() + 30s;
  terms.capacity = 1;
  (void)booked_rooms.ask(ada.visitor, board, {}, {.answer = access::Booking::Granted, .terms = terms});
  ASSERT_EQ(booked_rooms.room_count(), 1u);

  const auto join_booked = [&](const Client& who, const std::string& nick) {
    const std::string join =
        "<presence to='board@conference.example/" + nick + "'><x xmlns='http://jabber.org/protocol/muc'/></presence>";
    booked_rooms.stanza(who.visitor, *xmpp::parse(join));
  };
  join_booked(ada, "ada");
  EXPECT_TRUE(booked_rooms.define({.name = board, .owners = {"token:bea"}}));
  EXPECT_TRUE(booked_rooms.undefine(board));
  const Client bea = host("bea");
  join_booked(bea, "bea");
  EXPECT_EQ(booked_rooms.find(board)->occupants().size(), 1u) << "the booked capacity holds";
  loop.advance(30s);
  EXPECT_EQ(booked_rooms.room_count(), 0u) << "the booked end holds";
}

TEST(SaidOf, ABookingNarrowsWhatTheOperatorSaid) {
  const WallTime noon{std::chrono::seconds(1'800'000'000)};
  const access::RoomDefinition definition{
      .name = room_name("board"), .owners = {"account:alice"}, .password = "sesame", .expires = noon + 10s};
  Booked booked{.answer = access::Booking::Granted, .terms = access::RoomDefinition{.name = room_name("board")}};
  booked.terms->capacity = 5;
  booked.terms->expires = noon;
  const auto said = said_of(&definition, &booked);
  ASSERT_TRUE(said.has_value());
  EXPECT_TRUE(said->owners.contains("account:alice"));
  EXPECT_EQ(said->password, "sesame");
  EXPECT_EQ(said->capacity, 5u);
  EXPECT_EQ(said->expires, noon);
  EXPECT_FALSE(said_of(nullptr, nullptr).has_value());
}

}  // namespace
}  // namespace conclave::room
