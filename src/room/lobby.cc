#include "room/lobby.h"

#include <algorithm>
#include <array>

#include "base/log.h"
#include "room/admission.h"
#include "room/disco.h"
#include "room/entry.h"
#include "room/join.h"
#include "room/moderation.h"
#include "room/presence.h"
#include "room/wire.h"

namespace conclave::room {
namespace {

using Standing = Knocker::Standing;

constexpr std::array<std::string_view, 5> kShownOfKnockers = {"nick", "email", "avatar-url", "stats-id", "identity"};

xmpp::Element cleaned(const xmpp::Element& stanza, const access::Identity& identity) {
  xmpp::Element presence("presence");
  const xmpp::Element all = published(stanza, identity, access::Role::None);
  for (const xmpp::Element& child : all.children()) {
    if (std::ranges::count(kShownOfKnockers, child.name()) > 0) presence.add(child);
  }
  return presence;
}

void answer(const LobbyVisit& visit, xmpp::Element stanza) {
  visit.service.outbox.deliver(visit.visitor.sender.session, std::move(stanza));
}

void refuse_join(const LobbyVisit& visit, const xmpp::Element& join, const xmpp::StanzaError& error) {
  visit.service.counters.entries_refused.add();
  answer(visit, join_error(join, error));
}

bool is_taken(const LobbyRoom* lobby, std::string_view nick) {
  return lobby && (lobby->knocker(nick) || lobby->watcher(nick));
}

// Moderators look on.
void watch(const LobbyVisit& visit, const Occupant& moderator, const xmpp::Element& join) {
  Service& service = visit.service;
  service.lobbies.take_watcher(visit.room, moderator.session);
  const LobbyRoom* lobby = service.lobbies.find(visit.room);
  if (is_taken(lobby, visit.address.resource)) return refuse_join(visit, join, xmpp::errors::kConflict);
  const Watcher watcher{visit.address.resource, moderator.session, moderator.real_jid, visit.address.bare()};
  service.lobbies.add(visit.room, watcher);
  service.sessions.entered_lobby(moderator.session, visit.room);
  for (const auto& knocker : service.lobbies.find(visit.room)->knockers) {
    if (knocker->standing == Standing::Knocks) send_to(service, watcher, knocker->nick, knocker_presence(*knocker));
  }
  xmpp::Element own = cleaned(join, moderator.identity);
  xmpp::Element x = user_x(affiliation_text(moderator.role), muc_role_text(moderator.role), moderator.real_jid);
  add_status(x, "110");
  own.add(std::move(x));
  send_to(service, watcher, watcher.nick, std::move(own));
}

// Stock clients look for knockers only when the room says that it has a lobby: it says so from now on.
void tell_moderators_to_look(const Meeting& meeting) {
  xmpp::Element message("message");
  message.set("type", "groupchat");
  add_status(message.add("x", xmlns::kMucUser), "104");
  for (const auto& who : meeting.occupants()) {
    if (access::moderates(who->role)) meeting.send(*who, {}, message);
  }
}

bool is_full(const LobbyVisit& visit) {
  const LobbyRoom* lobby = visit.service.lobbies.find(visit.room);
  const bool many_here = lobby && lobby->knockers.size() >= kMaxInLobby;
  const std::string& peer = visit.visitor.peer;
  return many_here || (!peer.empty() && visit.service.lobbies.from(peer) >= kMaxInLobbiesFromAddress);
}

void stay(const LobbyVisit& visit, const xmpp::Element& join, const access::Identity& identity, const Shown& shown,
          Standing standing) {
  Service& service = visit.service;
  const xmpp::Sender& sender = visit.visitor.sender;
  const bool first = service.lobbies.count(visit.room, Standing::Knocks) == 0;
  auto knocker = std::make_unique<Knocker>();
  knocker->nick = visit.address.resource;
  knocker->session = sender.session;
  knocker->real_jid = sender.jid;
  knocker->lobby_address = visit.address.bare();
  const xmpp::Jid* door = service.sessions.door(sender.session, visit.room);
  knocker->room_address = door ? *door : xmpp::Jid{visit.room.node(), service.options.muc_domain, {}};
  knocker->identity = identity;
  knocker->peer = visit.visitor.peer;
  knocker->password_right = shown.password_right;
  knocker->standing = standing;
  knocker->presence = cleaned(join, identity);
  const Knocker& here = service.lobbies.add(visit.room, std::move(knocker));
  service.sessions.entered_lobby(sender.session, visit.room);
  xmpp::Element own = knocker_presence(here);
  add_status(*own.child("x", xmlns::kMucUser), "110");
  send_to(service, here, here.nick, std::move(own));
  if (standing != Standing::Knocks) return;
  service.counters.knocks.add();
  log::info("knocks", {{"room", visit.room.key()}, {"nick", here.nick}});
  tell_watchers(service, *service.lobbies.find(visit.room), here.nick, knocker_presence(here));
  if (first && visit.meeting && visit.meeting->lobby == access::Lobby::Off) tell_moderators_to_look(*visit.meeting);
}

void knock(const LobbyVisit& visit, const xmpp::Element& join) {
  Service& service = visit.service;
  const xmpp::SessionId session = visit.visitor.sender.session;
  Shown shown = shown_by(join);
  shown.machine = service.sessions.machine(session);
  shown.password = std::nullopt;  // guesses are made at the main room's door
  shown.password_right = service.sessions.password_right(session, visit.room);
  const access::Identity& identity = effective_identity(service, visit.visitor, visit.room);
  const access::Decision decision =
      decide_entry(service, visit.room, visit.meeting, visit.state, session, identity, shown);
  service.log.decided({.act = "knock",
                       .identity = identity,
                       .nick = {},
                       .room = visit.room,
                       .decision = decision,
                       .session = session.value});
  service.waiting.remove(session);
  switch (decision.outcome) {
    case access::Outcome::Wait:
      if (!service.waiting.add(session, visit.room)) service.counters.limits_reached.add();
      return stay(visit, join, identity, shown, Standing::Waits);
    case access::Outcome::Knock:
      return stay(visit, join, identity, shown, Standing::Knocks);
    case access::Outcome::Admit:
      // Nothing holds him: stock clients take this text for "try the main room" (signalling.md 6.3).
      return answer(visit, join_error(join, {"cancel", "not-allowed", "Room creation is restricted"}));
    default:
      service.counters.entries_refused.add();
      return answer(visit, refusal(service, visit.room, join, decision));
  }
}

void enter(const LobbyVisit& visit, const xmpp::Element& join) {
  Service& service = visit.service;
  const xmpp::SessionId session = visit.visitor.sender.session;
  if (const auto error = impossible_join(service, session, join, visit.address.resource)) {
    service.counters.malformed.add();
    return answer(visit, join_error(join, *error));
  }
  const Occupant* inside = visit.meeting ? visit.meeting->find(session) : nullptr;
  if (inside && access::moderates(inside->role)) return watch(visit, *inside, join);
  if (inside) return refuse_join(visit, join, {"cancel", "not-allowed", "You are inside already."});
  if (join.size_estimate() > kMaxKnockBytes) {
    service.counters.too_large.add();
    return refuse_join(visit, join, {"modify", "not-acceptable", "This presence is too large."});
  }
  if (is_taken(service.lobbies.find(visit.room), visit.address.resource)) {
    return refuse_join(visit, join, {"cancel", "conflict", "This nick is taken."});
  }
  if (is_full(visit)) {
    service.counters.limits_reached.add();
    return refuse_join(visit, join, {"wait", "resource-constraint", "Too many people knock here."});
  }
  knock(visit, join);
}

void update(const LobbyVisit& visit, Knocker& knocker, const xmpp::Element& presence) {
  if (presence.size_estimate() > kMaxKnockBytes) {
    visit.service.counters.too_large.add();
    return answer(visit, bounce(presence, {"modify", "not-acceptable", "This presence is too large."}));
  }
  knocker.presence = cleaned(presence, knocker.identity);
  if (knocker.standing != Standing::Knocks) return;
  tell_watchers(visit.service, *visit.service.lobbies.find(visit.room), knocker.nick, knocker_presence(knocker));
}

}  // namespace

void lobby_presence(const LobbyVisit& visit, const xmpp::Element& presence) {
  const std::string_view type = presence.attribute("type");
  const xmpp::SessionId session = visit.visitor.sender.session;
  Service& service = visit.service;
  if (type == "unavailable") return leave_lobby(service, visit.room, session);
  if (!type.empty()) return;
  LobbyRoom* lobby = service.lobbies.find(visit.room);
  Knocker* knocker = lobby ? lobby->knocker(session) : nullptr;
  if (!knocker) {
    // A moderator's further presences tell nobody anything.
    if (lobby && lobby->watcher(session) && !is_join(presence)) return;
    return enter(visit, presence);
  }
  if (visit.address.resource != knocker->nick) {
    return refuse_join(visit, presence, {"modify", "not-acceptable", "Nicks are kept for the whole stay."});
  }
  if (!is_join(presence)) return update(visit, *knocker, presence);
  // Knocks again: decided again, whatever was decided before.
  service.lobbies.take_knocker(visit.room, session);
  service.sessions.left_lobby(session, visit.room);
  enter(visit, presence);
}

void leave_lobby(Service& service, const access::RoomName& room, xmpp::SessionId session) {
  service.waiting.remove(session);
  stop_watching(service, room, session);
  const std::unique_ptr<Knocker> gone = service.lobbies.take_knocker(room, session);
  if (!gone) return;
  service.sessions.left_lobby(session, room);
  const xmpp::Element presence = knocker_gone(*gone);
  const LobbyRoom* lobby = service.lobbies.find(room);
  if (lobby && gone->standing == Standing::Knocks) tell_watchers(service, *lobby, gone->nick, presence);
  xmpp::Element own = presence;
  add_status(*own.child("x", xmlns::kMucUser), "110");
  send_to(service, *gone, gone->nick, std::move(own));
}

void stop_watching(Service& service, const access::RoomName& room, xmpp::SessionId session) {
  const std::optional<Watcher> gone = service.lobbies.take_watcher(room, session);
  if (!gone) return;
  service.sessions.left_lobby(session, room);
  xmpp::Element presence("presence");
  presence.set("type", "unavailable");
  xmpp::Element x = user_x("none", "none", gone->real_jid);
  add_status(x, "110");
  presence.add(std::move(x));
  send_to(service, *gone, gone->nick, std::move(presence));
}

xmpp::Element knocker_presence(const Knocker& knocker) {
  xmpp::Element presence = knocker.presence;
  presence.add(user_x("none", "participant", knocker.real_jid));
  return presence;
}

xmpp::Element knocker_gone(const Knocker& knocker) {
  xmpp::Element presence("presence");
  presence.set("type", "unavailable");
  presence.add(user_x("none", "none", knocker.real_jid));
  return presence;
}

void tell_watchers(Service& service, const LobbyRoom& lobby, std::string_view from_nick, const xmpp::Element& stanza) {
  for (const Watcher& watcher : lobby.watchers) send_to(service, watcher, from_nick, stanza);
}

void send_to(Service& service, const Knocker& to, std::string_view from_nick, xmpp::Element stanza) {
  stanza.set("from", to.lobby_address.with_resource(from_nick).str());
  service.outbox.deliver(to.session, std::move(stanza));
}

void send_to(Service& service, const Watcher& to, std::string_view from_nick, xmpp::Element stanza) {
  stanza.set("from", to.lobby_address.with_resource(from_nick).str());
  service.outbox.deliver(to.session, std::move(stanza));
}

void lobby_iq(const LobbyVisit& visit, const xmpp::Element& iq) {
  Service& service = visit.service;
  if (!xmpp::is_iq_request(iq)) return;
  Occupant* by = visit.meeting ? visit.meeting->find(visit.visitor.sender.session) : nullptr;
  const bool is_set = iq.attribute("type") == "set";
  if (by && is_set && visit.address.resource.empty() && iq.child("query", xmlns::kMucAdmin)) {
    return turn_away(*visit.meeting, *by, iq);
  }
  const LobbyRoom* lobby = service.lobbies.find(visit.room);
  const bool is_here =
      lobby && (lobby->knocker(visit.visitor.sender.session) || lobby->watcher(visit.visitor.sender.session));
  if (is_here && !is_set && iq.child("ping", xmlns::kPing)) return answer(visit, xmpp::result_of(iq));
  // Who knocks learns nothing here, and owns nothing.
  service.counters.acts_refused.add();
  answer(visit, xmpp::error_of(iq, xmpp::errors::kForbidden));
}

xmpp::Element lobby_info(const Service& service, const access::RoomName* room, const Meeting* meeting,
                         const xmpp::Element& iq) {
  xmpp::Element reply = xmpp::result_of(iq);
  xmpp::Element& query = reply.add("query", xmlns::kDiscoInfo);
  const xmpp::Element* asked = iq.child("query", xmlns::kDiscoInfo);
  if (asked && asked->has_attribute("node")) query.set("node", asked->attribute("node"));
  query.add("identity", xmlns::kDiscoInfo)
      .set("category", "component")
      .set("type", "lobbyrooms")
      .set("name", service.options.lobby_domain);
  const auto has_lobby = [&] {
    return meeting ? meeting->lobby != access::Lobby::Off
                   : service.policies.for_room(*room).lobby != access::Lobby::Off;
  };
  if (room && has_lobby()) {
    query.add("feature", xmlns::kDiscoInfo).set("var", "http://jitsi.org/protocol/lobbyrooms#displayname_required");
  }
  return reply;
}

}  // namespace conclave::room
