#include "room/muc_domain.h"

#include <gtest/gtest.h>

namespace conclave::room {
namespace {

std::string room_at(std::string_view address) {
  const auto jid = xmpp::Jid::parse(address);
  const MucDomain muc("conference.meet.example");
  if (!jid || !muc.serves(jid->domain)) return "not ours";
  const auto room = muc.room_at(*jid);
  return room ? room->key() : "no name";
}

TEST(MucDomain, ATenantIsALabelBetweenPrefixAndDomain) {
  EXPECT_EQ(room_at("a@conference.meet.example"), "a");
  EXPECT_EQ(room_at("a@muc.meet.example"), "a");
  EXPECT_EQ(room_at("a@conference.acme.meet.example"), "[acme]a");
  EXPECT_EQ(room_at("[acme]a@conference.meet.example"), "[acme]a");
}

TEST(MucDomain, AnAddressCannotNameTwoTenants) {
  EXPECT_EQ(room_at("[x]a@conference.acme.meet.example"), "no name");
}

TEST(MucDomain, HostsThatOnlyLookAlikeAreNotOurs) {
  EXPECT_EQ(room_at("a@conference-x.meet.example"), "not ours");
  EXPECT_EQ(room_at("a@conference.xmeet.example"), "not ours");
  EXPECT_EQ(room_at("a@meet.example"), "not ours");
  EXPECT_EQ(room_at("a@lobby.meet.example"), "not ours");
}

}  // namespace
}  // namespace conclave::room
