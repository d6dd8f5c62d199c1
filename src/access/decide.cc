#include "access/decide.h"

#include <algorithm>
#include <array>

#include "base/rfc3339.h"

namespace conclave::access {
namespace {

// Everything that one entry is decided from.
struct Entry {
  const Identity& identity;
  const RoomFacts& room;
  const Policy& policy;
  WallTime now;
  Role role;  // his own, or moderator by a grant of this meeting

  bool is_guest() const { return identity.kind == IdentityKind::Guest; }
  bool is_service() const { return identity.kind == IdentityKind::Service; }
  // A guest's ticket is given to somebody who might have come in, and ends with the meeting.
  bool was_inside_as_guest() const {
    return is_guest() && identity.proof.ticket == Proof::Ticket::InScope && room.was_inside;
  }
  bool may_start() const {
    switch (role) {
      case Role::Host:
        return true;
      case Role::Participant:
        return policy.starters == Starters::Authenticated;
      case Role::Guest:
        return guests_may_start(policy, room.name);
      default:
        return false;
    }
  }
  bool absent() const { return room.state == RoomState::Absent || room.state == RoomState::Waiting; }
  // Whether the lobby would hold him; who may pass for another reason is asked in lobby_passed.
  bool lobby_is_for_him() const {
    if (!policy.lobby_exists || identity.user_lobby == false) return false;
    const bool sent_there = identity.user_lobby == true;  // by his credential, also where there is no lobby else
    if (room.lobby == Lobby::Off && !sent_there) return false;
    if (sent_there && role != Role::Visitor) return !moderates(role) && !is_service();
    return !moderates(role) && !is_service() && (room.lobby == Lobby::All || is_guest());
  }
  std::string guests_setting() const { return setting_text(policy, Switch::Guests, text(policy.guests)); }
  std::string moderators_setting() const { return setting_text(policy, Switch::Moderators, text(policy.moderators)); }
  // Whoever moves within a meeting keeps his place.
  bool full() const { return !room.moves_within && room.capacity != 0 && room.occupants >= room.capacity; }
};

// A rule's opinion: none (pass, with a note for `explain`), or an outcome other than admission.
struct Opinion {
  bool decided = false;
  Outcome outcome = Outcome::Refuse;
  Slug slug = Slug::NoCredential;
  std::string sentence = {};  // of a decision, or the note of a pass
  std::string claim = {};
  std::string setting = {};
};

Opinion pass(std::string note) {
  return {.sentence = std::move(note)};
}
Opinion decide(Outcome outcome, Slug slug, std::string sentence) {
  return {.decided = true, .outcome = outcome, .slug = slug, .sentence = std::move(sentence)};
}
Opinion by_setting(Opinion opinion, std::string setting) {
  opinion.setting = std::move(setting);
  return opinion;
}

Opinion credential_still_good(const Entry& entry) {
  const Scope& scope = entry.identity.scope;
  if (scope.from && entry.now < *scope.from) {
    return decide(Outcome::Refuse, Slug::TokenNotYet, "Your access is not valid yet.");
  }
  if (scope.until && entry.now >= *scope.until) {
    return decide(Outcome::Refuse, Slug::TokenExpired, "Your access has expired. Please get a new link.");
  }
  return pass(entry.is_guest() ? "no credential: a guest" : std::string(kind_text(entry.identity.kind)) + " verified");
}

Opinion guests_are_let_in(const Entry& entry) {
  if (!entry.is_guest()) return pass("not a guest");
  if (entry.policy.guests != Guests::Deny) return pass(entry.guests_setting());
  return by_setting(decide(Outcome::Login, Slug::GuestsDenied, "This server lets nobody in without logging in."),
                    entry.guests_setting());
}

// RoomName is canonical and not reserved by its type; refuse_name() answers for texts that are not.
Opinion name_is_usable(const Entry& entry) {
  return pass("the name is canonical: " + entry.room.name.key());
}

Opinion scope_covers_room(const Entry& entry) {
  const Scope& scope = entry.identity.scope;
  switch (covers(scope, entry.room.name, entry.now)) {
    case ScopeVerdict::OtherTenant: {
      Opinion other = decide(Outcome::Refuse, Slug::TenantMismatch, "Your access is not for this room.");
      other.claim = "sub";
      return other;
    }
    case ScopeVerdict::OtherRoom: {
      Opinion other = decide(Outcome::Refuse, Slug::RoomClaimMismatch, "Your access is for another room.");
      other.claim = "room=" + scope.claim;
      return other;
    }
    default:
      return pass(entry.identity.authenticated() ? "the credential covers this room" : "a guest has no scope");
  }
}

Opinion breakout_from_within(const Entry& entry) {
  if (!entry.room.name.is_breakout()) return pass("not a breakout room");
  if (entry.is_service()) return pass("a service comes where it was called");
  if (entry.room.moves_within) return pass("comes from another room of this meeting");
  return decide(Outcome::Refuse, Slug::BreakoutFromOutside, "Breakout rooms are entered from their meeting.");
}

Opinion service_was_called(const Entry& entry) {
  if (!entry.is_service()) return pass("not a service");
  const bool running = entry.room.state == RoomState::Open || entry.room.state == RoomState::Held;
  if (running && entry.room.service_called) return pass("called by the meeting");
  return decide(Outcome::Refuse, Slug::ServiceNotCalled, "No meeting here asked for this service.");
}

constexpr std::string_view kRemoved = "A moderator removed you from this meeting.";

// A moderator's word, which no setting softens.
Opinion not_barred(const Entry& entry) {
  if (entry.room.removed != Removed::Barred) return pass("not barred from this meeting");
  return decide(Outcome::Refuse, Slug::Barred, "A moderator barred you from this meeting.");
}

Opinion not_kicked(const Entry& entry) {
  if (entry.room.removed != Removed::Kicked) return pass("not kicked out of this meeting");
  std::string setting = setting_text(entry.policy, Switch::Kicked, text(entry.policy.kicked));
  switch (entry.policy.kicked) {
    case Kicked::Return:
      return pass("kicked before, and " + setting);
    case Kicked::Barred:
      return by_setting(decide(Outcome::Refuse, Slug::Barred, std::string(kRemoved)), std::move(setting));
    case Kicked::Knock:
      break;
  }
  if (entry.room.moves_within) return pass("kicked before, and inside again");
  if (entry.room.admitted_from_lobby) return pass("kicked before, and admitted again");
  if (!entry.policy.lobby_exists) {
    return by_setting(decide(Outcome::Refuse, Slug::Barred, std::string(kRemoved)),
                      setting_text(entry.policy, Switch::LobbyExists, "0"));
  }
  return by_setting(decide(Outcome::Knock, Slug::LobbyOn, "A moderator removed you; one has to let you in again."),
                    std::move(setting));
}

Opinion link_still_counts(const Entry& entry) {
  if (!entry.identity.proof.giver) return pass("did not come by a personal link");
  if (!entry.room.link_withdrawn) return pass("nothing is known against the giver of the link");
  Opinion withdrawn = decide(Outcome::Refuse, Slug::LinkWithdrawn,
                             "Whoever gave you this link may invite nobody to this meeting any more.");
  withdrawn.claim = "context.giver";
  return withdrawn;
}

Opinion room_is_in_its_time(const Entry& entry) {
  const RoomFacts& room = entry.room;
  if (room.expires && entry.now >= *room.expires) {
    return by_setting(decide(Outcome::Refuse, Slug::Ended, "This room was booked for a time that is over."),
                      "expires=" + rfc3339(*room.expires));
  }
  if (room.not_before && entry.now < *room.not_before && room.state != RoomState::Open) {
    return by_setting(decide(Outcome::Wait, Slug::NotYetTime, "The meeting begins later. You come in then."),
                      "not_before=" + rfc3339(*room.not_before));
  }
  return pass(room.expires || room.not_before ? "within the room's time" : "the room has no set time");
}

Opinion meeting_not_just_ended(const Entry& entry) {
  if (entry.room.state != RoomState::Ended) return pass("no meeting ended here just now");
  if (entry.role == Role::Host) return pass("the meeting ended just now; a host may begin another");
  return decide(Outcome::Refuse, Slug::Ended, "The meeting has ended.");
}

Opinion room_open_or_may_start(const Entry& entry) {
  if (entry.room.state == RoomState::Open) return pass("the meeting is open");
  if (entry.room.moves_within) return pass("is inside the meeting");
  if (entry.may_start()) return pass("may start this room");
  if (entry.room.state == RoomState::Held) {
    if (entry.role == Role::Participant || moderates(entry.role) || entry.is_service())
      return pass("the meeting goes on without a host");
    if (entry.was_inside_as_guest()) return pass("was inside before the host left");
    return by_setting(decide(Outcome::Wait, Slug::HostLeftRoom, "The host has left. You come in when a host is back."),
                      setting_text(entry.policy, Switch::HostLeft, text(entry.policy.host_left)));
  }
  Opinion waits =
      decide(Outcome::Wait, Slug::WaitsForHost, "The meeting has not started. You come in when a host arrives.");
  if (entry.is_guest()) return by_setting(std::move(waits), entry.guests_setting());
  waits.claim = entry.identity.proof.role_claim;
  return by_setting(std::move(waits), setting_text(entry.policy, Switch::Starters, text(entry.policy.starters)));
}

Opinion booking_agrees(const Entry& entry) {
  if (!entry.absent() && entry.room.state != RoomState::Ended) return pass("nothing would be started");
  switch (entry.room.booking) {
    case Booking::NotAsked:
      return pass("no booking server");
    case Booking::Pending:
      return decide(Outcome::Wait, Slug::BookingPending, "The booking server has to be asked first. Please try again.");
    case Booking::Granted:
      return pass("booked");
    case Booking::Denied:
      return decide(Outcome::Refuse, Slug::BookingDenied, "This room is not booked for you now.");
    case Booking::Unreachable:
      return decide(Outcome::Refuse, Slug::BookingUnreachable,
                    "The booking server does not answer. Please try again later.");
  }
  return pass("");
}

Opinion accounts_are_enough(const Entry& entry) {
  if (!entry.room.accounts_only) return pass("the room is not for accounts only");
  if (!entry.is_guest()) return pass("the room is for accounts only, and this is one");
  return decide(Outcome::Login, Slug::NoCredential, "This room is only for people who log in.");
}

Opinion display_name_given(const Entry& entry) {
  const bool by_policy = entry.policy.require_display_name;
  // Who knocks has to say as whom.
  const bool by_lobby = entry.lobby_is_for_him() && !entry.room.admitted_from_lobby && !entry.room.moves_within;
  if (!by_policy && !by_lobby) return pass("no name is required");
  if (entry.is_service() || entry.room.display_name_given || !entry.identity.display.name.empty())
    return pass("has a name");
  Opinion nameless = decide(Outcome::AskName, Slug::NameMissing, "Please say your name first.");
  return by_policy ? by_setting(std::move(nameless), setting_text(entry.policy, Switch::DisplayName, "1")) : nameless;
}

Opinion password_right(const Entry& entry) {
  if (!entry.room.has_password) return pass("the room has no password");
  if (entry.room.moves_within) return pass("comes from another room of this meeting");
  if (moderates(entry.role) || entry.is_service()) return pass("moderators and services need none");
  if (entry.identity.password_bypass) return pass("the credential passes the password");
  // Once: the ticket of somebody who was admitted does not know the password (access.md 4.8).
  if (entry.room.admitted_just_now) return pass("a moderator has just let him in");
  switch (entry.room.password) {
    case PasswordGiven::Right:
      return pass("the password is right");
    case PasswordGiven::Wrong:
      return decide(Outcome::AskPassword, Slug::PasswordWrong, "That is not the room's password.");
    case PasswordGiven::No:
      break;
  }
  return decide(Outcome::AskPassword, Slug::PasswordMissing, "This room has a password.");
}

Opinion lobby_passed(const Entry& entry) {
  if (!entry.policy.lobby_exists) return pass("this server has no lobbies");
  if (entry.room.moves_within) return pass("lobby-skipped-by: another room of this meeting");
  if (entry.room.lobby == Lobby::Off && !entry.lobby_is_for_him()) return pass("the lobby is off");
  if (moderates(entry.role) || entry.is_service()) return pass("moderators and services skip the lobby");
  if (entry.role == Role::Visitor) {
    return decide(Outcome::Refuse, Slug::LobbyOn, "This room has a lobby, which those who only watch cannot pass.");
  }
  if (entry.identity.user_lobby == false) return pass("lobby-skipped-by: context.user.lobby=false");
  if (!entry.lobby_is_for_him()) return pass("the lobby is for guests");
  if (entry.identity.lobby_bypass) return pass("lobby-skipped-by: the credential");
  if (entry.room.admitted_from_lobby || entry.was_inside_as_guest())
    return pass("lobby-skipped-by: an admission of this meeting");
  const bool password_passes = entry.policy.lobby_password == LobbyPassword::Yes && entry.room.has_password;
  if (password_passes && entry.room.password == PasswordGiven::Right)
    return pass("lobby-skipped-by: the room password");
  Opinion knocks = decide(Outcome::Knock, Slug::LobbyOn, "A moderator has to let you in.");
  if (entry.identity.user_lobby == true) knocks.claim = "context.user.lobby=true";
  return knocks;
}

Opinion room_has_space(const Entry& entry) {
  if (entry.is_service() || !entry.full()) return pass("there is space");
  return decide(Outcome::Full, Slug::Full, "The meeting is full.");
}

// The last: who may not come in is not told about nicks.
Opinion nick_is_free(const Entry& entry) {
  if (!entry.room.nick_taken) return pass("nobody else has this nick");
  return decide(Outcome::Refuse, Slug::NickTaken, "This nick is taken.");
}

struct EntryRule {
  std::string_view name;
  Opinion (*ask)(const Entry&);
};

// Read top to bottom: this is who gets in (access.md 4.5). The first rule with an opinion decides, and its name is in
// the reason. That a token is genuine was decided before, at SASL (token.h).
constexpr EntryRule kEntry[] = {
    {"credential_still_good", credential_still_good},
    {"name_is_usable", name_is_usable},
    {"guests_are_let_in", guests_are_let_in},
    {"scope_covers_room", scope_covers_room},
    {"breakout_from_within", breakout_from_within},
    {"service_was_called", service_was_called},
    {"not_barred", not_barred},
    {"not_kicked", not_kicked},
    {"link_still_counts", link_still_counts},
    {"room_is_in_its_time", room_is_in_its_time},
    {"meeting_not_just_ended", meeting_not_just_ended},
    {"room_open_or_may_start", room_open_or_may_start},
    {"booking_agrees", booking_agrees},
    {"accounts_are_enough", accounts_are_enough},
    {"display_name_given", display_name_given},
    {"password_right", password_right},
    {"lobby_passed", lobby_passed},
    {"room_has_space", room_has_space},
    {"nick_is_free", nick_is_free},
};
constexpr std::string_view kRoleRule = "role";

// The last step: in, and as what. The reason is the reason of the role.
struct Admission {
  Role role = Role::Guest;
  Reason reason = {};
};

Reason reason(Slug slug, std::string sentence, std::string claim = {}, std::string setting = {}) {
  return {.slug = slug,
          .rule = kRoleRule,
          .claim = std::move(claim),
          .setting = std::move(setting),
          .sentence = std::move(sentence)};
}

Reason why_host(const Entry& entry) {
  const Identity& identity = entry.identity;
  if (entry.room.defined_owner && own_role(identity, entry.policy) != Role::Host) {
    return reason(Slug::HostByClaim, "Host: an owner of this room by its definition.", "owner");
  }
  switch (identity.kind) {
    case IdentityKind::Password:
      return reason(Slug::HostByAccount, "Host: the account may open this room.");
    case IdentityKind::Ldap:
      return reason(Slug::HostByLdap, "Host: the directory account may open this room.");
    default:
      break;
  }
  if (identity.claimed_role == ClaimedRole::Moderator) {
    return reason(Slug::HostByClaim, "Host: the token says so.", identity.proof.role_claim);
  }
  return reason(Slug::HostByDefault, "Host: the token says nothing about a role.", {}, entry.moderators_setting());
}

Reason why_participant(const Entry& entry) {
  const Identity& identity = entry.identity;
  if (identity.claimed_role == ClaimedRole::Visitor) {
    return reason(Slug::GrantedBy, "Came to watch, and was asked in by a moderator of this meeting.");
  }
  if (identity.claimed_role == ClaimedRole::Participant) {
    return reason(Slug::RoleClaimParticipant, "Participant: the credential says so.", identity.proof.role_claim);
  }
  return reason(Slug::RoleClaimParticipant, "Participant: the credential says nothing about a role.", {},
                entry.moderators_setting());
}

Reason why_guest(const Entry& entry) {
  if (guests_may_start(entry.policy, entry.room.name) && entry.room.state != RoomState::Open) {
    return reason(Slug::GuestMayStart, "Guests may start this room.", {}, entry.guests_setting());
  }
  return reason(Slug::GuestMayJoin, "Guests may join a meeting that is open.", {}, entry.guests_setting());
}

Admission admission(const Entry& entry) {
  const Identity& identity = entry.identity;
  if (entry.is_service()) return {Role::Service, reason(Slug::ServiceCalled, "A service that the meeting called.")};
  if (entry.role == Role::Host) return {Role::Host, why_host(entry)};
  if (entry.role == Role::Moderator)
    return {Role::Moderator, reason(Slug::GrantedBy, "Made moderator in this meeting.")};
  if (entry.role == Role::Visitor) {
    return {Role::Visitor, reason(Slug::VisitorClaim, "Visitor: the credential says so.", identity.proof.role_claim)};
  }
  const bool nobody_moderates = !entry.room.moderator_present || entry.room.was_elected;
  if (nobody_moderates && may_be_elected(identity, entry.role, entry.room.name, entry.policy)) {
    const auto setting = text(auto_promote_in(entry.policy, entry.room.name));
    return {Role::Moderator, reason(Slug::Elected, "No moderator was present, so you became one.", {},
                                    setting_text(entry.policy, Switch::AutoPromote, setting))};
  }
  if (entry.role == Role::Participant) return {Role::Participant, why_participant(entry)};
  return {Role::Guest, why_guest(entry)};
}

// A ticket that was shown is the better explanation of who somebody is here (access.md 4.8).
void explain_ticket(const Identity& identity, Reason& why) {
  switch (identity.proof.ticket) {
    case Proof::Ticket::None:
      return;
    case Proof::Ticket::InScope:
      why.slug = Slug::TicketInScope;
      why.sentence = "Came back with a ticket for this room. " + why.sentence;
      return;
    case Proof::Ticket::OutOfScope:
      why.slug = Slug::TicketOutOfScope;
      why.sentence = "The ticket is not for this room. " + why.sentence;
      return;
  }
}

// Who was made moderator does no more than his maker; a host is one by himself.
Actor actor_in(const Entry& entry, Role admitted_as) {
  Actor actor{.identity = entry.identity, .role = admitted_as, .withheld = entry.room.withheld};
  if (admitted_as == Role::Moderator && entry.room.granted) actor.makers_features = entry.room.makers_features;
  return actor;
}

bool opens_room(const Entry& entry, Role admitted_as) {
  if (entry.room.state == RoomState::Open || entry.is_service()) return false;
  if (entry.room.state == RoomState::Held) return entry.may_start() || moderates(admitted_as);
  return true;
}

Role role_in(const Identity& identity, const RoomFacts& room, const Policy& policy) {
  if (room.defined_owner && identity.authenticated() && identity.kind != IdentityKind::Service) return Role::Host;
  const Role by_himself = own_role(identity, policy);
  const Role own = room.promoted && by_himself == Role::Visitor ? Role::Participant : by_himself;
  return room.granted ? role_after_grant(identity, own, policy) : own;
}

}  // namespace

std::string_view room_state_text(RoomState state) {
  switch (state) {
    case RoomState::Absent:
      return "absent";
    case RoomState::Waiting:
      return "waiting";
    case RoomState::Open:
      return "open";
    case RoomState::Held:
      return "held";
    case RoomState::Ended:
      return "ended";
  }
  return "absent";
}

Decision decide_entry(const Identity& identity, const RoomFacts& room, const Policy& policy, WallTime now) {
  const Entry entry{identity, room, policy, now, role_in(identity, room, policy)};
  Decision decision;
  decision.trace.reserve(std::size(kEntry) + 1);
  for (const EntryRule& rule : kEntry) {
    Opinion opinion = rule.ask(entry);
    if (!opinion.decided) {
      decision.trace.push_back({rule.name, RuleStep::Verdict::Passed, std::move(opinion.sentence)});
      continue;
    }
    decision.trace.push_back({rule.name, RuleStep::Verdict::Decided, opinion.sentence});
    decision.outcome = opinion.outcome;
    decision.reason = {opinion.slug, rule.name, std::move(opinion.claim), std::move(opinion.setting),
                       std::move(opinion.sentence)};
    // Only for those who would otherwise wonder why they are a guest; a refusal is about the room.
    if (opinion.outcome == Outcome::Wait && entry.is_guest()) explain_ticket(identity, decision.reason);
    return decision;
  }
  Admission in = admission(entry);
  decision.trace.push_back({kRoleRule, RuleStep::Verdict::Decided, in.reason.sentence});
  decision.outcome = Outcome::Admit;
  decision.role = in.role;
  decision.starts_room = opens_room(entry, in.role);
  decision.capabilities = capabilities_now(actor_in(entry, in.role), policy);
  decision.reason = std::move(in.reason);
  explain_ticket(identity, decision.reason);
  return decision;
}

Decision refuse_name(NameError error) {
  Decision decision;
  decision.reason = {Slug::NameReserved, "name_is_usable", {}, {}, std::string(name_error_sentence(error))};
  decision.trace.push_back({"name_is_usable", RuleStep::Verdict::Decided, decision.reason.sentence});
  return decision;
}

Role own_role(const Identity& identity, const Policy& policy) {
  if (identity.kind == IdentityKind::Service) return Role::Service;
  if (identity.kind == IdentityKind::Guest) return Role::Guest;
  switch (identity.claimed_role) {
    case ClaimedRole::Moderator:
      return Role::Host;
    case ClaimedRole::Participant:
      return Role::Participant;
    case ClaimedRole::Visitor:
      return Role::Visitor;
    case ClaimedRole::Unsaid:
      break;
  }
  return policy.moderators == Moderators::All ? Role::Host : Role::Participant;
}

Role role_after_grant(const Identity& identity, Role now, const Policy& policy) {
  if (now != Role::Guest && now != Role::Participant) return now;
  return own_role(identity, policy) == Role::Host ? Role::Host : Role::Moderator;
}

Role role_after_revoke(const Identity& identity, Role now) {
  if (!moderates(now)) return now;
  return identity.authenticated() ? Role::Participant : Role::Guest;
}

bool may_be_elected(const Identity& identity, Role now, const RoomName& room, const Policy& policy) {
  if (now != Role::Guest && now != Role::Participant) return false;
  switch (auto_promote_in(policy, room)) {
    case AutoPromote::Never:
      return false;
    case AutoPromote::Authenticated:
      return identity.authenticated();
    case AutoPromote::Anyone:
      return true;
  }
  return false;
}

}  // namespace conclave::access
