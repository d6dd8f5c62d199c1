#include "component/component.h"

#include "room/wire.h"

namespace conclave::component {

void Component::deliver(const room::Occupant& to, xmpp::Element message) const {
  message.set("from", address_);
  outbox_.deliver(to.session, std::move(message));
}

void Component::tell(const room::Occupant& to, const std::string& json) const {
  xmpp::Element message("message");
  message.add("json-message", kJitmeet).set_text(json);
  deliver(to, std::move(message));
}

void Component::tell_all(const room::Room& room, const std::string& json) const {
  for (const auto& who : room.occupants()) tell(*who, json);
}

void Component::refuse(const room::Occupant& to, const xmpp::Element& message, const xmpp::StanzaError& error) const {
  deliver(to, room::bounce(message, error));
}

}  // namespace conclave::component
