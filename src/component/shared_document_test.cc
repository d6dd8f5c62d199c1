#include "component/shared_document.h"

#include "component/component_fixture.h"

namespace conclave::component {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::Not;

using SharedDocumentTest = ComponentTest;

TEST_F(SharedDocumentTest, IsNamedByFocusWhereThereIsAServerForIt) {
  SharedDocument document(true);
  listeners.add(document);
  const room::Client ada = host("ada");
  join(ada, "board");
  const std::string name = "board_" + rooms.find(room_name("board"))->meeting_id();
  EXPECT_THAT(
      take(ada),
      Contains(AllOf(HasSubstr("board@conference.example/focus"),
                     HasSubstr(R"(<etherpad xmlns="http://jitsi.org/jitmeet/etherpad">)" + name + "</etherpad>"))));
}

TEST_F(SharedDocumentTest, IsNotThereWithoutOne) {
  SharedDocument document(false);
  listeners.add(document);
  const room::Client ada = host("ada");
  join(ada, "board");
  EXPECT_THAT(take(ada), Each(Not(HasSubstr("etherpad"))));
}

}  // namespace
}  // namespace conclave::component
