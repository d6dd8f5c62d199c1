#include "room/meeting.h"

#include <algorithm>
#include <utility>

#include "base/check.h"

namespace conclave::room {

Meeting::Meeting(Service& service, access::RoomName name, Meeting* main)
    : Room(service, std::move(name)),
      lobby(main == nullptr && policy().lobby_exists ? policy().lobby : access::Lobby::Off),
      main_(main) {}

xmpp::Jid Meeting::lobby_jid() const {
  return {name_.node(), service_.options.lobby_domain, {}};
}

void Meeting::set_password(std::string text) {
  password = std::move(text);
  password_version = password.empty() ? 0 : ++service_.passwords_set;
}

Occupant* Meeting::find(std::string_view nick) {
  return const_cast<Occupant*>(std::as_const(*this).find(nick));
}

Occupant* Meeting::find(xmpp::SessionId session) {
  return const_cast<Occupant*>(std::as_const(*this).find(session));
}

Occupant& Meeting::add(std::unique_ptr<Occupant> occupant) {
  service_.sessions.entered(occupant->session, name_);
  if (!created_) created_ = service_.loop.wall_now();
  occupants_.push_back(std::move(occupant));
  return *occupants_.back();
}

std::unique_ptr<Occupant> Meeting::take(const Occupant& occupant) {
  const auto found =
      std::find_if(occupants_.begin(), occupants_.end(), [&](const auto& one) { return one.get() == &occupant; });
  if (CONCLAVE_BUG_IF(found == occupants_.end())) return nullptr;
  std::unique_ptr<Occupant> taken = std::move(*found);
  occupants_.erase(found);
  service_.sessions.left(taken->session, name_);
  expiry.erase(taken->session);
  return taken;
}

void Meeting::send_to_all(std::string_view from_nick, const xmpp::Element& stanza) const {
  for (const auto& occupant : occupants_) send(*occupant, from_nick, stanza);
}

}  // namespace conclave::room
