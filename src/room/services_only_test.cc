#include "room/life.h"
#include "room/room_fixture.h"

namespace conclave::room {
namespace {

using namespace std::chrono_literals;

class ServicesOnlyTest : public RoomsTest {
 protected:
  // A recorder that was called: put in by hand, as only a service of the server comes in.
  void bring_recorder() {
    auto& meeting = *static_cast<Meeting*>(rooms.find(room_name("board")));
    auto recorder = std::make_unique<Occupant>();
    recorder->nick = "recorder";
    recorder->session = xmpp::SessionId{900};
    recorder->identity.kind = access::IdentityKind::Service;
    recorder->role = access::Role::Service;
    recorder->room_address = meeting.jid();
    meeting.add(std::move(recorder));
  }
  bool is_there() { return rooms.find(room_name("board")) != nullptr; }

  Client ada = host("ada");
};

TEST_F(ServicesOnlyTest, AMeetingOfARecorderAloneEndsAfterAWhile) {
  join(ada, "board");
  bring_recorder();
  leave(ada, "board");
  loop.advance(kServicesOnly - 1ms);
  EXPECT_TRUE(is_there());
  loop.advance(1ms);
  EXPECT_FALSE(is_there());
}

TEST_F(ServicesOnlyTest, NotWhileSomebodyIsThereOrComesBackInTime) {
  join(ada, "board");
  bring_recorder();
  loop.advance(1min);
  EXPECT_TRUE(is_there());
  leave(ada, "board");
  loop.advance(kServicesOnly - 1ms);
  join(ada, "board");
  loop.advance(1min);
  EXPECT_TRUE(is_there());
}

}  // namespace
}  // namespace conclave::room
