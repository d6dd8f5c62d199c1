#include "room/leave.h"

#include "room/breakout.h"
#include "room/election.h"
#include "room/host_left.h"
#include "room/life.h"
#include "room/lobby.h"
#include "room/wire.h"

namespace conclave::room {
namespace {

// signalling.md 5.13.
constexpr std::string_view kSwitchesRoom = "switch_room";

xmpp::Element unavailable(const Occupant& who, const Exit& exit) {
  xmpp::Element presence("presence");
  presence.set("type", "unavailable");
  // Before the <x/>: clients take the first <status/> of a presence for its text.
  if (!exit.status.empty()) presence.add("status", xmpp::kClientNamespace).set_text(exit.status);
  if (exit.flipped) presence.add("flip_device", xmpp::kClientNamespace);
  std::string_view affiliation = exit.affiliation;
  if (affiliation.empty()) affiliation = exit.codes.empty() ? affiliation_text(who.role) : "none";
  xmpp::Element x = user_x(affiliation, "none", who.real_jid);
  xmpp::Element& item = *x.child("item", xmlns::kMucUser);
  if (!exit.actor.empty()) item.add("actor", xmlns::kMucUser).set("nick", exit.actor);
  if (!exit.reason.empty()) item.add("reason", xmlns::kMucUser).set_text(exit.reason);
  for (const std::string_view code : exit.codes) add_status(x, code);
  presence.add(std::move(x));
  return presence;
}

}  // namespace

void remove_occupant(Meeting& meeting, Occupant& who, const Exit& exit) {
  const std::unique_ptr<Occupant> gone = meeting.take(who);
  if (!gone) return;
  meeting.service().counters.leaves.add();
  const xmpp::Element presence = unavailable(*gone, exit);
  meeting.send_to_all(gone->nick, presence);
  xmpp::Element own = presence;
  add_status(*own.child("x", xmlns::kMucUser), "110");
  meeting.send(*gone, gone->nick, std::move(own));
  stop_watching(meeting.service(), meeting.name(), gone->session);
  meeting.service().listener.occupant_left(meeting, *gone);
  elect_if_needed(meeting);
  close_if_empty(meeting);
  review_hosts(meeting);
}

void leave(Meeting& meeting, Occupant& who, const xmpp::Element& presence) {
  std::string status(presence.child_text("status"));
  if (status.size() > kMaxReasonBytes) status.clear();
  if (status == kSwitchesRoom) begin_move(meeting, who);
  remove_occupant(meeting, who, Exit{.status = std::move(status)});
}

}  // namespace conclave::room
