#include "component/av_moderation.h"

#include <algorithm>

#include "component/json.h"
#include "component/media_type.h"

namespace conclave::component {
namespace {

using sfu::SourceClass;

// In the form in which the receiver knows the room.
std::string occupant_jid(const room::Occupant& to, std::string_view nick) {
  return to.room_address.with_resource(nick).str();
}

Json notice(const room::Occupant& to, SourceClass which) {
  return {{"type", "av_moderation"}, {"room", to.room_address.str()}, {"mediaType", media_type(which)}};
}

// Who may approve others needs no approval, and is shown who has it.
bool approves(const room::Room& room, const room::Occupant& who) {
  return room.rights(who).has(access::Capability::AvModeration);
}

}  // namespace

AvModeration::AvModeration(std::string address, xmpp::Outbox& outbox, MediaOrders& orders, Switched on_switch)
    : Component(std::move(address), outbox), orders_(orders), on_switch_(std::move(on_switch)) {}

AvModeration::Approved* AvModeration::approved_in(const room::Room& room, SourceClass which) {
  const auto it = rooms_.find(&room);
  if (it == rooms_.end()) return nullptr;
  Approved& approved = it->second[static_cast<std::size_t>(which)];
  return approved ? &approved : nullptr;
}

bool AvModeration::may_send(const room::Room& room, const room::Occupant& who, SourceClass which) const {
  // A visitor listens and looks (access.md 4.4).
  if (who.role == access::Role::Visitor) return false;
  if (which == SourceClass::Desktop && !room.rights(who).has(access::Capability::ShareScreen)) return false;
  const auto it = rooms_.find(&room);
  if (it == rooms_.end()) return true;
  const Approved& approved = it->second[static_cast<std::size_t>(which)];
  return !approved || approved->contains(who.nick);
}

void AvModeration::message(room::Room& room, const room::Occupant& from, const xmpp::Element& message) {
  const xmpp::Element* command = message.child("av_moderation");
  const auto which = command ? class_named(command->attribute("mediaType")) : std::nullopt;
  if (!which || !room.may(from, access::Capability::AvModeration).admitted()) return;
  if (command->has_attribute("enable")) {
    const bool on = command->attribute("enable") == "true";
    if (on == (approved_in(room, *which) != nullptr)) return;
    return on ? switch_on(room, from, *which) : switch_off(room, from, *which);
  }
  const bool grants = command->has_attribute("jidToWhitelist");
  const auto jid = xmpp::Jid::parse(command->attribute(grants ? "jidToWhitelist" : "jidToBlacklist"));
  const room::Occupant* whom = jid ? room.find(jid->resource) : nullptr;
  if (whom == nullptr) return;
  if (grants) return approve(room, from, *whom, *which);
  // A moderator stays approved as long as he is one.
  if (!approves(room, *whom)) withdraw(room, *whom, *which);
}

void AvModeration::switch_on(room::Room& room, const room::Occupant& by, SourceClass which) {
  std::set<std::string> approved;
  for (const auto& who : room.occupants()) {
    if (approves(room, *who)) approved.insert(who->nick);
  }
  rooms_[&room][static_cast<std::size_t>(which)] = std::move(approved);
  for (const auto& who : room.occupants()) tell_switched(*who, by.nick, which, true);
  tell_lists(room, which, false);
  for (const auto& who : room.occupants()) {
    if (who.get() != &by) orders_.order_mute(room, *who, which, by.nick);
  }
  orders_.rules_changed(room);
  on_switch_(room, which, true);
}

void AvModeration::switch_off(room::Room& room, const room::Occupant& by, SourceClass which) {
  State& state = rooms_.at(&room);
  state[static_cast<std::size_t>(which)].reset();
  if (std::ranges::none_of(state, [](const Approved& one) { return one.has_value(); })) rooms_.erase(&room);
  for (const auto& who : room.occupants()) tell_switched(*who, by.nick, which, false);
  orders_.rules_changed(room);
  on_switch_(room, which, false);
}

void AvModeration::approve(room::Room& room, const room::Occupant& by, const room::Occupant& whom, SourceClass which) {
  Json json = notice(whom, which);
  json["approved"] = true;
  Approved* approved = approved_in(room, which);
  if (approved == nullptr) {
    // While everybody may speak it is a wish: "please unmute".
    json["from"] = occupant_jid(whom, by.nick);
    return tell(whom, text_of(json));
  }
  if (!(*approved)->insert(whom.nick).second) return;
  orders_.rules_changed(room);
  tell(whom, text_of(json));
  tell_lists(room, which, false);
}

void AvModeration::withdraw(room::Room& room, const room::Occupant& whom, SourceClass which) {
  Approved* approved = approved_in(room, which);
  if (approved == nullptr || (*approved)->erase(whom.nick) == 0) return;
  orders_.rules_changed(room);
  Json json = notice(whom, which);
  json["removed"] = true;
  tell(whom, text_of(json));
  tell_lists(room, which, true);
}

void AvModeration::tell_switched(const room::Occupant& to, const std::string& actor, SourceClass which, bool on) const {
  Json json = notice(to, which);
  json["enabled"] = on;
  if (!actor.empty()) json["actor"] = occupant_jid(to, actor);
  tell(to, text_of(json));
}

void AvModeration::tell_lists(const room::Room& room, SourceClass which, bool removed) const {
  const State& state = rooms_.at(&room);
  for (const auto& to : room.occupants()) {
    if (!approves(room, *to)) continue;
    Json lists = Json::object();
    for (std::size_t i = 0; i < state.size(); ++i) {
      if (!state[i] || state[i]->empty()) continue;
      Json& list = lists[kMediaTypes[i]] = Json::array();
      for (const std::string& nick : *state[i]) list.push_back(occupant_jid(*to, nick));
    }
    Json json = notice(*to, which);
    json["whitelists"] = std::move(lists);
    if (removed) json["removed"] = true;
    tell(*to, text_of(json));
  }
}

void AvModeration::occupant_joined(room::Room& room, const room::Occupant& who) {
  if (!rooms_.contains(&room)) return;
  for (std::size_t i = 0; i < sfu::kSourceClasses; ++i) {
    if (approved_in(room, static_cast<SourceClass>(i))) tell_switched(who, {}, static_cast<SourceClass>(i), true);
  }
  role_changed(room, who);
}

void AvModeration::role_changed(room::Room& room, const room::Occupant& who) {
  orders_.rules_changed(room);
  for (std::size_t i = 0; i < sfu::kSourceClasses; ++i) {
    const auto which = static_cast<SourceClass>(i);
    Approved* approved = approved_in(room, which);
    if (approved == nullptr) continue;
    if (!approves(room, who)) {
      withdraw(room, who, which);
    } else {
      // He is shown the lists in any case: he has none yet.
      if ((*approved)->insert(who.nick).second) orders_.rules_changed(room);
      tell_lists(room, which, false);
    }
  }
}

void AvModeration::occupant_left(room::Room& room, const room::Occupant& who) {
  for (std::size_t i = 0; i < sfu::kSourceClasses; ++i) {
    // Another may come under his nick.
    if (Approved* approved = approved_in(room, static_cast<SourceClass>(i))) (*approved)->erase(who.nick);
  }
}

void AvModeration::room_closed(room::Room& room) {
  rooms_.erase(&room);
}

}  // namespace conclave::component
