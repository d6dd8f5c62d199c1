#include "room/life.h"

#include <algorithm>

#include "base/log.h"
#include "room/admission.h"
#include "room/breakout.h"
#include "room/wire.h"

namespace conclave::room {
namespace {

void retire(Meeting& meeting, CoolDown cool_down) {
  auto& breakouts = meeting.breakouts;
  while (!breakouts.rooms.empty()) end_meeting(*breakouts.rooms.back(), kTerminated, CoolDown::No);
  breakouts.movers.clear();
  breakouts.all_left.cancel();
  // The object lives to the end of the turn; its timers must not.
  meeting.host.grace.cancel();
  meeting.start_timeout.cancel();
  meeting.empty_timeout.cancel();
  meeting.end.cancel();
  meeting.services_only.cancel();
  meeting.expiry.clear();
  meeting.service().retire(meeting, cool_down);
}

// `alternative` is where to go on, if anywhere.
xmpp::Element destroyed(std::string_view reason, const xmpp::Jid* alternative) {
  xmpp::Element presence("presence");
  presence.set("type", "unavailable");
  xmpp::Element& x = presence.add("x", xmlns::kMucUser);
  x.add("item", xmlns::kMucUser).set("affiliation", "none").set("role", "none");
  xmpp::Element& destroy = x.add("destroy", xmlns::kMucUser);
  if (alternative != nullptr) destroy.set("jid", alternative->str());
  destroy.add("reason", xmlns::kMucUser).set_text(reason);
  add_status(x, "110");
  return presence;
}

}  // namespace

void end_meeting(Meeting& meeting, std::string_view reason, CoolDown cool_down) {
  if (meeting.over()) return;
  meeting.set_over();
  meeting.service().counters.meetings_ended.add();
  log::info("meeting ended", {{"room", meeting.name().key()}, {"why", reason}});
  // Of a breakout room alone: the meeting goes on in its main room.
  const bool goes_on = meeting.name().is_breakout() && !meeting.main().over();
  for (const auto& who : meeting.occupants()) {
    meeting.send(*who, who->nick, destroyed(reason, goes_on ? &who->main_address : nullptr));
  }
  while (!meeting.occupants().empty()) {
    const std::unique_ptr<Occupant> gone = meeting.take(*meeting.occupants().back());
    meeting.service().listener.occupant_left(meeting, *gone);
  }
  if (!meeting.name().is_breakout()) close_lobby(meeting.service(), meeting.name(), SendTo::Nowhere, reason);
  retire(meeting, cool_down);
}

namespace {

constexpr std::string_view kOnlyServices = "Empty room with recording and/or transcribing.";

bool has_people(const Meeting& meeting) {
  return std::ranges::any_of(meeting.occupants(), [](const auto& who) { return who->role != access::Role::Service; });
}

void all_have_left(Meeting& main) {
  main.breakouts.all_left.cancel();
  if (!is_deserted(main)) return;
  while (!main.breakouts.rooms.empty()) end_meeting(*main.breakouts.rooms.back(), kTerminated, CoolDown::No);
  close_if_empty(main);
}

// Whether its breakout rooms keep an empty main room: while somebody is there or on his way, and for a while after.
bool breakouts_keep(Meeting& main) {
  auto& breakouts = main.breakouts;
  if (breakouts.rooms.empty()) return false;
  if (is_deserted(main) && !breakouts.all_left.is_set()) {
    breakouts.all_left = main.service().loop.after(kAllLeft, [&main] { all_have_left(main); });
  }
  return true;
}

}  // namespace

void watch_services(Meeting& any) {
  Meeting& main = any.main();
  if (main.over() || main.occupants().empty() || !main.breakouts.rooms.empty() || has_people(main))
    return main.services_only.cancel();
  if (main.services_only.is_set()) return;
  main.services_only =
      main.service().loop.after(kServicesOnly, [&main] { end_meeting(main, kOnlyServices, CoolDown::No); });
}

void close_if_empty(Meeting& any) {
  Meeting& meeting = any.main();
  watch_services(meeting);
  if (meeting.over() || !meeting.occupants().empty() || meeting.start_timeout.is_set()) return;
  if (breakouts_keep(meeting)) return;
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

bool end_for_all(Room& room, const Occupant& by) {
  if (room.name().is_breakout()) return false;  // signalling.md 6.10
  Meeting& meeting = static_cast<Meeting&>(room);
  if (!meeting.may(by, access::Capability::End).admitted()) {
    meeting.service().counters.acts_refused.add();
    return false;
  }
  end_meeting(meeting, kTerminated, CoolDown::Yes);
  return true;
}

void close_empty(Meeting& meeting) {
  if (meeting.over() || !meeting.occupants().empty()) return;
  meeting.set_over();
  retire(meeting, CoolDown::No);
}

}  // namespace conclave::room
