#pragma once
// A service beside the rooms with an address of its own, that clients send messages to (signalling.md 3.4). One object
// per loop, for all rooms that live there.
#include <string>
#include <utility>

#include "room/room.h"
#include "room/room_listener.h"
#include "xmpp/element.h"
#include "xmpp/session.h"
#include "xmpp/stanza.h"

namespace conclave::component {

class Component : public room::RoomListener {
 public:
  // `address` is the host that stock clients know by its identity in the domain's disco#info (signalling.md 3.2).
  Component(std::string address, xmpp::Outbox& outbox) : address_(std::move(address)), outbox_(outbox) {}
  Component(const Component&) = delete;
  Component& operator=(const Component&) = delete;

  const std::string& address() const { return address_; }

  // A message from somebody inside `room`. What is malformed, or not for him to say, changes nothing.
  virtual void message(room::Room& room, const room::Occupant& from, const xmpp::Element& message) = 0;

 protected:
  // A <json-message/> to the occupant's own address, as clients demand it (signalling.md 3.4).
  void tell(const room::Occupant& to, const std::string& json) const;
  void tell_all(const room::Room& room, const std::string& json) const;
  // The answer to a message that cannot be.
  void refuse(const room::Occupant& to, const xmpp::Element& message, const xmpp::StanzaError& error) const;
  void deliver(const room::Occupant& to, xmpp::Element message) const;

 private:
  std::string address_;
  xmpp::Outbox& outbox_;
};

// The namespace of most of what components and clients say to each other.
inline constexpr std::string_view kJitmeet = "http://jitsi.org/jitmeet";

}  // namespace conclave::component
