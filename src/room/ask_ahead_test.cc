// Who asks before he opens a stream (signalling.md 4.2).
#include "room/room_fixture.h"

namespace conclave::room {
namespace {

class AskAheadTest : public RoomsTest {
 protected:
  access::Decision ask_ahead(const access::Identity& identity, std::string_view room, std::string peer = "192.0.2.1") {
    return rooms.ask({.sender = {}, .identity = identity, .peer = std::move(peer)}, room_name(room), {});
  }
  access::Identity a_host() { return host("ada").visitor.identity; }
};

TEST_F(AskAheadTest, AHostStartsTheRoomAndEntersByHisStream) {
  EXPECT_TRUE(ask_ahead(a_host(), "board").starts_room);
  EXPECT_NE(rooms.find(room_name("board")), nullptr);
  const Client ada = host("ada");
  join(ada, "board");
  EXPECT_EQ(rooms.occupant_count(), 1U);
}

TEST_F(AskAheadTest, AGuestWaitsAndIsNotCounted) {
  EXPECT_EQ(ask_ahead(access::guest(""), "board").outcome, access::Outcome::Wait);
  EXPECT_EQ(rooms.waiting_count(), 0U);
  EXPECT_EQ(rooms.find(room_name("board")), nullptr);
}

TEST_F(AskAheadTest, WhatWasStartedAndNeverEnteredHasALimitPerNetwork) {
  const auto many = [&](std::size_t from, std::size_t to, const std::string& peer) {
    access::Outcome last = access::Outcome::Admit;
    for (std::size_t i = from; i < to; ++i) last = ask_ahead(a_host(), "r" + std::to_string(i), peer).outcome;
    return last;
  };
  EXPECT_EQ(many(0, kMaxRoomsAhead, "192.0.2.1"), access::Outcome::Admit);
  EXPECT_EQ(many(100, 101, "192.0.2.1"), access::Outcome::Full);
  EXPECT_EQ(many(200, 201, "192.0.2.2"), access::Outcome::Admit);
  // Entered, it counts no more.
  join(host("ada"), "r0");
  EXPECT_EQ(many(100, 101, "192.0.2.1"), access::Outcome::Admit);
  // Nor when it is over.
  EXPECT_EQ(many(101, 102, "192.0.2.1"), access::Outcome::Full);
  loop.advance(kStartTimeout);
  EXPECT_EQ(many(101, 102, "192.0.2.1"), access::Outcome::Admit);
}

}  // namespace
}  // namespace conclave::room
