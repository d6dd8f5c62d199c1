#include "room/rooms.h"

#include <algorithm>

#include "base/log.h"
#include "base/same_secret.h"
#include "room/admission.h"
#include "room/breakout.h"
#include "room/disco.h"
#include "room/entry.h"
#include "room/flip.h"
#include "room/invitation.h"
#include "room/join.h"
#include "room/leave.h"
#include "room/life.h"
#include "room/lobby.h"
#include "room/lobby_messages.h"
#include "room/messages.h"
#include "room/moderation.h"
#include "room/muc_domain.h"
#include "room/owner_config.h"
#include "room/presence.h"
#include "room/private_iq.h"
#include "room/roles.h"
#include "room/room_wishes.h"
#include "room/wire.h"

namespace conclave::room {
namespace {

void refuse_as_full(access::Decision& decision, std::string_view sentence) {
  decision.outcome = access::Outcome::Full;
  decision.role = access::Role::None;
  decision.starts_room = false;
  decision.capabilities = {};
  decision.reason = {
      .slug = access::Slug::Full, .rule = "rooms", .claim = {}, .setting = {}, .sentence = std::string(sentence)};
}

}  // namespace

// A stanza's destination, looked up.
struct Rooms::Addressed {
  const Visitor& visitor;
  xmpp::Jid jid;  // as the client wrote it
  access::RoomName name;
  Meeting* meeting;    // null unless open or held
  Occupant* occupant;  // the sender, if he is inside
};

Rooms::Rooms(Loop& loop, xmpp::Outbox& outbox, Random& random, const access::PolicyBook& policies, RoomOptions options,
             RoomListener& listener, access::DecisionLog& log)
    : Pinned(loop),
      service_{.loop = loop,
               .outbox = outbox,
               .random = random,
               .policies = policies,
               .options = std::move(options),
               .listener = listener,
               .log = log,
               .retire = [this](Meeting& meeting, CoolDown cool_down) { retire(meeting, cool_down); },
               .open_breakout = [this](Meeting& main, std::string id) { return open_breakout(main, std::move(id)); }} {}

Rooms::~Rooms() = default;

// The life of rooms.

Meeting* Rooms::meeting(const access::RoomName& room) const {
  const auto found = meetings_.find(room);
  return found == meetings_.end() ? nullptr : found->second.get();
}

const Room* Rooms::find(const access::RoomName& room) const {
  return meeting(room);
}

Room* Rooms::find(const access::RoomName& room) {
  return meeting(room);
}

Room* Rooms::room_of(xmpp::SessionId session, const std::optional<xmpp::Jid>& address) {
  const std::set<access::RoomName> inside = service_.sessions.rooms(session);
  if (!address) return inside.size() == 1 ? meeting(*inside.begin()) : nullptr;
  if (address->domain == service_.options.breakout_domain) {
    const auto name = breakout_at(address->node);
    return name && inside.contains(*name) ? meeting(*name) : nullptr;
  }
  const auto name = MucDomain(service_.options.muc_domain).room_at(*address);
  return name && inside.contains(*name) ? meeting(*name) : nullptr;
}

std::optional<access::RoomName> Rooms::breakout_at(std::string_view id) const {
  assert_here();
  const auto found = service_.breakouts.find(std::string(id));
  if (found == service_.breakouts.end()) return std::nullopt;
  return found->second->name();
}

std::optional<access::RoomName> Rooms::breakout_asked_for(xmpp::SessionId session, const std::string& id) const {
  if (auto there = breakout_at(id); there || id.empty()) return there;
  const auto from =
      std::ranges::find_if(meetings_, [&](const auto& one) { return find_mover(*one.second, session) != nullptr; });
  return from == meetings_.end() ? std::nullopt : std::optional(from->first.breakout(id));
}

access::RoomState Rooms::state_of(const access::RoomName& room) const {
  if (const Meeting* found = meeting(room))
    return found->main().host.held ? access::RoomState::Held : access::RoomState::Open;
  if (cooling_.contains(room)) return access::RoomState::Ended;
  return service_.waiting.count(room) > 0 ? access::RoomState::Waiting : access::RoomState::Absent;
}

Meeting* Rooms::open(const access::RoomName& room) {
  if (meetings_.size() >= service_.options.max_rooms) {
    service_.counters.limits_reached.add();
    return nullptr;
  }
  cooling_.erase(room);
  auto opened = std::make_unique<Meeting>(service_, room);
  Meeting* meeting = opened.get();
  meetings_.emplace(room, std::move(opened));
  service_.counters.rooms_opened.add();
  log::info("room opened", {{"room", room.key()}, {"meeting", meeting->meeting_id()}});
  meeting->start_timeout = loop().after(kStartTimeout, [this, meeting] {
    service_.counters.never_entered.add();
    close_empty(*meeting);
  });
  service_.listener.room_opened(*meeting);
  return meeting;
}

Meeting* Rooms::open_breakout(Meeting& main, std::string id) {
  if (meetings_.size() >= service_.options.max_rooms) return nullptr;
  auto opened = std::make_unique<Meeting>(service_, main.name().breakout(std::move(id)), &main);
  Meeting* meeting = opened.get();
  meetings_.emplace(meeting->name(), std::move(opened));
  service_.breakouts.emplace(meeting->name().breakout_id(), meeting);
  main.breakouts.rooms.push_back(meeting);
  service_.counters.breakouts_opened.add();
  log::info("breakout room opened", {{"room", meeting->name().key()}, {"meeting", meeting->meeting_id()}});
  service_.listener.room_opened(*meeting);
  return meeting;
}

void Rooms::retire_breakout(Meeting& meeting) {
  const access::RoomName name = meeting.name();
  log::info("breakout room closed", {{"room", name.key()}});
  service_.listener.room_closed(meeting);
  std::erase(meeting.main().breakouts.rooms, &meeting);
  service_.breakouts.erase(name.breakout_id());
  const auto found = meetings_.find(name);
  loop().destroy_later(std::move(found->second));
  meetings_.erase(found);
}

void Rooms::retire(Meeting& meeting, CoolDown cool_down) {
  if (meeting.name().is_breakout()) return retire_breakout(meeting);
  const access::RoomName name = meeting.name();
  const std::chrono::seconds pause = meeting.policy().cool_down;
  if (cool_down == CoolDown::Yes && pause.count() > 0 && cooling_.size() < kMaxRooms) {
    cooling_[name] = loop().after(pause, [this, name] { cooling_.erase(name); });
  }
  service_.counters.rooms_closed.add();
  log::info("room closed", {{"room", name.key()}});
  service_.listener.room_closed(meeting);
  const auto found = meetings_.find(name);
  // Its own functions are still running.
  loop().destroy_later(std::move(found->second));
  meetings_.erase(found);
  booked_.erase(name);
  started_ahead_.erase(name);
  service_.sessions.end_of_meeting(name);
  // Those who knocked at this meeting wait for the next.
  review_lobby(service_, name, nullptr, state_of(name), kLobbyClosed);
}

std::size_t Rooms::occupant_count() const {
  std::size_t count = 0;
  for (const auto& [name, meeting] : meetings_) count += meeting->occupants().size();
  return count;
}

// The entrance.

access::Decision Rooms::consider(const Visitor& visitor, const access::RoomName& room, const access::Identity& identity,
                                 const Shown& shown, std::string_view act) {
  access::Decision decision =
      decide_entry(service_, room, meeting(room), state_of(room), visitor.sender.session, identity, shown);
  const bool booking_said_no = decision.reason.slug == access::Slug::BookingDenied;
  if (booking_said_no && shown.booked && !shown.booked->text.empty()) decision.reason.sentence = shown.booked->text;
  const bool would_open = decision.admitted() && !meeting(room);
  if (would_open) {
    if (has_started_enough(visitor)) {
      refuse_as_full(decision, "You have started several meetings without entering them: enter one of them first.");
    } else if (Meeting* opened = open(room)) {
      has_started(visitor, room);
      if (auto said = said_of(service_.definitions.find(room), shown.booked)) begin_as(*opened, *std::move(said));
      if (shown.booked && shown.booked->terms) booked_.insert_or_assign(room, *shown.booked);
      // Before anybody else can come in.
      apply_wishes(*opened, identity, decision.role);
    } else {
      refuse_as_full(decision, "This server has no place for another meeting now.");
    }
  }
  service_.log.decided({.act = act,
                        .identity = identity,
                        .nick = {},
                        .room = room,
                        .decision = decision,
                        .session = visitor.sender.session.value});
  if (visitor.has_stream()) service_.waiting.remove(visitor.sender.session);
  if (decision.outcome == access::Outcome::Wait) {
    service_.counters.waits.add();
    if (visitor.has_stream() && !service_.waiting.add(visitor.sender.session, room))
      service_.counters.limits_reached.add();
  } else if (!decision.admitted()) {
    service_.counters.entries_refused.add();
    log::info("not let in", {{"room", room.key()},
                             {"outcome", access::outcome_text(decision.outcome)},
                             {"reason", access::slug_text(decision.reason.slug)}});
  }
  return decision;
}

bool Rooms::has_started_enough(const Visitor& visitor) {
  const auto is_empty = [this](const access::RoomName& name) {
    const Meeting* started = meeting(name);
    return started != nullptr && started->occupants().empty();
  };
  if (visitor.has_stream()) {
    return service_.sessions.started_count(visitor.sender.session, is_empty) >= kMaxRoomsPerSession;
  }
  std::erase_if(started_ahead_, [&](const auto& one) { return !is_empty(one.first); });
  const auto of_his_network = [&](const auto& one) { return one.second == visitor.peer; };
  return std::ranges::count_if(started_ahead_, of_his_network) >= static_cast<std::ptrdiff_t>(kMaxRoomsAhead);
}

void Rooms::has_started(const Visitor& visitor, const access::RoomName& room) {
  if (visitor.has_stream()) return service_.sessions.started(visitor.sender.session, room);
  started_ahead_.insert_or_assign(room, visitor.peer);
}

std::string Rooms::machine_of(const Visitor& visitor) const {
  return visitor.has_stream() ? service_.sessions.machine(visitor.sender.session) : visitor.machine;
}

void Rooms::keep_ticket(const Visitor& visitor, const access::RoomName& room,
                        std::optional<access::Identity> from_ticket) {
  if (!visitor.has_stream()) return;
  if (!visitor.machine.empty()) service_.sessions.set_machine(visitor.sender.session, visitor.machine);
  if (from_ticket) {
    service_.sessions.remember_ticket(visitor.sender.session, room.main(), std::move(*from_ticket));
  } else {
    service_.sessions.forget_ticket(visitor.sender.session, room.main());
  }
}

access::Decision Rooms::ask(const Visitor& visitor, const access::RoomName& room,
                            std::optional<access::Identity> from_ticket, const Booked& booked) {
  assert_here();
  const bool from_ticket_counts = from_ticket && from_ticket->authenticated();
  keep_ticket(visitor, room, std::move(from_ticket));
  // Somebody who is inside and has logged in meanwhile becomes what he is now (signalling.md 4.4).
  Meeting* inside = meeting(room);
  Occupant* who = inside && from_ticket_counts ? inside->find(visitor.sender.session) : nullptr;
  if (who) room::decide_anew(*inside, *who, effective_identity(service_, visitor, room));
  const Shown shown{.machine = machine_of(visitor),
                    .booked = booked.answer == access::Booking::NotAsked ? nullptr : &booked};
  return consider(visitor, room, effective_identity(service_, visitor, room), shown, "request");
}

bool Rooms::would_start(const Visitor& visitor, const access::RoomName& room,
                        std::optional<access::Identity> from_ticket) {
  assert_here();
  if (meeting(room)) return false;
  if (visitor.has_stream()) service_.sessions.note(visitor.sender.session);
  keep_ticket(visitor, room, std::move(from_ticket));
  const Booked granted{.answer = access::Booking::Granted};
  const Shown shown{.machine = machine_of(visitor), .booked = &granted};
  return decide_entry(service_, room, nullptr, state_of(room), visitor.sender.session,
                      effective_identity(service_, visitor, room), shown)
      .admitted();
}

bool Rooms::still_asks(xmpp::SessionId session) const {
  assert_here();
  return session == xmpp::SessionId{} || service_.sessions.knows(session);
}

bool Rooms::define(access::RoomDefinition definition) {
  assert_here();
  const access::RoomName name = definition.name;
  if (!service_.definitions.define(std::move(definition))) return false;
  defined_anew(name);
  return true;
}

bool Rooms::undefine(const access::RoomName& room) {
  assert_here();
  if (!service_.definitions.undefine(room)) return false;
  defined_anew(room);
  return true;
}

// The operator's word has changed; what was booked stays on top of it.
void Rooms::defined_anew(const access::RoomName& room) {
  Meeting* running = meeting(room);
  if (!running) return;
  const auto booked = booked_.find(room);
  redefine(*running, said_of(service_.definitions.find(room), booked == booked_.end() ? nullptr : &booked->second));
}

void Rooms::join(const Addressed& to, const xmpp::Element& stanza) {
  const xmpp::SessionId session = to.visitor.sender.session;
  if (const auto error = impossible_join(service_, session, stanza, to.jid.resource)) {
    service_.counters.malformed.add();
    answer(to.visitor, join_error(stanza, *error));
    return;
  }
  Shown shown = shown_by(stanza);
  shown.machine = service_.sessions.machine(session);
  shown.nick = to.jid.resource;
  if (shown.password && !may_guess(to)) {
    service_.counters.limits_reached.add();
    answer(to.visitor, join_error(stanza, {"wait", "resource-constraint", "Too many wrong passwords."}));
    return;
  }
  Entrant entrant{to.visitor.sender, effective_identity(service_, to.visitor, to.name), to.jid};
  const access::Decision decision = consider(to.visitor, to.name, entrant.identity, shown, "join");
  if (decision.reason.slug == access::Slug::PasswordWrong) guessed_wrong(to);
  if (!decision.admitted()) {
    sent_away(to, shown, decision);
    answer(to.visitor, refusal(service_, to.name, stanza, decision));
    return;
  }
  Meeting& room = *meeting(to.name);  // consider() has opened it if need be
  enter(room, std::move(entrant), decision, stanza);
  if (shown.flips) flip(room, session);
}

bool Rooms::may_guess(const Addressed& to) const {
  return service_.sessions.wrong_passwords(to.visitor.sender.session) < kMaxWrongPasswords &&
         guesses_.may_try(loop().now(), to.name.key(), to.visitor.peer);
}

void Rooms::guessed_wrong(const Addressed& to) {
  service_.sessions.wrong_password(to.visitor.sender.session);
  guesses_.was_wrong(loop().now(), to.name.key(), to.visitor.peer);
}

// What the lobby wants to know of somebody whom the door has sent there.
void Rooms::sent_away(const Addressed& to, const Shown& shown, const access::Decision& decision) {
  if (decision.outcome != access::Outcome::Wait && decision.outcome != access::Outcome::Knock) return;
  const xmpp::SessionId session = to.visitor.sender.session;
  service_.sessions.sent_to_lobby(session, to.name, to.jid.bare());
  // Knocking stands behind the password's gate, but who was kicked knocks before it.
  const std::string* password = to.meeting ? &to.meeting->main().password : nullptr;
  const bool knew = password && shown.password && !password->empty() && same_secret(*password, *shown.password);
  if (password && shown.password && !password->empty() && !knew) guessed_wrong(to);
  if (knew && decision.outcome == access::Outcome::Knock)
    service_.sessions.knew_password(session, to.name, to.meeting->password_version);
}

// Where stanzas go.

void Rooms::answer(const Visitor& visitor, xmpp::Element stanza) {
  service_.outbox.deliver(visitor.sender.session, std::move(stanza));
}

void Rooms::stanza(const Visitor& visitor, const xmpp::Element& stanza) {
  assert_here();
  const bool is_error = stanza.attribute("type") == "error";
  const auto refuse = [&](const xmpp::StanzaError& error) {
    service_.counters.malformed.add();
    const bool needs_answer = !is_error && (stanza.name() != "iq" || xmpp::is_iq_request(stanza));
    if (needs_answer) answer(visitor, bounce(stanza, error));
  };
  const std::optional<xmpp::Jid> jid = xmpp::Jid::parse(stanza.attribute("to"));
  if (!jid) return refuse(xmpp::errors::kJidMalformed);
  if (jid->node.empty()) {
    if (stanza.name() == "iq") return service_iq(visitor, stanza);
    return refuse(xmpp::errors::kServiceUnavailable);
  }
  if (jid->domain == service_.options.breakout_domain) return breakout_stanza(visitor, *jid, stanza);
  const auto name = MucDomain(service_.options.muc_domain).room_at(*jid);
  if (!name) {
    const access::Decision decision = access::refuse_name(name.error());
    if (stanza.name() != "presence") return refuse(xmpp::errors::kItemNotFound);
    service_.counters.entries_refused.add();
    if (!is_error && stanza.attribute("type").empty()) answer(visitor, name_refusal(stanza, decision));
    return;
  }
  room_stanza(visitor, *jid, *name, stanza);
}

void Rooms::room_stanza(const Visitor& visitor, const xmpp::Jid& jid, const access::RoomName& name,
                        const xmpp::Element& stanza) {
  Meeting* found = meeting(name);
  const Addressed to{visitor, jid, name, found, found ? found->find(visitor.sender.session) : nullptr};
  if (stanza.name() == "presence") return presence(to, stanza);
  if (stanza.name() == "message") return message(to, stanza);
  if (stanza.name() == "iq") return iq(to, stanza);
}

void Rooms::breakout_stanza(const Visitor& visitor, const xmpp::Jid& jid, const xmpp::Element& stanza) {
  if (const auto name = breakout_at(jid.node)) return room_stanza(visitor, jid, *name, stanza);
  const std::string_view type = stanza.attribute("type");
  if (type == "error" || (stanza.name() == "iq" && !xmpp::is_iq_request(stanza))) return;
  if (stanza.name() != "presence") return answer(visitor, bounce(stanza, xmpp::errors::kItemNotFound));
  if (!type.empty()) return;
  service_.counters.entries_refused.add();
  // Stock clients go back to the main room.
  answer(visitor, join_error(stanza, {"cancel", "not-allowed", "This breakout room is not there."}));
}

void Rooms::lobby_stanza(const Visitor& visitor, const xmpp::Element& stanza) {
  assert_here();
  const std::optional<xmpp::Jid> jid = xmpp::Jid::parse(stanza.attribute("to"));
  const bool is_error = stanza.attribute("type") == "error";
  const auto name = jid ? access::room_from_node(jid->node, "") : failure(access::NameError::Empty);
  if (!name || !service_.policies.for_room(*name).lobby_exists) {
    service_.counters.malformed.add();
    const bool needs_answer = stanza.name() == "iq" ? xmpp::is_iq_request(stanza) : !is_error;
    if (needs_answer) answer(visitor, bounce(stanza, xmpp::errors::kItemNotFound));
    return;
  }
  const LobbyVisit visit{service_, visitor, *jid, *name, meeting(*name), state_of(*name)};
  if (stanza.name() == "message") return lobby_message(visit, stanza);
  if (stanza.name() == "iq") return lobby_iq(visit, stanza);
  if (stanza.attribute("type") == "unavailable") return leave_waiting(visitor.sender.session, *name);
  lobby_presence(visit, stanza);
}

void Rooms::lobby_component_iq(const Visitor& visitor, const access::RoomName* about, const xmpp::Element& iq) {
  assert_here();
  if (!xmpp::is_iq_request(iq)) return;
  const bool is_info = iq.attribute("type") == "get" && iq.child("query", xmlns::kDiscoInfo);
  answer(visitor, is_info ? lobby_info(service_, about, about ? meeting(*about) : nullptr, iq)
                          : xmpp::error_of(iq, xmpp::errors::kServiceUnavailable));
}

// Out of the lobby of `room`, for whose sake an empty meeting may have stood.
void Rooms::leave_waiting(xmpp::SessionId session, const access::RoomName& room) {
  leave_lobby(service_, room, session);
  if (Meeting* standing = meeting(room)) close_if_empty(*standing);
}

void Rooms::presence(const Addressed& to, const xmpp::Element& stanza) {
  const std::string_view type = stanza.attribute("type");
  if (type == "unavailable") {
    service_.waiting.remove(to.visitor.sender.session);
    if (to.occupant) leave(*to.meeting, *to.occupant, stanza);
    return;
  }
  if (!type.empty()) return;  // errors, probes, subscriptions: nothing of ours
  if (!to.occupant) return join(to, stanza);
  if (to.jid.resource != to.occupant->nick) {
    answer(to.visitor, join_error(stanza, {"modify", "not-acceptable", "Nicks are kept for the whole meeting."}));
    return;
  }
  if (is_join(stanza) && stanza.size_estimate() <= kMaxPresenceBytes)
    return enter_again(*to.meeting, *to.occupant, stanza);
  update_presence(*to.meeting, *to.occupant, stanza);
}

void Rooms::message(const Addressed& to, const xmpp::Element& stanza) {
  if (stanza.attribute("type") == "error") return;
  if (!to.occupant) {
    service_.counters.acts_refused.add();
    answer(to.visitor, bounce(stanza, {"modify", "not-acceptable", "Only those inside may send to this room."}));
    return;
  }
  if (!to.jid.resource.empty()) return private_message(*to.meeting, *to.occupant, to.jid.resource, stanza);
  if (is_invitation(stanza)) return admit(*to.meeting, *to.occupant, stanza);
  if (stanza.attribute("type") == "groupchat") return groupchat(*to.meeting, *to.occupant, stanza);
  service_.counters.malformed.add();
  answer(to.visitor, bounce(stanza, {"modify", "bad-request", "Messages to a room are of type groupchat."}));
}

void Rooms::iq(const Addressed& to, const xmpp::Element& stanza) {
  const bool is_request = xmpp::is_iq_request(stanza);
  if (!is_request && !xmpp::is_iq_response(stanza)) {
    service_.counters.malformed.add();
    return;
  }
  if (to.jid.resource.empty()) {
    if (is_request) room_iq(to, stanza);
    return;
  }
  if (to.occupant) return private_iq(*to.meeting, *to.occupant, to.jid.resource, stanza);
  service_.counters.acts_refused.add();
  if (is_request) answer(to.visitor, xmpp::error_of(stanza, xmpp::errors::kNotAcceptable));
}

void Rooms::room_iq(const Addressed& to, const xmpp::Element& stanza) {
  if (!to.occupant) {
    // The same for rooms that are not there: whoever is outside learns nothing.
    service_.counters.acts_refused.add();
    answer(to.visitor, xmpp::error_of(stanza, xmpp::errors::kForbidden));
    return;
  }
  const bool is_get = stanza.attribute("type") == "get";
  if (const xmpp::Element* owner = stanza.child("query", xmlns::kMucOwner)) {
    if (!is_get && owner->child("destroy", xmlns::kMucOwner)) return destroy(*to.meeting, *to.occupant, stanza);
    return owner_config(*to.meeting, *to.occupant, stanza);
  }
  if (!is_get && stanza.child("query", xmlns::kMucAdmin)) return admin_set(*to.meeting, *to.occupant, stanza);
  if (!is_get && stanza.child("invitation", xmlns::kInvitation)) return invite(*to.meeting, *to.occupant, stanza);
  if (is_get && stanza.child("query", xmlns::kDiscoInfo))
    return answer(to.visitor, room_info(*to.meeting, *to.occupant, stanza));
  if (is_get && stanza.child("query", xmlns::kDiscoItems)) return answer(to.visitor, room_items(stanza));
  if (is_get && stanza.child("ping", xmlns::kPing)) return answer(to.visitor, xmpp::result_of(stanza));
  answer(to.visitor, xmpp::error_of(stanza, xmpp::errors::kServiceUnavailable));
}

void Rooms::service_iq(const Visitor& visitor, const xmpp::Element& stanza) {
  if (!xmpp::is_iq_request(stanza)) return;
  const bool is_get = stanza.attribute("type") == "get";
  if (is_get && stanza.child("query", xmlns::kDiscoInfo)) return answer(visitor, service_info(stanza));
  if (is_get && stanza.child("query", xmlns::kDiscoItems)) return answer(visitor, service_items(stanza));
  if (is_get && stanza.child("ping", xmlns::kPing)) return answer(visitor, xmpp::result_of(stanza));
  answer(visitor, xmpp::error_of(stanza, xmpp::errors::kServiceUnavailable));
}

// What comes from outside the stanzas.

void Rooms::session_ended(xmpp::SessionId session) {
  assert_here();
  service_.waiting.remove(session);
  for (const access::RoomName& name : service_.sessions.lobbies(session)) leave_waiting(session, name);
  for (const access::RoomName& name : service_.sessions.rooms(session)) {
    Meeting* found = meeting(name);
    Occupant* who = found ? found->find(session) : nullptr;
    if (who) remove_occupant(*found, *who, {});
  }
  stop_moving(service_, session);
  service_.sessions.ended(session);
}

void Rooms::logged_out(xmpp::SessionId session) {
  assert_here();
  service_.sessions.forget_tickets(session);
}

void Rooms::identity_changed(const Visitor& visitor) {
  assert_here();
  for (const access::RoomName& name : service_.sessions.rooms(visitor.sender.session)) {
    Meeting* found = meeting(name);
    Occupant* who = found ? found->find(visitor.sender.session) : nullptr;
    if (who) room::decide_anew(*found, *who, effective_identity(service_, visitor, name));
  }
}

bool Rooms::end_meeting(const access::RoomName& room) {
  assert_here();
  Meeting* found = meeting(room);
  if (found) room::end_meeting(*found, kTerminated, CoolDown::Yes);
  return found != nullptr;
}

}  // namespace conclave::room
