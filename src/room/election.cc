#include "room/election.h"

#include "room/breakout.h"
#include "room/roles.h"

namespace conclave::room {

bool elected_on_entry(const Meeting& meeting, const access::Identity& identity, access::Role role) {
  return role == access::Role::Moderator && !meeting.main().grants.contains(identity.subject);
}

namespace {

bool elect_in(Meeting& meeting) {
  if (meeting.over()) return false;
  for (const auto& who : meeting.occupants()) {
    if (who->stepped_down) continue;
    if (!access::may_be_elected(who->identity, who->role, meeting.name(), meeting.policy())) continue;
    meeting.service().counters.elections.add();
    const auto setting = access::text(access::auto_promote_in(meeting.policy(), meeting.name()));
    set_role(meeting, *who,
             {.role = access::Role::Moderator,
              .reason = {.slug = access::Slug::Elected,
                         .rule = "election",
                         .claim = {},
                         .setting = setting_text(meeting.policy(), access::Switch::AutoPromote, setting),
                         .sentence = "No moderator was present, so the server chose the first of those inside."},
              .elected = true});
    return true;
  }
  return false;
}

void adopt_in(Meeting& meeting) {
  for (const auto& who : meeting.occupants()) {
    if (!who->elected) continue;
    meeting.service().counters.adoptions.add();
    access::Reason reason = {.slug = access::Slug::RoleAllows,
                             .rule = "adoption",
                             .claim = {},
                             .setting = {},
                             .sentence = "A host has come; who was only elected is what he is by himself."};
    set_role(meeting, *who, {.role = access::own_role(who->identity, meeting.policy()), .reason = std::move(reason)});
  }
}

}  // namespace

void elect_if_needed(Meeting& meeting) {
  Meeting& main = meeting.main();
  if (main.over() || is_moderated(main)) return;
  for (Meeting* room : rooms_of(main)) {
    if (elect_in(*room)) return;
  }
}

void adopt(Meeting& meeting) {
  for (Meeting::Mover& mover : meeting.main().breakouts.movers) {
    if (mover.elected) mover.moderates = mover.elected = false;
  }
  for (Meeting* room : rooms_of(meeting.main())) adopt_in(*room);
}

}  // namespace conclave::room
