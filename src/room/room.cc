#include "room/room.h"

#include <algorithm>

#include "room/meeting.h"
#include "room/wire.h"

namespace conclave::room {

Room::Room(Service& service, access::RoomName name)
    : service_(service),
      name_(std::move(name)),
      jid_{name_.node(), name_.is_breakout() ? service.options.breakout_domain : service.options.muc_domain, {}},
      meeting_id_(service.random.uuid()) {}

const Room& Room::main_room() const {
  return static_cast<const Meeting&>(*this).main();
}

Room& Room::main_room() {
  return static_cast<Meeting&>(*this).main();
}

std::vector<const Room*> Room::breakout_rooms() const {
  const auto& rooms = static_cast<const Meeting&>(*this).breakouts.rooms;
  return {rooms.begin(), rooms.end()};
}

std::size_t Room::breakout_rooms_made() const {
  return static_cast<const Meeting&>(*this).breakouts.made;
}

const std::string& Room::subject() const {
  return static_cast<const Meeting&>(*this).title.text;
}

const Occupant* Room::find(std::string_view nick) const {
  for (const auto& occupant : occupants_) {
    if (occupant->nick == nick) return occupant.get();
  }
  return nullptr;
}

const Occupant* Room::find(xmpp::SessionId session) const {
  for (const auto& occupant : occupants_) {
    if (occupant->session == session) return occupant.get();
  }
  return nullptr;
}

bool Room::moderator_present() const {
  return std::any_of(occupants_.begin(), occupants_.end(),
                     [](const auto& who) { return access::moderates(who->role); });
}

access::Decision Room::may(const Occupant& who, access::Capability act,
                           const std::optional<access::Target>& target) const {
  return decide(actor(who), who, act, target);
}

access::Decision Room::may_here(const Occupant& who, access::Capability act) const {
  access::Actor asking = actor(who);
  if (keeps_from(who, act)) asking.withheld.add(act);
  return decide(asking, who, act, std::nullopt);
}

bool Room::keeps_from(const Occupant& who, access::Capability act) const {
  if (!kept_.has(act)) return false;
  const std::optional<access::FeatureSet>& features = who.identity.features;
  return !(features ? features->contains(std::string(access::feature_of(act))) : access::moderates(who.role));
}

access::CapabilitySet Room::rights(const Occupant& who) const {
  return access::capabilities_now(actor(who), service_.policies.for_room(name_));
}

bool Room::lobby_is_on() const {
  return static_cast<const Meeting&>(*this).lobby != access::Lobby::Off;
}

access::Decision Room::decide(const access::Actor& asking, const Occupant& who, access::Capability act,
                              const std::optional<access::Target>& target) const {
  access::Decision decision = access::decide_act(asking, act, target, service_.policies.for_room(name_));
  service_.log.decided({.act = access::capability_text(act),
                        .identity = who.identity,
                        .nick = who.nick,
                        .room = name_,
                        .decision = decision,
                        .session = who.session.value});
  return decision;
}

void Room::send(const Occupant& to, std::string_view from_nick, xmpp::Element stanza) const {
  stanza.set("from", to.room_address.with_resource(from_nick).str());
  service_.outbox.deliver(to.session, std::move(stanza));
}

void Room::send_from_focus(const Occupant& to, xmpp::Element stanza) {
  send(to, kFocusNick, std::move(stanza));
}

void Room::dismiss_service(const std::string& subject) {
  const auto found = called_.find(subject);
  if (found != called_.end() && --found->second == 0) called_.erase(found);
}

bool Room::calls_for(const std::string& subject, xmpp::SessionId session) const {
  const auto found = called_.find(subject);
  if (found == called_.end()) return false;
  const auto inside = std::ranges::count_if(
      occupants_, [&](const auto& who) { return who->session != session && who->identity.subject == subject; });
  return static_cast<std::size_t>(inside) < found->second;
}

void Room::send_from_room(const Occupant& to, xmpp::Element stanza) {
  send(to, {}, std::move(stanza));
}

void Room::set_focus_presence(std::vector<xmpp::Element> children, const std::string& part) {
  focus_children_[part] = std::move(children);
  for (const auto& occupant : occupants_) send(*occupant, kFocusNick, focus_presence());
}

xmpp::Element Room::focus_presence() const {
  xmpp::Element presence("presence");
  for (const auto& [part, children] : focus_children_) {
    for (const xmpp::Element& child : children) presence.add(child);
  }
  const std::string real_jid = service_.options.focus_jid + '/' + service_.options.focus_resource;
  xmpp::Element& x = presence.add("x", xmlns::kMucUser);
  x.add("item", xmlns::kMucUser).set("affiliation", "owner").set("role", "moderator").set("jid", real_jid);
  return presence;
}

}  // namespace conclave::room
