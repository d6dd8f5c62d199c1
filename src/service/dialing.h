#pragma once
// Calls out of the rooms of one loop, and their transcribers (signalling.md 6.15, 6.16): who may ask for them, which
// legs may come in, what becomes of a call that nobody answers. The gateways are reached through a desk.
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/random.h"
#include "loop/pinned.h"
#include "room/room.h"
#include "room/room_listener.h"
#include "service/gateways.h"
#include "service/options.h"

namespace conclave::service {

inline constexpr std::size_t kMaxCallsOfRoom = 20;  // legs inside and called
inline constexpr Duration kCallComes = 90s;         // from the gateway's answer until its leg is inside

// Where the gateways are: on another loop, so nothing is answered at once.
class GatewayDesk {
 public:
  virtual ~GatewayDesk() = default;
  // Dialing::dialled() follows.
  virtual void dial(const access::RoomName& room, const std::string& call, bool transcribes, xmpp::Element order) = 0;
  virtual void hang_up(const std::string& resource) = 0;
};

// Lives on the loop of its rooms. The desk outlives it.
class Dialing final : public Pinned, public room::RoomListener {
 public:
  Dialing(Loop& loop, Random& random, const Options& options, GatewayDesk& desk);
  ~Dialing() override;

  bool focus_iq(room::Room& room, const room::Occupant& from, const xmpp::Element& iq) override;
  void occupant_joined(room::Room& room, const room::Occupant& who) override;
  void occupant_left(room::Room& room, const room::Occupant& who) override;
  void room_closed(room::Room& room) override;

  // A <hangup/> to the address of a call. True if that call is of this room: then it is answered, by `reply`.
  bool hang_up(room::Room& room, const room::Occupant& from, const std::string& resource, const xmpp::Element& iq,
               xmpp::Outbox& reply);
  // A moderator wants the meeting transcribed, or no longer.
  void transcribe(room::Room& room, bool on);

  // From the desk. `room` is null if it is no more.
  void dialled(room::Room* room, const Gateways::Report& report);

 private:
  struct Call;
  using Calls = std::vector<std::unique_ptr<Call>>;

  void dial(room::Room& room, const room::Occupant* from, const xmpp::Element* iq, const Dial& wish);
  void end(room::Room& room, const Call& call);

  Random& random_;
  const Options& options_;
  GatewayDesk& desk_;
  std::map<const room::Room*, Calls> calls_;
};

}  // namespace conclave::service
