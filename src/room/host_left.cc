#include "room/host_left.h"

#include <algorithm>

#include "base/log.h"
#include "room/admission.h"
#include "room/breakout.h"
#include "room/life.h"

namespace conclave::room {
namespace {

constexpr std::string_view kEndsWithHost = "The host has left, and the meeting has ended.";

bool host_like(const Occupant& who) {
  return access::moderates(who.role) && !who.elected;
}

bool host_is_here(const Meeting& main) {
  return std::ranges::any_of(rooms_of(main), [](const Meeting* room) {
    return std::ranges::any_of(room->occupants(), [](const auto& who) { return host_like(*who); });
  });
}

void grace_over(Meeting& meeting) {
  meeting.host.grace.cancel();
  if (meeting.policy().host_left == access::HostLeft::End) {
    end_meeting(meeting, kEndsWithHost, CoolDown::No);
    return;
  }
  if (meeting.policy().host_left == access::HostLeft::Open) return;  // changed meanwhile
  meeting.host.held = true;
  meeting.service().counters.rooms_held.add();
  log::info("room held: its host has left", {{"room", meeting.name().key()}});
  review_lobby(meeting, kLobbyClosed);
}

}  // namespace

void reopen(Meeting& any) {
  Meeting& meeting = any.main();
  meeting.host.held = false;
  meeting.host.was_here = false;
  meeting.host.grace.cancel();
}

void host_left_changed(Meeting& any) {
  Meeting& meeting = any.main();
  if (meeting.over() || !meeting.host.held) return;
  const access::HostLeft now = meeting.policy().host_left;
  if (now == access::HostLeft::Open) meeting.host.held = false;
  if (now == access::HostLeft::End) end_meeting(meeting, kEndsWithHost, CoolDown::No);
}

void review_hosts(Meeting& any) {
  Meeting& meeting = any.main();
  if (meeting.over()) return;
  if (is_moderated(meeting)) {
    if (host_is_here(meeting)) meeting.host.was_here = true;
    meeting.host.held = false;
    meeting.host.grace.cancel();
    return;
  }
  if (!meeting.host.was_here || meeting.host.held || meeting.host.grace.is_set()) return;
  // An empty meeting stands only for those who knock.
  if (is_deserted(meeting) && !meeting.empty_timeout.is_set()) return;
  if (meeting.policy().host_left == access::HostLeft::Open) return;
  meeting.host.grace =
      meeting.service().loop.after(meeting.policy().host_left_grace, [&meeting] { grace_over(meeting); });
}

}  // namespace conclave::room
