#include "room/life.h"

#include "base/log.h"
#include "room/admission.h"
#include "room/wire.h"

namespace conclave::room {
namespace {

void retire(Meeting& meeting, CoolDown cool_down) {
  // The object lives to the end of the turn; its timers must not.
  meeting.host.grace.cancel();
  meeting.start_timeout.cancel();
  meeting.empty_timeout.cancel();
  meeting.end.cancel();
  meeting.expiry.clear();
  meeting.service().retire(meeting, cool_down);
}

xmpp::Element destroyed(std::string_view reason) {
  xmpp::Element presence("presence");
  presence.set("type", "unavailable");
  xmpp::Element& x = presence.add("x", xmlns::kMucUser);
  x.add("item", xmlns::kMucUser).set("affiliation", "none").set("role", "none");
  x.add("destroy", xmlns::kMucUser).add("reason", xmlns::kMucUser).set_text(reason);
  add_status(x, "110");
  return presence;
}

}  // namespace

void end_meeting(Meeting& meeting, std::string_view reason, CoolDown cool_down) {
  if (meeting.over()) return;
  meeting.set_over();
  meeting.service().counters.meetings_ended.add();
  log::info("meeting ended", {{"room", meeting.name().key()}, {"why", reason}});
  const xmpp::Element presence = destroyed(reason);
  for (const auto& who : meeting.occupants()) meeting.send(*who, who->nick, presence);
  while (!meeting.occupants().empty()) {
    const std::unique_ptr<Occupant> gone = meeting.take(*meeting.occupants().back());
    meeting.service().listener.occupant_left(meeting, *gone);
  }
  close_lobby(meeting.service(), meeting.name(), SendTo::Nowhere, reason);
  retire(meeting, cool_down);
}

void close_if_empty(Meeting& meeting) {
  if (meeting.over() || !meeting.occupants().empty() || meeting.start_timeout.is_set()) return;
  const Lobbies& lobbies = meeting.service().lobbies;
  // Once held, those who knocked wait; that it stands for them does not change with it.
  const bool stands = lobbies.count(meeting.name(), Knocker::Standing::Knocks) > 0 ||
                      (meeting.empty_timeout.is_set() && lobbies.count(meeting.name(), Knocker::Standing::Waits) > 0);
  if (stands) {
    // Somebody knocks: whoever could let him in may be reloading his page, and finds lobby and password as they were.
    if (!meeting.empty_timeout.is_set()) {
      meeting.empty_timeout = meeting.service().loop.after(kEmptyWithKnockers, [&meeting] { close_empty(meeting); });
    }
    return;
  }
  close_empty(meeting);
}

void close_empty(Meeting& meeting) {
  if (meeting.over() || !meeting.occupants().empty()) return;
  meeting.set_over();
  retire(meeting, CoolDown::No);
}

}  // namespace conclave::room
