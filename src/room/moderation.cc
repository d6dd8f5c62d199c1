#include "room/moderation.h"

#include <algorithm>
#include <iterator>

#include "base/log.h"
#include "base/result.h"
#include "room/admission.h"
#include "room/breakout.h"
#include "room/election.h"
#include "room/host_left.h"
#include "room/invitation.h"
#include "room/leave.h"
#include "room/life.h"
#include "room/roles.h"
#include "room/wire.h"

namespace conclave::room {
namespace {

using access::Capability;

struct Act {
  Capability capability = Capability::Kick;
  std::string nick;  // found again when it is applied: an earlier act may have taken him out
  std::string reason;
  // Grant: the features of the giver when he was allowed to give. An earlier act may have changed him.
  std::optional<access::FeatureSet> givers_features = {};
};

std::optional<access::FeatureSet> effective_features(const Occupant& who) {
  const auto& own = who.identity.features;
  if (!own) return who.makers_features;
  if (!who.makers_features) return own;
  access::FeatureSet both;
  std::set_intersection(own->begin(), own->end(), who.makers_features->begin(), who.makers_features->end(),
                        std::inserter(both, both.end()));
  return both;
}

struct Refusal {
  xmpp::StanzaError error;
  std::string text = {};  // owns what error.text points to
};

// Which right an item asks for; nothing for items that mean nothing here.
std::optional<Capability> capability_of(const xmpp::Element& item) {
  const std::string_view affiliation = item.attribute("affiliation");
  const std::string_view role = item.attribute("role");
  if (affiliation.empty() == role.empty()) return std::nullopt;
  if (role == "none") return Capability::Kick;
  if (affiliation == "outcast") return Capability::Bar;
  if (affiliation == "owner" || affiliation == "admin" || role == "moderator") return Capability::Grant;
  if (affiliation == "member" || affiliation == "none" || role == "participant") return Capability::Revoke;
  return std::nullopt;
}

const Occupant* target_of(const Meeting& meeting, const xmpp::Element& item) {
  if (item.has_attribute("nick")) return meeting.Room::find(item.attribute("nick"));
  const std::optional<xmpp::Jid> jid = xmpp::Jid::parse(item.attribute("jid"));
  if (!jid) return nullptr;
  for (const auto& who : meeting.occupants()) {
    if (jid->is_bare() ? who->real_jid.bare() == *jid : who->real_jid == *jid) return who.get();
  }
  return nullptr;
}

Result<Act, Refusal> authorise(const Meeting& meeting, const Occupant& by, const xmpp::Element& item) {
  const std::optional<Capability> capability = capability_of(item);
  std::string reason(item.child_text("reason"));
  if (!capability || reason.size() > kMaxReasonBytes) return failure(Refusal{xmpp::errors::kBadRequest});
  // The right is asked for before the target is looked up: who has none learns nothing about who is here.
  const Occupant* target = target_of(meeting, item);
  access::Target about{.role = target ? target->role : access::Role::Guest, .oneself = target == &by};
  // A bar is for the person, and a kick is remembered for him: they have to be allowed against each of his devices.
  const bool removes = *capability == Capability::Bar || *capability == Capability::Kick;
  if (target && removes) about.role = highest_role(meeting, target->identity.subject);
  const access::Decision decision = meeting.may(by, *capability, about);
  if (!decision.admitted()) return failure(Refusal{act_error(decision), decision.reason.sentence});
  if (item.attribute("nick") == kFocusNick) return failure(Refusal{xmpp::errors::kNotAllowed});
  if (!target) return failure(Refusal{xmpp::errors::kItemNotFound});
  return Act{.capability = *capability,
             .nick = target->nick,
             .reason = std::move(reason),
             .givers_features = effective_features(by)};
}

Result<std::vector<Act>, Refusal> authorise_all(const Meeting& meeting, const Occupant& by,
                                                const xmpp::Element& query) {
  std::vector<Act> acts;
  for (const xmpp::Element& item : query.children()) {
    if (!item.is("item", xmlns::kMucAdmin)) continue;
    if (acts.size() >= kMaxAdminItems) return failure(Refusal{xmpp::errors::kResourceConstraint});
    Result<Act, Refusal> act = authorise(meeting, by, item);
    if (!act) return failure(std::move(act.error()));
    acts.push_back(std::move(*act));
  }
  if (acts.empty()) return failure(Refusal{xmpp::errors::kBadRequest});
  const auto grants =
      std::count_if(acts.begin(), acts.end(), [](const Act& act) { return act.capability == Capability::Grant; });
  if (grants > 0 && meeting.main().grants.size() + static_cast<std::size_t>(grants) > kMaxGrants) {
    return failure(Refusal{xmpp::errors::kResourceConstraint});
  }
  return acts;
}

Meeting::Removed removed_one(Meeting& meeting, const Occupant& who, bool barred) {
  return {
      .subject = who.identity.subject, .machine = meeting.service().sessions.machine(who.session), .barred = barred};
}

// Out of every room of the meeting that the session is in, and not on its way to one.
void remove_session(Meeting& main, xmpp::SessionId session, const Exit& exit) {
  forget_mover(main, session);
  for (Meeting* room : rooms_of(main)) {
    Occupant* who = main.over() || room->over() ? nullptr : room->find(session);
    if (who) remove_occupant(*room, *who, exit);
  }
}

void forget_rights(Meeting& main, const std::string& subject) {
  main.grants.erase(subject);
  std::erase(main.promoted, subject);
  forget_admission(main, subject);
}

void kick(Meeting& meeting, Occupant& target, const std::string& by, const Act& act) {
  Meeting& main = meeting.main();
  main.service().counters.kicks.add();
  const std::string subject = target.identity.subject;
  remember_removed(main, removed_one(meeting, target, false));
  forget_rights(main, subject);
  remove_session(main, target.session, Exit{.codes = {"307"}, .actor = by, .reason = act.reason});
  if (!main.over()) withdraw_links(main, subject);
}

// Every device of the person (access.md S23).
void bar(Meeting& meeting, const Occupant& target, const std::string& by, const Act& act) {
  Meeting& main = meeting.main();
  main.service().counters.bars.add();
  const std::string subject = target.identity.subject;
  remember_removed(main, removed_one(meeting, target, true));
  forget_rights(main, subject);
  std::vector<xmpp::SessionId> sessions;
  for (const Meeting* room : rooms_of(main)) {
    for (const auto& who : room->occupants()) {
      if (who->identity.subject == subject) sessions.push_back(who->session);
    }
  }
  for (const xmpp::SessionId session : sessions) {
    // 307 beside 301: stock clients understand only the former.
    remove_session(main, session,
                   Exit{.codes = {"301", "307"}, .actor = by, .reason = act.reason, .affiliation = "outcast"});
  }
  if (!main.over()) withdraw_links(main, subject);
}

void grant(Meeting& meeting, Occupant& target, const std::string& by, const Act& act) {
  if (target.role == access::Role::Host) return;  // is more already
  meeting.service().counters.grants.add();
  target.stepped_down = false;
  restore_links(meeting.main(), target.identity.subject);
  const access::Role role = access::role_after_grant(target.identity, target.role, meeting.policy());
  NewRole granted{.role = role,
                  .reason = {.slug = access::Slug::GrantedBy,
                             .rule = "grant",
                             .claim = {},
                             .setting = {},
                             .sentence = "Made moderator by " + by + " in this meeting."}};
  if (role == access::Role::Moderator) {
    granted.makers_features = act.givers_features;
    meeting.main().grants[target.identity.subject] = {.by = by, .features = granted.makers_features};
  }
  set_role(meeting, target, std::move(granted));
}

void revoke(Meeting& meeting, Occupant& target, const std::string& by) {
  const std::string subject = target.identity.subject;
  meeting.main().grants.erase(subject);
  if (!access::moderates(target.role)) return;
  meeting.service().counters.revokes.add();
  target.stepped_down = target.nick == by;
  set_role(meeting, target,
           {.role = access::role_after_revoke(target.identity, target.role),
            .reason = {.slug = access::Slug::RoleAllows,
                       .rule = "revoke",
                       .claim = {},
                       .setting = {},
                       .sentence = "Moderation was taken away by " + by + " in this meeting."}});
  // Whoever steps down himself has done nothing to those whom he invited.
  if (!target.stepped_down) withdraw_links(meeting.main(), subject);
}

void apply(Meeting& meeting, const std::string& by, const Act& act) {
  Occupant* target = meeting.find(act.nick);
  if (!target) return;
  log::info("moderation", {{"room", meeting.name().key()},
                           {"act", access::capability_text(act.capability)},
                           {"by", by},
                           {"nick", act.nick}});
  switch (act.capability) {
    case Capability::Kick:
      kick(meeting, *target, by, act);
      return;
    case Capability::Bar:
      bar(meeting, *target, by, act);
      return;
    case Capability::Grant:
      // Nobody gives on what he no longer has, for example after removing himself with an earlier item.
      if (const Occupant* giver = meeting.find(by); giver && access::moderates(giver->role))
        grant(meeting, *target, by, act);
      return;
    default:
      revoke(meeting, *target, by);
      return;
  }
}

}  // namespace

access::Role highest_role(const Meeting& meeting, std::string_view subject) {
  access::Role highest = access::Role::Guest;
  for (const Meeting* room : rooms_of(meeting.main())) {
    for (const auto& who : room->occupants()) {
      if (who->identity.subject == subject && who->role != access::Role::Service)
        highest = std::max(highest, who->role);
    }
  }
  return highest;
}

const Meeting::Removed* find_removed(const Meeting& meeting, const access::Identity& identity,
                                     std::string_view machine) {
  const bool by_machine = identity.kind == access::IdentityKind::Guest && !machine.empty();
  const Meeting::Removed* found = nullptr;
  for (const Meeting::Removed& one : meeting.removed) {
    if (one.subject != identity.subject && !(by_machine && one.machine == machine)) continue;
    if (!found || one.barred) found = &one;
  }
  return found;
}

void remember_removed(Meeting& meeting, Meeting::Removed one) {
  auto& removed = meeting.removed;
  const auto known = std::ranges::find_if(
      removed, [&](const auto& other) { return other.subject == one.subject && other.machine == one.machine; });
  if (known != removed.end()) {
    known->barred = known->barred || one.barred;
    return;
  }
  if (removed.size() >= kMaxRemoved) {
    meeting.service().counters.limits_reached.add();
    const auto kicked = std::ranges::find_if(removed, [](const auto& other) { return !other.barred; });
    removed.erase(kicked != removed.end() ? kicked : removed.begin());
  }
  removed.push_back(std::move(one));
}

void admin_set(Meeting& meeting, Occupant& by, const xmpp::Element& iq) {
  Service& service = meeting.service();
  const xmpp::SessionId session = by.session;
  const std::string nick = by.nick;
  const auto acts = authorise_all(meeting, by, *iq.child("query", xmlns::kMucAdmin));
  if (!acts) {
    service.counters.acts_refused.add();
    xmpp::StanzaError error = acts.error().error;
    error.text = acts.error().text;
    service.outbox.deliver(session, xmpp::error_of(iq, error));
    return;
  }
  for (const Act& act : *acts) {
    if (!meeting.over()) apply(meeting, nick, act);
  }
  if (!meeting.over()) {
    elect_if_needed(meeting);
    review_hosts(meeting);
  }
  service.outbox.deliver(session, xmpp::result_of(iq));
}

bool remove_by_operator(Meeting& meeting, std::string_view nick, bool barred, const std::string& reason) {
  if (!meeting.find(nick)) return false;
  apply(meeting, {},
        {.capability = barred ? Capability::Bar : Capability::Kick, .nick = std::string(nick), .reason = reason});
  if (!meeting.over()) {
    elect_if_needed(meeting);
    review_hosts(meeting);
  }
  return true;
}

void destroy(Meeting& meeting, Occupant& by, const xmpp::Element& iq) {
  Service& service = meeting.service();
  const xmpp::SessionId session = by.session;
  if (meeting.name().is_breakout()) {
    // The component removes it.
    service.outbox.deliver(session, xmpp::error_of(iq, xmpp::errors::kNotAllowed));
    return;
  }
  const access::Decision decision = meeting.may(by, Capability::End);
  if (!decision.admitted()) {
    service.counters.acts_refused.add();
    service.outbox.deliver(session, xmpp::error_of(iq, act_error(decision)));
    return;
  }
  const xmpp::Element* element = iq.child("query", xmlns::kMucOwner)->child("destroy", xmlns::kMucOwner);
  const std::string_view reason = element->child_text("reason");
  if (reason.size() > kMaxReasonBytes) {
    service.outbox.deliver(session, xmpp::error_of(iq, xmpp::errors::kBadRequest));
    return;
  }
  // The alternate room of XEP-0045 §10.9 is left out: it would let a moderator send everybody anywhere.
  end_meeting(meeting, reason.empty() ? kTerminated : reason, CoolDown::Yes);
  service.outbox.deliver(session, xmpp::result_of(iq));
}

}  // namespace conclave::room
