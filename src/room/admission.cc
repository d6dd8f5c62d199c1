#include "room/admission.h"

#include <algorithm>
#include <vector>

#include "base/log.h"
#include "room/entry.h"
#include "room/lobby.h"
#include "room/lobby_messages.h"
#include "room/moderation.h"
#include "room/owner_config.h"
#include "room/wire.h"

namespace conclave::room {
namespace {

using access::Capability;
using Standing = Knocker::Standing;

void refuse(Meeting& meeting, const Occupant& by, const xmpp::Element& stanza, const xmpp::StanzaError& error) {
  Service& service = meeting.service();
  service.counters.acts_refused.add();
  service.outbox.deliver(by.session, bounce(stanza, error));
}

std::string name_of(const Knocker& knocker) {
  const xmpp::Element* nick = knocker.presence.child("nick", xmlns::kNick);
  return nick ? nick->text() : std::string();
}

std::string address_in_lobby(const Meeting& meeting, const Knocker& knocker) {
  return meeting.lobby_jid().with_resource(knocker.nick).str();
}

void remember(Meeting& meeting, Meeting::Admitted one) {
  forget_admission(meeting, one.subject);
  if (meeting.admitted.size() >= kMaxAdmitted) {
    meeting.service().counters.limits_reached.add();
    meeting.admitted.pop_front();
  }
  meeting.admitted.push_back(std::move(one));
}

// Somebody who knocks, by the real address that moderators see.
Knocker* knocker_at(const LobbyRoom* lobby, const xmpp::Jid& address) {
  if (!lobby) return nullptr;
  for (const auto& knocker : lobby->knockers) {
    const bool is_he = address.is_bare() ? knocker->real_jid.bare() == address : knocker->real_jid == address;
    if (is_he && knocker->standing == Standing::Knocks) return knocker.get();
  }
  return nullptr;
}

void let_in(Meeting& meeting, const Occupant& by, Knocker& knocker) {
  Service& service = meeting.service();
  service.counters.admissions.add();
  log::info("let in from the lobby", {{"room", meeting.name().key()}, {"nick", knocker.nick}, {"by", by.nick}});
  remember(meeting, {.subject = knocker.identity.subject, .entered = false});
  knocker.standing = Standing::Admitted;
  tell_watchers(service, *service.lobbies.find(meeting.name()), knocker.nick, knocker_gone(knocker));
  xmpp::Element message("message");
  message.set("from", knocker.room_address.bare().str());
  // Without the room's password: it would be told to somebody who need not know it (access.md A45).
  message.add("x", xmlns::kMucUser)
      .add("invite", xmlns::kMucUser)
      .set("from", by.real_jid.str())
      .add("reason", xmlns::kMucUser);
  service.outbox.deliver(knocker.session, std::move(message));
  notify_room(meeting, by, {"LOBBY-ACCESS-GRANTED", address_in_lobby(meeting, knocker), name_of(knocker)});
}

// Taken out of the lobby; `presence` is what he and the moderators are told.
void take_out(Service& service, const access::RoomName& room, xmpp::SessionId session, const xmpp::Element& presence) {
  const std::unique_ptr<Knocker> gone = service.lobbies.take_knocker(room, session);
  if (!gone) return;
  service.sessions.left_lobby(session, room);
  service.waiting.remove(session);
  const LobbyRoom* lobby = service.lobbies.find(room);
  if (lobby && gone->standing == Standing::Knocks) tell_watchers(service, *lobby, gone->nick, presence);
  xmpp::Element own = presence;
  add_status(*own.child("x", xmlns::kMucUser), "110");
  send_to(service, *gone, gone->nick, std::move(own));
}

xmpp::Element destroyed(const xmpp::Jid* main_room, std::string_view reason) {
  xmpp::Element presence("presence");
  presence.set("type", "unavailable");
  xmpp::Element& x = presence.add("x", xmlns::kMucUser);
  x.add("item", xmlns::kMucUser).set("affiliation", "none").set("role", "none");
  xmpp::Element& destroy = x.add("destroy", xmlns::kMucUser);
  if (main_room) destroy.set("jid", main_room->bare().str());
  destroy.add("reason", xmlns::kMucUser).set_text(reason);
  return presence;
}

void send_to_main_room(Service& service, const access::RoomName& room, const Knocker& knocker, std::string_view why) {
  const xmpp::Jid main_room = knocker.room_address;
  if (knocker.standing == Standing::Knocks) {
    tell_watchers(service, *service.lobbies.find(room), knocker.nick, knocker_gone(knocker));
  }
  const std::unique_ptr<Knocker> gone = service.lobbies.take_knocker(room, knocker.session);
  service.sessions.left_lobby(gone->session, room);
  service.waiting.remove(gone->session);
  xmpp::Element presence = destroyed(&main_room, why);
  add_status(*presence.child("x", xmlns::kMucUser), "110");
  send_to(service, *gone, gone->nick, std::move(presence));
}

void stand(Service& service, const access::RoomName& room, Knocker& knocker, Standing standing) {
  if (knocker.standing == standing) return;
  const LobbyRoom& lobby = *service.lobbies.find(room);
  if (knocker.standing == Standing::Knocks) tell_watchers(service, lobby, knocker.nick, knocker_gone(knocker));
  knocker.standing = standing;
  service.waiting.remove(knocker.session);
  if (standing == Standing::Waits && !service.waiting.add(knocker.session, room)) service.counters.limits_reached.add();
  if (standing != Standing::Knocks) return;
  service.counters.knocks.add();
  tell_watchers(service, lobby, knocker.nick, knocker_presence(knocker));
}

struct Dismissal {
  xmpp::SessionId session;
  Capability capability;
  std::string reason;
};

const Knocker* knocker_named(const LobbyRoom* lobby, const xmpp::Element& item) {
  if (!lobby) return nullptr;
  if (item.has_attribute("nick")) return lobby->knocker(item.attribute("nick"));
  const std::optional<xmpp::Jid> jid = xmpp::Jid::parse(item.attribute("jid"));
  return jid ? knocker_at(lobby, *jid) : nullptr;
}

Result<Dismissal, xmpp::StanzaError> dismissal(Meeting& meeting, Occupant& by, const xmpp::Element& item) {
  const bool bars = item.attribute("affiliation") == "outcast";
  const std::string reason(item.child_text("reason"));
  const bool known = bars ? item.attribute("role").empty() : item.attribute("role") == "none";
  if (!known || reason.size() > kMaxReasonBytes) return failure(xmpp::errors::kBadRequest);
  const Capability capability = bars ? Capability::Bar : Capability::Deny;
  // Who has no right is not told whether the target is there. A bar is for the person, on all his devices.
  const LobbyRoom* lobby = meeting.service().lobbies.find(meeting.name());
  const Knocker* knocker = knocker_named(lobby, item);
  const bool is_inside_too = bars && knocker;
  const access::Target about{.role = is_inside_too ? highest_role(meeting, knocker->identity.subject)
                                                   : access::Role::Guest};
  const access::Decision decision = meeting.may(by, capability, about);
  if (!decision.admitted()) {
    xmpp::StanzaError error = act_error(decision);
    error.text = {};  // the decision's own, which does not live as long
    return failure(error);
  }
  if (!knocker || knocker->standing != Standing::Knocks) return failure(xmpp::errors::kItemNotFound);
  return Dismissal{knocker->session, capability, reason};
}

void dismiss(Meeting& meeting, const Occupant& by, const Dismissal& dismissal) {
  Service& service = meeting.service();
  const LobbyRoom* lobby = service.lobbies.find(meeting.name());
  const Knocker* knocker = lobby ? lobby->knocker(dismissal.session) : nullptr;
  if (!knocker) return;
  const bool bars = dismissal.capability == Capability::Bar;
  service.counters.denials.add();
  if (bars) {
    service.counters.bars.add();
    remember_removed(
        meeting,
        {.subject = knocker->identity.subject, .machine = service.sessions.machine(knocker->session), .barred = true});
  }
  xmpp::Element presence("presence");
  presence.set("type", "unavailable");
  xmpp::Element x = user_x(bars ? "outcast" : "none", "none", knocker->real_jid);
  xmpp::Element& item = *x.child("item", xmlns::kMucUser);
  item.add("actor", xmlns::kMucUser).set("nick", by.nick);
  if (!dismissal.reason.empty()) item.add("reason", xmlns::kMucUser).set_text(dismissal.reason);
  if (bars) add_status(x, "301");
  add_status(x, "307");
  presence.add(std::move(x));
  const std::string address = address_in_lobby(meeting, *knocker);
  const std::string name = name_of(*knocker);
  log::info("turned away from the lobby", {{"room", meeting.name().key()}, {"nick", knocker->nick}, {"by", by.nick}});
  take_out(service, meeting.name(), dismissal.session, presence);
  notify_room(meeting, by, {"LOBBY-ACCESS-DENIED", address, name});
}

}  // namespace

bool is_invitation(const xmpp::Element& message) {
  const xmpp::Element* x = message.child("x", xmlns::kMucUser);
  return x && x->child("invite", xmlns::kMucUser);
}

void admit(Meeting& meeting, Occupant& by, const xmpp::Element& message) {
  const access::Decision decision = meeting.may(by, Capability::Admit);
  if (!decision.admitted()) return refuse(meeting, by, message, act_error(decision));
  std::size_t invitations = 0;
  for (const xmpp::Element& invite : message.child("x", xmlns::kMucUser)->children()) {
    if (!invite.is("invite", xmlns::kMucUser)) continue;
    if (++invitations > kMaxInLobby) return refuse(meeting, by, message, xmpp::errors::kResourceConstraint);
    const std::optional<xmpp::Jid> jid = xmpp::Jid::parse(invite.attribute("to"));
    // Who does not knock (any more) cannot be let in; nobody is told, as nobody is told of a success.
    Knocker* knocker = jid ? knocker_at(meeting.service().lobbies.find(meeting.name()), *jid) : nullptr;
    if (knocker) let_in(meeting, by, *knocker);
  }
}

void turn_away(Meeting& meeting, Occupant& by, const xmpp::Element& iq) {
  Service& service = meeting.service();
  std::vector<Dismissal> dismissals;
  for (const xmpp::Element& item : iq.child("query", xmlns::kMucAdmin)->children()) {
    if (!item.is("item", xmlns::kMucAdmin)) continue;
    auto one = dismissals.size() < kMaxAdminItems
                   ? dismissal(meeting, by, item)
                   : Result<Dismissal, xmpp::StanzaError>(failure(xmpp::errors::kResourceConstraint));
    if (!one) return refuse(meeting, by, iq, one.error());
    dismissals.push_back(std::move(*one));
  }
  if (dismissals.empty()) return refuse(meeting, by, iq, xmpp::errors::kBadRequest);
  for (const Dismissal& one : dismissals) dismiss(meeting, by, one);
  service.outbox.deliver(by.session, xmpp::result_of(iq));
}

Admission admission_of(const Meeting& meeting, std::string_view subject) {
  const auto found = std::ranges::find_if(meeting.admitted, [&](const auto& one) { return one.subject == subject; });
  if (found == meeting.admitted.end()) return {};
  return {.admitted = true, .fresh = !found->entered, .was_inside = found->entered};
}

void remember_entered(Meeting& meeting, const std::string& subject) {
  remember(meeting, {.subject = subject, .entered = true});
}

void forget_admission(Meeting& meeting, std::string_view subject) {
  std::erase_if(meeting.admitted, [&](const auto& one) { return one.subject == subject; });
}

void review_lobby(Service& service, const access::RoomName& room, Meeting* meeting, access::RoomState state,
                  std::string_view why) {
  const LobbyRoom* lobby = service.lobbies.find(room);
  if (!lobby) return;
  std::vector<xmpp::SessionId> people;
  for (const auto& knocker : lobby->knockers) people.push_back(knocker->session);
  for (const xmpp::SessionId session : people) {
    lobby = service.lobbies.find(room);
    Knocker* knocker = lobby ? lobby->knocker(session) : nullptr;
    if (!knocker || knocker->standing == Standing::Admitted) continue;
    const Shown shown{.display_name = !name_of(*knocker).empty(),
                      .password = std::nullopt,
                      .password_right = knocker->password_right,
                      .machine = service.sessions.machine(session)};
    const access::Decision decision = decide_entry(service, room, meeting, state, session, knocker->identity, shown);
    switch (decision.outcome) {
      case access::Outcome::Wait:
        stand(service, room, *knocker, Standing::Waits);
        break;
      case access::Outcome::Knock:
        stand(service, room, *knocker, Standing::Knocks);
        break;
      default:
        send_to_main_room(service, room, *knocker, why);
    }
  }
}

void review_lobby(Meeting& any, std::string_view why) {
  Meeting& meeting = any.main();
  if (meeting.over()) return;
  const auto state = meeting.host.held ? access::RoomState::Held : access::RoomState::Open;
  review_lobby(meeting.service(), meeting.name(), &meeting, state, why);
}

void host_arrived(Meeting& meeting) {
  Service& service = meeting.service();
  const access::Policy& policy = meeting.policy();
  const bool asked_about = policy.waiters == access::Waiters::Ask && policy.lobby_exists;
  if (asked_about && meeting.lobby == access::Lobby::Off && service.waiting.count(meeting.name()) > 0) {
    log::info("those who waited knock", {{"room", meeting.name().key()}, {"setting", "WAITERS=ask"}});
    set_lobby(meeting, access::Lobby::All, nullptr);
  }
  review_lobby(meeting, kHostArrived);
}

void close_lobby(Service& service, const access::RoomName& room, SendTo where, std::string_view reason) {
  while (const LobbyRoom* lobby = service.lobbies.find(room)) {
    if (!lobby->watchers.empty()) {
      const Watcher watcher = lobby->watchers.back();
      service.lobbies.take_watcher(room, watcher.session);
      service.sessions.left_lobby(watcher.session, room);
      const xmpp::Jid main_room{room.node(), service.options.muc_domain, {}};
      xmpp::Element presence = destroyed(where == SendTo::MainRoom ? &main_room : nullptr, reason);
      add_status(*presence.child("x", xmlns::kMucUser), "110");
      send_to(service, watcher, watcher.nick, std::move(presence));
      continue;
    }
    const Knocker& knocker = *lobby->knockers.back();
    const xmpp::Jid main_room = knocker.room_address;
    take_out(service, room, knocker.session, destroyed(where == SendTo::MainRoom ? &main_room : nullptr, reason));
  }
}

void set_lobby(Meeting& meeting, access::Lobby lobby, const Occupant* by) {
  if (meeting.lobby == lobby) return;
  const bool was_on = meeting.lobby != access::Lobby::Off;
  const bool is_on = lobby != access::Lobby::Off;
  meeting.lobby = lobby;
  if (was_on == is_on) return;
  log::info("lobby",
            {{"room", meeting.name().key()}, {"on", is_on ? "yes" : "no"}, {"by", by ? by->nick : "the server"}});
  tell_changed(meeting);
  if (by) notify_lobby_switched(meeting, *by, is_on);
  if (is_on) return review_lobby(meeting, kLobbyClosed);
  close_lobby(meeting.service(), meeting.name(), SendTo::MainRoom, kLobbyClosed);
}

}  // namespace conclave::room
