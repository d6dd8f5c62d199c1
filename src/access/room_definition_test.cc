#include "access/room_definition.h"

#include "base/rfc3339.h"

#include <gmock/gmock.h>

#include "access/decide.h"

namespace conclave::access {
namespace {

const WallTime kNow{std::chrono::seconds(1'800'000'000)};  // 2027-01-15T08:00:00Z
const RoomName kRoom = *canonical_room("board");

Identity person(ClaimedRole role, IdentityKind kind = IdentityKind::Password) {
  Identity identity;
  identity.kind = kind;
  identity.subject = "account:alice";
  identity.claimed_role = role;
  return identity;
}
RoomFacts facts() {
  return {.name = kRoom};
}
std::string error_of(const RoomDefinitionText& text) {
  const auto read = read_definition(text);
  return read ? "" : read.error().field;
}

TEST(RoomDefinition, IsReadFromWhatPeopleWrite) {
  const auto read = read_definition({.name = "Acme/Board",
                                     .owners = {"account:alice", "ldap:uid=bob,dc=x"},
                                     .password = "open sesame",
                                     .lobby = "guests",
                                     .capacity = "12",
                                     .not_before = "2027-01-15T08:00:00Z",
                                     .expires = "2027-01-15T09:30:00Z",
                                     .record = "owners"});
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->name.key(), "[acme]board");
  EXPECT_THAT(read->owners, testing::ElementsAre("account:alice", "ldap:uid=bob,dc=x"));
  EXPECT_EQ(read->lobby, Lobby::Guests);
  EXPECT_EQ(read->capacity, 12u);
  EXPECT_EQ(read->not_before, kNow);
  EXPECT_EQ(read->expires, kNow + std::chrono::minutes(90));
  EXPECT_EQ(read->recorders, Recorders::Owners);
  EXPECT_EQ(rfc3339(kNow), "2027-01-15T08:00:00Z");
}

TEST(RoomDefinition, NamesTheFieldThatIsWrong) {
  EXPECT_EQ(error_of({.name = ""}), "name");
  EXPECT_EQ(error_of({.name = "a", .owners = {""}}), "owners");
  EXPECT_EQ(error_of({.name = "a", .password = std::string(300, 'x')}), "password");
  EXPECT_EQ(error_of({.name = "a", .lobby = "yes"}), "lobby");
  for (const char* people : {"0", "-1", "many", "1e9", "100001"})
    EXPECT_EQ(error_of({.name = "a", .capacity = people}), "capacity") << people;
  for (const char* time : {"2027-02-30T08:00:00Z", "2027-01-15 08:00:00Z", "2027-01-15T24:00:00Z", "tomorrow",
                           "2027-01-15T08:00:00+01:00"})
    EXPECT_EQ(error_of({.name = "a", .expires = time}), "expires") << time;
  EXPECT_EQ(error_of({.name = "a", .not_before = "2027-01-15T08:00:00Z", .expires = "2027-01-15T08:00:00Z"}),
            "expires");
  EXPECT_EQ(error_of({.name = "a", .record = "all"}), "record");
}

TEST(RoomDefinition, AnOwnerIsHostWhateverHisCredentialSays) {
  RoomFacts room = facts();
  room.defined_owner = true;
  Policy claimed;
  claimed.moderators = Moderators::Claimed;
  for (const ClaimedRole role : {ClaimedRole::Participant, ClaimedRole::Unsaid, ClaimedRole::Visitor}) {
    const Decision decision = decide_entry(person(role), room, claimed, kNow);
    EXPECT_EQ(decision.role, Role::Host);
    EXPECT_TRUE(decision.starts_room);
    EXPECT_EQ(slug_text(decision.reason.slug), "host-by-claim");
  }
  // A guest has no subject that anybody could have named.
  EXPECT_EQ(decide_entry(guest("x"), room, {}, kNow).outcome, Outcome::Wait);
}

TEST(RoomDefinition, BeforeItsTimePeopleWaitAndAfterItNobodyEnters) {
  RoomFacts room = facts();
  room.not_before = kNow + std::chrono::minutes(1);
  const Decision early = decide_entry(person(ClaimedRole::Moderator), room, {}, kNow);
  EXPECT_EQ(early.outcome, Outcome::Wait);
  EXPECT_EQ(early.reason.setting, "not_before=2027-01-15T08:01:00Z");
  EXPECT_TRUE(decide_entry(person(ClaimedRole::Moderator), room, {}, *room.not_before).admitted());

  room = facts();
  room.expires = kNow;
  room.state = RoomState::Open;
  const Decision late = decide_entry(person(ClaimedRole::Moderator), room, {}, kNow);
  EXPECT_EQ(late.outcome, Outcome::Refuse);
  EXPECT_EQ(late.reason.slug, Slug::Ended);
  EXPECT_EQ(late.reason.setting, "expires=2027-01-15T08:00:00Z");
  EXPECT_TRUE(decide_entry(person(ClaimedRole::Moderator), room, {}, kNow - std::chrono::seconds(1)).admitted());
}

TEST(RoomDefinition, KeepsRecordingToOwners) {
  const RoomDefinition definition{.name = kRoom, .owners = {"account:alice"}, .recorders = Recorders::Owners};
  const Identity alice = person(ClaimedRole::Moderator);
  Identity other = alice;
  other.subject = "account:bob";
  const auto may = [&](const Identity& who) {
    return decide_act({who, Role::Host, {}, withheld(definition, who)}, Capability::Record, {}, {}).admitted();
  };
  EXPECT_TRUE(may(alice));
  EXPECT_FALSE(may(other));
  EXPECT_TRUE(withheld({.name = kRoom, .recorders = Recorders::Nobody}, alice).has(Capability::Record));
}

TEST(RoomDefinition, BookingHasToBeAskedBeforeARoomIsStarted) {
  RoomFacts room = facts();
  room.booking = Booking::Pending;
  EXPECT_EQ(decide_entry(person(ClaimedRole::Moderator), room, {}, kNow).outcome, Outcome::Wait);
  room.state = RoomState::Open;
  EXPECT_TRUE(decide_entry(person(ClaimedRole::Moderator), room, {}, kNow).admitted());
}

}  // namespace
}  // namespace conclave::access
