#include "room/lobby_messages.h"

#include <nlohmann/json.hpp>

#include "room/messages.h"
#include "room/wire.h"

namespace conclave::room {
namespace {

using Json = nlohmann::json;
using Standing = Knocker::Standing;

void send_notice(const Meeting& meeting, const Occupant& by, const Json& notice) {
  xmpp::Element message("message");
  message.set("type", "groupchat");
  // Invalid UTF-8 cannot have come through the XML parser; replaced all the same rather than thrown at.
  message.add("json-message", xmlns::kJitmeet).set_text(notice.dump(-1, ' ', false, Json::error_handler_t::replace));
  meeting.send_to_all(by.nick, message);
}

// Stock clients tell all moderators whom they talk with: the others who knock need not know.
bool names_an_attendee(const xmpp::Element& message) {
  const xmpp::Element* text = message.child("json-message", xmlns::kJitmeet);
  if (!text) return false;
  const Json json = Json::parse(text->text(), nullptr, false);
  return json.is_object() && json.contains("attendee");
}

void answer(const LobbyVisit& visit, xmpp::Element stanza) {
  visit.service.outbox.deliver(visit.visitor.sender.session, std::move(stanza));
}

void from_moderator(const LobbyVisit& visit, const LobbyRoom& lobby, const Watcher& from,
                    const xmpp::Element& message) {
  Service& service = visit.service;
  const std::string& nick = visit.address.resource;
  if (!nick.empty()) {
    const xmpp::Element copy = relayed(service, message, "chat");
    if (const Knocker* to = lobby.knocker(nick); to && to->standing != Standing::Waits) {
      return send_to(service, *to, from.nick, copy);
    }
    if (const Watcher* to = lobby.watcher(nick)) return send_to(service, *to, from.nick, copy);
    return answer(visit, bounce(message, xmpp::errors::kItemNotFound));
  }
  const xmpp::Element copy = relayed(service, message, "groupchat");
  tell_watchers(service, lobby, from.nick, copy);
  if (names_an_attendee(copy)) return;
  for (const auto& to : lobby.knockers) {
    if (to->standing == Standing::Knocks) send_to(service, *to, from.nick, copy);
  }
}

void from_knocker(const LobbyVisit& visit, const LobbyRoom& lobby, const Knocker& from, const xmpp::Element& message) {
  Service& service = visit.service;
  const std::string& nick = visit.address.resource;
  if (!nick.empty()) {
    const Watcher* to = lobby.watcher(nick);
    // The same for a nick that is not there and for one that is another knocker's.
    if (!to) return answer(visit, bounce(message, xmpp::errors::kItemNotFound));
    return send_to(service, *to, from.nick, relayed(service, message, "chat"));
  }
  const xmpp::Element copy = relayed(service, message, "groupchat");
  tell_watchers(service, lobby, from.nick, copy);
  send_to(service, from, from.nick, copy);
}

}  // namespace

void lobby_message(const LobbyVisit& visit, const xmpp::Element& message) {
  if (message.attribute("type") == "error") return;
  Service& service = visit.service;
  if (message.size_estimate() > kMaxLobbyMessageBytes) {
    service.counters.too_large.add();
    return answer(visit, bounce(message, {"modify", "policy-violation", "This message is too long."}));
  }
  const xmpp::SessionId session = visit.visitor.sender.session;
  const LobbyRoom* lobby = service.lobbies.find(visit.room);
  const Watcher* watcher = lobby ? lobby->watcher(session) : nullptr;
  const Occupant* moderator = watcher && visit.meeting ? visit.meeting->find(session) : nullptr;
  if (moderator && visit.meeting->may(*moderator, access::Capability::Admit).admitted()) {
    return from_moderator(visit, *lobby, *watcher, message);
  }
  const Knocker* knocker = lobby ? lobby->knocker(session) : nullptr;
  if (knocker && knocker->standing == Standing::Knocks) return from_knocker(visit, *lobby, *knocker, message);
  service.counters.acts_refused.add();
  answer(visit, bounce(message, {"modify", "not-acceptable", "Nobody here hears you."}));
}

void notify_room(const Meeting& meeting, const Occupant& by, const LobbyNotice& notice) {
  Json json = {{"type", "lobby-notify"}, {"event", notice.event}, {"value", notice.value}};
  if (!notice.name.empty()) json["name"] = notice.name;
  send_notice(meeting, by, json);
}

void notify_lobby_switched(const Meeting& meeting, const Occupant& by, bool on) {
  send_notice(meeting, by, {{"type", "lobby-notify"}, {"event", "LOBBY-ENABLED"}, {"value", on}});
}

}  // namespace conclave::room
