#include "room/join.h"

#include <algorithm>

#include "base/log.h"
#include "room/admission.h"
#include "room/breakout.h"
#include "room/display_name.h"
#include "room/election.h"
#include "room/expiry.h"
#include "room/history.h"
#include "room/host_left.h"
#include "room/life.h"
#include "room/presence.h"
#include "room/subject.h"
#include "room/wire.h"

namespace conclave::room {
namespace {

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// Everybody who is here, focus first; then himself; history; the subject.
void send_room(Meeting& meeting, const Occupant& who, const xmpp::Element& join) {
  meeting.send(who, kFocusNick, meeting.focus_presence());
  for (const auto& other : meeting.occupants()) {
    if (other.get() == &who) continue;
    meeting.send(who, other->nick, presence_of(meeting, *other, About::Other));
  }
  const bool shows_rights = access::moderates(who.role);
  meeting.send(who, who.nick, presence_of(meeting, who, shows_rights ? About::SelfWithPermissions : About::Self));
  send_history(meeting, who, join);
  send_subject(meeting, who);
}

}  // namespace

bool is_nick(std::string_view text) {
  if (text.empty() || text.size() > kMaxNickBytes || !is_alphanumeric(text.front())) return false;
  return std::all_of(text.begin(), text.end(), [](char c) { return is_alphanumeric(c) || c == '_'; });
}

bool is_join(const xmpp::Element& presence) {
  return presence.child("x", xmlns::kMuc) != nullptr;
}

Shown shown_by(const xmpp::Element& join) {
  Shown shown;
  const xmpp::Element* nick = join.child("nick", xmlns::kNick);
  shown.display_name = nick && !clean_display_name(nick->text()).empty();
  const xmpp::Element* x = join.child("x", xmlns::kMuc);
  const xmpp::Element* password = x ? x->child("password", xmlns::kMuc) : nullptr;
  if (password) shown.password = password->text();
  shown.flips = join.child("flip_device") != nullptr;
  return shown;
}

std::optional<xmpp::StanzaError> impossible_join(const Service& service, xmpp::SessionId session,
                                                 const xmpp::Element& join, std::string_view nick) {
  using Error = xmpp::StanzaError;
  if (join.size_estimate() > kMaxPresenceBytes) return Error{"modify", "not-acceptable", "This presence is too large."};
  if (!is_nick(nick)) return Error{"cancel", "not-allowed", "Invalid resource"};
  if (std::ranges::count(kReservedNicks, nick) > 0) return Error{"cancel", "conflict", "This nick is taken."};
  if (!is_join(join)) return Error{"modify", "not-acceptable", "Not in this room: a join is needed first."};
  if (service.sessions.room_count(session) >= kMaxRoomsPerSession) {
    return Error{"wait", "resource-constraint", "In too many rooms at once."};
  }
  return std::nullopt;
}

void enter(Meeting& meeting, Entrant entrant, const access::Decision& decision, const xmpp::Element& join) {
  Service& service = meeting.service();
  const Meeting& main = meeting.main();
  const bool reopens = decision.starts_room && main.host.held;
  auto newcomer = std::make_unique<Occupant>();
  newcomer->nick = entrant.address.resource;
  newcomer->session = entrant.sender.session;
  newcomer->real_jid = std::move(entrant.sender.jid);
  newcomer->identity = std::move(entrant.identity);
  newcomer->room_address = entrant.address.bare();
  newcomer->role = decision.role;
  newcomer->reason = decision.reason;
  newcomer->makers_features = granted_features(meeting, newcomer->identity, decision.role);
  if (main.definition) newcomer->withheld = access::withheld(*main.definition, newcomer->identity);
  newcomer->elected = elected_on_entry(meeting, newcomer->identity, decision.role);
  if (newcomer->elected) service.counters.elections.add();
  newcomer->presence = published(join, newcomer->identity, newcomer->role);

  end_move(meeting, *newcomer);

  Occupant& who = meeting.add(std::move(newcomer));
  const bool was_empty = meeting.occupants().size() == 1;
  meeting.start_timeout.cancel();
  meeting.empty_timeout.cancel();
  meeting.main().breakouts.all_left.cancel();
  watch_services(meeting);
  remember_entered(meeting.main(), who.identity.subject);
  service.counters.joins.add();
  log::info("joined", {{"room", meeting.name().key()},
                       {"nick", who.nick},
                       {"role", access::role_text(who.role)},
                       {"reason", access::slug_text(who.reason.slug)}});
  service.listener.occupant_entering(meeting, who);
  send_room(meeting, who, join);
  const xmpp::Element to_others = presence_of(meeting, who, About::Other);
  for (const auto& other : meeting.occupants()) {
    if (other.get() != &who) meeting.send(*other, who.nick, to_others);
  }
  if (reopens) reopen(meeting);
  if (who.role == access::Role::Host) adopt(meeting);
  review_hosts(meeting);
  if (meeting.name().is_breakout()) {
    // Nobody waits at its door.
  } else if (access::moderates(who.role)) {
    host_arrived(meeting);
  } else if (was_empty || reopens) {
    review_lobby(meeting, kHostArrived);
  }
  watch_expiry(meeting, who);
  service.listener.occupant_joined(meeting, who);
}

void enter_again(Meeting& meeting, Occupant& who, const xmpp::Element& join) {
  who.presence = published(join, who.identity, who.role);
  meeting.service().listener.occupant_entering(meeting, who);
  send_room(meeting, who, join);
  const xmpp::Element to_others = presence_of(meeting, who, About::Other);
  for (const auto& other : meeting.occupants()) {
    if (other.get() != &who) meeting.send(*other, who.nick, to_others);
  }
}

}  // namespace conclave::room
