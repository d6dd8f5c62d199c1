#include "room/entry.h"

#include <algorithm>

#include "base/same_secret.h"
#include "room/admission.h"
#include "room/breakout.h"
#include "room/flip.h"
#include "room/invitation.h"
#include "room/moderation.h"
#include "room/wire.h"

namespace conclave::room {
namespace {

access::PasswordGiven password_given(const Meeting& meeting, const Shown& shown) {
  if (shown.password_right == meeting.password_version) return access::PasswordGiven::Right;
  if (!shown.password) return access::PasswordGiven::No;
  return same_secret(meeting.password, *shown.password) ? access::PasswordGiven::Right : access::PasswordGiven::Wrong;
}

// In all rooms of the meeting, and those between two of them.
std::size_t people_but(const Meeting& main, xmpp::SessionId session) {
  std::size_t people = 0;
  for (const Meeting* room : rooms_of(main)) {
    people += static_cast<std::size_t>(std::ranges::count_if(room->occupants(), [&](const auto& who) {
      return who->session != session && who->identity.kind != access::IdentityKind::Service;
    }));
  }
  return people + static_cast<std::size_t>(std::ranges::count_if(
                      main.breakouts.movers, [&](const auto& one) { return one.session != session; }));
}

// Who comes from another room of the meeting, or from another device.
void add_move(access::RoomFacts& facts, const Meeting& meeting, xmpp::SessionId session,
              const access::Identity& identity, const Shown& shown) {
  const Meeting& main = meeting.main();
  facts.moves_within = is_within(main, session);
  // One who was removed is not let in by another device of his that is still inside.
  const bool may_flip = shown.flips && facts.removed == access::Removed::No;
  if (const Occupant* other = may_flip ? device_to_flip(meeting, session, identity) : nullptr) {
    facts.moves_within = true;
    facts.was_elected = other->elected;
  }
  if (const Meeting::Mover* mover = find_mover(main, session)) {
    facts.was_elected = mover->elected;
    // Who gave moderation back himself is not elected for having moved.
    if (mover->stepped_down) facts.moderator_present = true;
  }
}

// Only this person's entries: the function asks about nobody else.
void add_memory(access::RoomFacts& facts, const Meeting& meeting, const access::Identity& identity,
                std::string_view machine) {
  if (const Meeting::Removed* removed = find_removed(meeting, identity, machine)) {
    facts.removed = removed->barred ? access::Removed::Barred : access::Removed::Kicked;
  }
  if (const auto grant = meeting.grants.find(identity.subject); grant != meeting.grants.end()) {
    facts.granted = true;
    facts.makers_features = grant->second.features;
  }
  facts.promoted = std::ranges::count(meeting.promoted, identity.subject) > 0;
  facts.link_withdrawn = is_withdrawn(meeting, identity);
  const Admission admission = admission_of(meeting, identity.subject);
  facts.admitted_from_lobby = admission.admitted;
  facts.admitted_just_now = admission.fresh;
  facts.was_inside = admission.was_inside;
}

// What was said of the room before it began; a meeting that runs has taken over what it may change.
void add_definition(access::RoomFacts& facts, const access::RoomDefinition& said, const access::Identity& identity,
                    const Shown& shown) {
  const bool runs = facts.state == access::RoomState::Open || facts.state == access::RoomState::Held;
  facts.defined_owner = said.owners.contains(identity.subject);
  facts.withheld = access::withheld(said, identity);
  facts.not_before = said.not_before;
  facts.expires = said.expires;
  if (said.capacity) facts.capacity = std::min(facts.capacity, *said.capacity);
  if (runs) return;
  if (said.lobby) facts.lobby = *said.lobby;
  facts.has_password = !said.password.empty();
  if (facts.has_password && shown.password) {
    facts.password =
        same_secret(said.password, *shown.password) ? access::PasswordGiven::Right : access::PasswordGiven::Wrong;
  }
}

access::Booking booking_of(const Service& service, const Shown& shown) {
  if (!service.options.booking) return access::Booking::NotAsked;
  return shown.booked ? shown.booked->answer : access::Booking::Pending;
}

}  // namespace

access::Decision decide_entry(Service& service, const access::RoomName& name, Meeting* meeting, access::RoomState state,
                              xmpp::SessionId session, const access::Identity& identity, const Shown& shown) {
  access::RoomFacts facts{.name = name};
  facts.state = state;
  facts.capacity = service.options.max_occupants;
  const access::Policy& policy = service.policies.for_room(name);
  facts.lobby = policy.lobby;
  facts.display_name_given = shown.display_name;
  facts.booking = booking_of(service, shown);
  const Meeting* main = meeting ? &meeting->main() : nullptr;
  const auto said = main ? main->definition : said_of(service.definitions.find(name), shown.booked);
  if (said) add_definition(facts, *said, identity, shown);
  if (main) {
    facts.moderator_present = is_moderated(*main);
    facts.has_password = !main->password.empty();
    if (facts.has_password) facts.password = password_given(*main, shown);
    facts.occupants = people_but(*main, session);
    if (main->capacity) facts.capacity = std::min(facts.capacity, *main->capacity);
    facts.lobby = main->lobby;
    facts.accounts_only = main->accounts_only;
    facts.service_called = meeting->calls_for(identity.subject, session);
    add_memory(facts, *main, identity, shown.machine);
    add_move(facts, *meeting, session, identity, shown);
    facts.nick_taken = !shown.nick.empty() &&
                       (meeting->Room::find(shown.nick) != nullptr || nick_is_taken(*main, shown.nick, session));
  }
  return access::decide_entry(identity, facts, policy, service.loop.wall_now());
}

access::Decision decide_for_occupant(Meeting& meeting, const Occupant& who, const access::Identity& shown) {
  const Meeting& main = meeting.main();
  // What becomes of somebody whose credential runs out is TOKEN_EXPIRY's business (expiry.h).
  access::Identity identity = shown;
  identity.scope.until.reset();
  access::RoomFacts facts{.name = meeting.name()};
  facts.state = access::RoomState::Open;
  facts.moderator_present = is_moderated(main, &who);
  facts.moves_within = meeting.name().is_breakout();
  facts.service_called = true;
  if (main.definition) {
    facts.defined_owner = main.definition->owners.contains(identity.subject);
    facts.withheld = access::withheld(*main.definition, identity);
  }
  add_memory(facts, main, identity, {});
  facts.admitted_from_lobby = true;
  facts.accounts_only = main.accounts_only;
  return access::decide_entry(identity, facts, meeting.policy(), meeting.service().loop.wall_now());
}

std::optional<access::FeatureSet> granted_features(const Meeting& meeting, const access::Identity& identity,
                                                   access::Role role) {
  if (role != access::Role::Moderator) return std::nullopt;  // a host is one by himself
  const auto& grants = meeting.main().grants;
  const auto found = grants.find(identity.subject);
  return found == grants.end() ? std::nullopt : found->second.features;
}

const access::Identity& effective_identity(const Service& service, const Visitor& visitor,
                                           const access::RoomName& room) {
  const access::Identity& own = visitor.identity;
  const access::Identity* ticket = service.sessions.ticket(visitor.sender.session, room.main());
  if (!ticket) return own;
  const bool own_counts =
      own.authenticated() && access::covers(own.scope, room, service.loop.wall_now()) == access::ScopeVerdict::InScope;
  return own_counts ? own : *ticket;
}

xmpp::Element join_error(const xmpp::Element& join, const xmpp::StanzaError& error) {
  xmpp::Element answer = bounce(join, error);
  answer.add("x", xmlns::kMuc);
  return answer;
}

namespace {

struct Shape {
  xmpp::StanzaError error;
  std::string child;  // inside <error/>; empty: none
  std::string_view child_xmlns = xmlns::kJitmeet;
  bool to_lobby = false;
};

Shape shape_of(const access::Decision& decision, bool lobby_exists) {
  using access::Outcome;
  using access::Slug;
  xmpp::StanzaError not_allowed = xmpp::errors::kNotAllowed;
  not_allowed.text = decision.reason.sentence;
  switch (decision.outcome) {
    case Outcome::Wait:
      if (lobby_exists) {
        return {{"auth", "registration-required", decision.reason.sentence}, "waiting-for-host", xmlns::kJitmeet, true};
      }
      // Not auth/not-authorized: that is the password prompt. This one makes the client ask again, which answers
      // "wait".
      return {{"cancel", "not-allowed", "Room creation is restricted"}, "room-does-not-exist"};
    case Outcome::AskName:
      return {{"modify", "not-acceptable", decision.reason.sentence}, "displayname-required"};
    case Outcome::AskPassword:
      return {{"auth", "not-authorized", decision.reason.sentence}, ""};
    case Outcome::Login:
      return {not_allowed, "authentication-required"};
    case Outcome::Full:
      return {{"cancel", "service-unavailable", decision.reason.sentence}, ""};
    case Outcome::Knock:
      return {{"auth", "registration-required", decision.reason.sentence}, "", xmlns::kJitmeet, true};
    case Outcome::Admit:
    case Outcome::Refuse:
      break;
  }
  switch (decision.reason.slug) {
    case Slug::RoomClaimMismatch:
    case Slug::TenantMismatch:
      return {not_allowed, "room-mismatch"};
    case Slug::NickTaken:
      return {{"cancel", "conflict", decision.reason.sentence}, ""};
    case Slug::LobbyOn:
      if (decision.outcome == Outcome::Refuse) return {not_allowed, "no-visitors-lobby", xmlns::kVisitors};
      break;
    default:
      break;
  }
  return {not_allowed, std::string(access::slug_text(decision.reason.slug))};
}

}  // namespace

xmpp::Element refusal(const Service& service, const access::RoomName& room, const xmpp::Element& join,
                      const access::Decision& decision) {
  const access::Policy& policy = service.policies.for_room(room);
  const Shape shape = shape_of(decision, policy.lobby_exists);
  xmpp::Element answer = bounce(join, shape.error);
  const std::string lobby = room.main().node() + '@' + service.options.lobby_domain;
  xmpp::Element& error = *answer.child("error", xmpp::kClientNamespace);
  if (shape.to_lobby) {
    error.set("code", "407");
    error.add("lobbyroom", xmlns::kJitmeet).set_text(lobby);
  }
  if (!shape.child.empty()) {
    xmpp::Element& child = error.add(shape.child, shape.child_xmlns);
    // Whether it is the lobby that wants to know.
    if (shape.child == "displayname-required") child.set("lobby", decision.reason.setting.empty() ? "true" : "false");
  }
  // Older clients look here.
  if (shape.to_lobby) answer.add("lobbyroom", xmpp::kClientNamespace).set_text(lobby);
  answer.add("x", xmlns::kMuc);
  return answer;
}

xmpp::Element name_refusal(const xmpp::Element& join, const access::Decision& decision) {
  xmpp::Element answer = join_error(join, {"cancel", "not-allowed", decision.reason.sentence});
  answer.child("error", xmpp::kClientNamespace)->add(access::slug_text(decision.reason.slug), xmlns::kJitmeet);
  return answer;
}

}  // namespace conclave::room
