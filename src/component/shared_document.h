#pragma once
// Which document of the Etherpad server a meeting shares (signalling.md 6.17): focus' presence names it, and clients
// put it behind the address that /config.js gives them. The server itself is not ours.
#include <string>
#include <vector>

#include "room/room.h"
#include "room/room_listener.h"

namespace conclave::component {

// Lives on the loop of its rooms.
class SharedDocument final : public room::RoomListener {
 public:
  // Without a server for it no meeting has one.
  explicit SharedDocument(bool has_server) : has_server_(has_server) {}

  void room_opened(room::Room& room) override {
    if (!has_server_) return;
    xmpp::Element document("etherpad", "http://jitsi.org/jitmeet/etherpad");
    // Whoever knows the name can read the document: only those inside do.
    document.set_text(room.name().name() + "_" + room.meeting_id());
    room.set_focus_presence({std::move(document)}, "etherpad");
  }

 private:
  bool has_server_;
};

}  // namespace conclave::component
