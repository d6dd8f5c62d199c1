#include "room/standing.h"

#include "room/room_fixture.h"

namespace conclave::room {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

class StandingTest : public RoomsTest {
 protected:
  // What somebody was sent, whole.
  std::vector<std::string> seen_by(const Client& who) {
    std::vector<std::string> texts;
    for (const xmpp::Element& stanza : take_stanzas(who)) texts.push_back(stanza.str(xmpp::kClientNamespace));
    return texts;
  }
};

TEST_F(StandingTest, OthersAreToldTheRoleAndOneselfAlsoRightsAndReason) {
  const Client ada = host("ada");
  const Client pat = participant("pat");
  join(ada, "board");
  join(guest("gus"), "board");
  join(pat, "board");
  const auto seen = seen_by(pat);
  const std::string element = R"(<access xmlns="https://conclave.invalid/protocol/access" )";
  EXPECT_THAT(seen, Contains(HasSubstr(element + R"(role="host"/>)")));
  EXPECT_THAT(seen, Contains(HasSubstr(element + R"(role="guest"/>)")));
  EXPECT_THAT(seen, Contains(HasSubstr(element + R"(role="participant" can="join )")));
  EXPECT_THAT(seen, Not(Contains(HasSubstr("kick"))));
  EXPECT_THAT(seen_by(ada), Contains(HasSubstr(" invite\">")));
}

TEST_F(StandingTest, FollowsTheRole) {
  const Client ada = host("ada");
  const Client gus = guest("gus");
  join(ada, "board");
  join(gus, "board");
  forget_sent();
  admin(ada, "board", "<item affiliation='owner' jid='gus@example'/>");
  EXPECT_THAT(seen_by(gus), Contains(HasSubstr("Made moderator by ada in this meeting.</access>")));
}

TEST_F(StandingTest, OfAClientIsDropped_A34) {
  const Client ada = host("ada");
  const Client gus = guest("gus");
  join(ada, "board");
  join(gus, "board");
  forget_sent();
  send(gus,
       "<presence to='board@conference.example/gus'><access xmlns='https://conclave.invalid/protocol/access' "
       "role='host'/></presence>");
  const auto seen = seen_by(ada);
  EXPECT_THAT(seen, Contains(HasSubstr(R"(role="guest"/>)")));
  EXPECT_THAT(seen, Not(Contains(HasSubstr(R"(role="host")"))));
}

}  // namespace
}  // namespace conclave::room
