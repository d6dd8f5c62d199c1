#include "component/end_conference.h"

#include "component/component_fixture.h"

namespace conclave::component {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

class EndConferenceTest : public ComponentTest {
 protected:
  EndConferenceTest() {
    join(ada, "board");
    join(kay, "board");
    forget_sent();
  }

  EndConference component{"endconference.example", outbox};
  room::Client ada = host("ada");
  room::Client kay = guest("kay");
};

TEST_F(EndConferenceTest, AModeratorEndsItForAll) {
  say(component, "board", ada, "<end_conference/>");
  EXPECT_EQ(rooms.find(room_name("board")), nullptr);
  EXPECT_THAT(take(kay), Contains(HasSubstr("The meeting has been terminated")));
}

TEST_F(EndConferenceTest, NobodyElseDoesNorAnotherWord) {
  say(component, "board", kay, "<end_conference/>");
  say(component, "board", ada, "<body>end it</body>");
  EXPECT_NE(rooms.find(room_name("board")), nullptr);
}

}  // namespace
}  // namespace conclave::component
