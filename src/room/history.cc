#include "room/history.h"

#include <algorithm>
#include <charconv>

#include "base/rfc3339.h"
#include "room/wire.h"

namespace conclave::room {
namespace {

std::size_t number_or(std::string_view text, std::size_t otherwise) {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? number : otherwise;
}

// `seconds` and `since` ask for less than all as well; who wants to save something says maxstanzas or maxchars.
std::size_t wanted(const xmpp::Element& join) {
  const xmpp::Element* x = join.child("x", xmlns::kMuc);
  const xmpp::Element* history = x ? x->child("history", xmlns::kMuc) : nullptr;
  if (!history) return kMaxHistory;
  if (history->attribute("maxchars") == "0" || history->attribute("seconds") == "0") return 0;
  return number_or(history->attribute("maxstanzas"), kMaxHistory);
}

std::string_view source_of(const Occupant& who) {
  if (who.role == access::Role::Visitor) return "visitor";
  return who.identity.authenticated() ? "token" : "guest";
}

}  // namespace

void remember(Meeting& meeting, const Occupant& sender, const xmpp::Element& message) {
  xmpp::Element kept = message;
  kept.set("from", sender.nick);  // completed when it is sent
  xmpp::Element& delay = kept.add("delay", xmlns::kDelay);
  delay.set("stamp", rfc3339(meeting.service().loop.wall_now()));
  // The sender may be gone by then, and with him his name.
  const xmpp::Element* name = sender.presence.child("nick", xmlns::kNick);
  kept.add("display-name", xmlns::kDisplayName)
      .set("source", source_of(sender))
      .set_text(name ? name->text() : std::string());
  meeting.history.push_back(std::move(kept));
  if (meeting.history.size() > kMaxHistory) meeting.history.pop_front();
}

void send_history(const Meeting& meeting, const Occupant& to, const xmpp::Element& join) {
  const std::size_t count = std::min(wanted(join), meeting.history.size());
  for (std::size_t i = meeting.history.size() - count; i < meeting.history.size(); ++i) {
    const xmpp::Element& kept = meeting.history[i];
    meeting.send(to, kept.attribute("from"), kept);
  }
}

}  // namespace conclave::room
