#include "component/visitors.h"

#include <vector>

#include "component/json.h"
#include "room/promotion.h"

namespace conclave::component {
namespace {

constexpr std::string_view kVisitors = "jitsi:visitors";
constexpr std::size_t kMaxAnswerBytes = 64 * 1'024;

bool has_raised_hand(const room::Occupant& who) {
  const std::string_view said = who.presence.child_text("jitsi_participant_raisedHand");
  return !said.empty() && said != "0" && said != "false";
}

Json request_of(const room::Occupant& to, const room::Occupant& about, bool on) {
  return {{"type", "visitors"},
          {"room", to.room_address.str()},
          {"action", "promotion-request"},
          {"nick", std::string(about.presence.child_text("nick"))},
          {"from", about.real_jid.str()},
          {"on", on}};
}

std::set<std::string> ids_in(const Json& said) {
  std::set<std::string> ids;
  if (const std::string one = text_in(said, "id"); !one.empty()) ids.insert(one);
  const auto several = said.find("ids");
  if (several == said.end() || !several->is_array()) return ids;
  for (const Json& one : *several) {
    if (one.is_string() && ids.size() < kMaxAnsweredAtOnce) ids.insert(one.get<std::string>());
  }
  return ids;
}

}  // namespace

void Visitors::tell_moderators(const room::Room& room, const room::Occupant& about, bool on) const {
  for (const auto& to : room.occupants()) {
    if (access::moderates(to->role)) tell(*to, text_of(request_of(*to, about, on)));
  }
}

void Visitors::review_hand(room::Room& room, const room::Occupant& who) {
  if (who.role != access::Role::Visitor || !has_raised_hand(who)) return lower(room, who);
  if (asking_[&room].insert(who.nick).second) tell_moderators(room, who, true);
}

void Visitors::lower(room::Room& room, const room::Occupant& who) {
  const auto asking = asking_.find(&room);
  if (asking != asking_.end() && asking->second.erase(who.nick) > 0) tell_moderators(room, who, false);
}

void Visitors::occupant_joined(room::Room& room, const room::Occupant& who) {
  review_hand(room, who);
  role_changed(room, who);
}

void Visitors::presence_changed(room::Room& room, const room::Occupant& who) {
  review_hand(room, who);
}

void Visitors::occupant_left(room::Room& room, const room::Occupant& who) {
  lower(room, who);
}

void Visitors::role_changed(room::Room& room, const room::Occupant& who) {
  const auto asking = asking_.find(&room);
  if (asking == asking_.end()) return;
  if (who.role != access::Role::Visitor) lower(room, who);
  if (!access::moderates(who.role)) return;
  for (const std::string& nick : asking->second) {
    const room::Occupant* about = room.find(nick);
    if (about) tell(who, text_of(request_of(who, *about, true)));
  }
}

bool Visitors::json_to_all(room::Room& room, const room::Occupant& from, const xmpp::Element& message) {
  const auto said = json_of(message, kMaxAnswerBytes);
  if (!said || text_in(*said, "type") != "visitors") return false;
  const std::string action = text_in(*said, "action");
  if (action != "promotion-response" && action != "demote-request") return false;
  if (!room.may(from, access::Capability::PromoteVisitor).admitted()) return true;
  if (action == "demote-request") {
    const room::Occupant* whom = room.find(text_in(*said, "id"));
    if (whom) room::demote(room, *whom);
    return true;
  }
  const auto approved = said->find("approved");
  answer(room, from, ids_in(*said), approved != said->end() && approved->is_boolean() && approved->get<bool>());
  return true;
}

void Visitors::answer(room::Room& room, const room::Occupant& by, const std::set<std::string>& ids, bool approved) {
  // Those who ask, by the addresses that moderators were told; whoever has not asked is not dragged in.
  std::vector<std::string> nicks;
  for (const std::string& nick : asking_[&room]) {
    const room::Occupant* who = room.find(nick);
    if (who && who != &by && ids.contains(who->real_jid.str())) nicks.push_back(nick);
  }
  for (const std::string& nick : nicks) {
    const room::Occupant* who = room.find(nick);
    if (who == nullptr) continue;
    if (approved) {
      room::promote(room, *who);
      continue;
    }
    lower(room, *who);
    // The client lowers the hand.
    xmpp::Element refusal("iq");
    refusal.set("type", "set").set("id", "visitor-" + nick);
    refusal.add("visitors", kVisitors)
        .set("room", who->room_address.str())
        .add("promotion-response", kVisitors)
        .set("jid", who->real_jid.str())
        .set("allow", "false");
    room.send_from_room(*who, std::move(refusal));
  }
}

void Visitors::room_closed(room::Room& room) {
  asking_.erase(&room);
}

}  // namespace conclave::component
