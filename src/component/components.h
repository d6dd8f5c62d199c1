#pragma once
// The components of one loop, and the way to them.
#include <memory>
#include <vector>

#include "component/addresses.h"
#include "component/av_moderation.h"
#include "component/component.h"
#include "component/room_metadata.h"
#include "loop/loop.h"
#include "xmpp/session.h"

namespace conclave::room {
class Rooms;
}

namespace conclave::component {

class RoomMetadata;

class Components {
 public:
  Components(Loop& loop, const Addresses& addresses, xmpp::Outbox& outbox, MediaOrders& orders,
             RoomMetadata::Relays relays);
  ~Components();

  // Lets all of them watch the rooms.
  void join(room::RoomListeners& listeners);
  const focus::MediaRules& media_rules() const { return *av_moderation_; }
  RoomMetadata& metadata() { return *metadata_; }

  // A message to the component `address` from a session, for the one room of this loop that it is in; with a
  // room="…" in the payload, for that one.
  void message(room::Rooms& rooms, xmpp::SessionId from, std::string_view address, const xmpp::Element& message);

 private:
  std::vector<std::unique_ptr<Component>> all_;
  AvModeration* av_moderation_ = nullptr;
  RoomMetadata* metadata_ = nullptr;
};

}  // namespace conclave::component
