#include "room/roles.h"

#include "room/election.h"
#include "room/entry.h"
#include "room/expiry.h"
#include "room/host_left.h"
#include "room/leave.h"
#include "room/lobby.h"
#include "room/presence.h"

namespace conclave::room {

void set_role(Meeting& meeting, Occupant& who, NewRole role) {
  const access::Role before = who.role;
  const bool same_features = who.makers_features == role.makers_features;
  who.role = role.role;
  who.reason = std::move(role.reason);
  who.elected = role.elected;
  who.makers_features = std::move(role.makers_features);
  if (before == who.role && same_features) return;
  const bool shows_rights = access::moderates(who.role);
  tell_everybody(meeting, who, shows_rights ? About::SelfWithPermissions : About::Self);
  if (!access::moderates(who.role)) stop_watching(meeting.service(), meeting.name(), who.session);
  meeting.service().listener.role_changed(meeting, who);
}

access::Identity guest_instead(const Occupant& who) {
  return access::guest_instead(who.identity, who.real_jid.node);
}

void decide_anew(Meeting& meeting, Occupant& who, access::Identity identity) {
  const access::Decision decision = decide_for_occupant(meeting, who, identity);
  if (!decision.admitted()) {
    remove_occupant(meeting, who, Exit{.codes = {"307"}, .reason = decision.reason.sentence});
    return;
  }
  who.identity = std::move(identity);
  const auto& definition = meeting.main().definition;
  who.withheld = definition ? access::withheld(*definition, who.identity) : access::CapabilitySet{};
  xmpp::Element presence = published(who.presence, who.identity, decision.role);
  const bool seen_otherwise = presence.str() != who.presence.str();
  who.presence = std::move(presence);
  const access::Role before = who.role;
  const bool stays_elected = who.elected && !access::moderates(decision.role) &&
                             access::may_be_elected(who.identity, decision.role, meeting.name(), meeting.policy());
  if (!stays_elected) {
    set_role(meeting, who,
             {.role = decision.role,
              .reason = decision.reason,
              .elected = elected_on_entry(meeting, who.identity, decision.role),
              .makers_features = granted_features(meeting, who.identity, decision.role)});
  }
  if (seen_otherwise && who.role == before) tell_everybody(meeting, who, About::Self);
  watch_expiry(meeting, who);
  if (who.role == access::Role::Host) adopt(meeting);
  elect_if_needed(meeting);
  review_hosts(meeting);
}

}  // namespace conclave::room
