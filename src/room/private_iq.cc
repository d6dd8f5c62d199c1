#include "room/private_iq.h"

#include <algorithm>

#include "room/wire.h"

namespace conclave::room {

void private_iq(Meeting& meeting, Occupant& from, std::string_view nick, const xmpp::Element& iq) {
  Service& service = meeting.service();
  const bool is_request = xmpp::is_iq_request(iq);
  const auto answer = [&](const xmpp::StanzaError& error) {
    if (is_request) service.outbox.deliver(from.session, xmpp::error_of(iq, error));
  };
  if (iq.size_estimate() > (nick == kFocusNick ? kMaxIqBytes : kMaxPrivateIqBytes)) {
    service.counters.too_large.add();
    answer({"modify", "policy-violation", "This iq is too large."});
    return;
  }
  if (nick == kFocusNick) {
    if (!service.listener.focus_iq(meeting, from, iq) && is_request) {
      meeting.send_from_focus(from, xmpp::error_of(iq, xmpp::errors::kServiceUnavailable));
    }
    return;
  }
  const Occupant* to = meeting.find(nick);
  if (!to) {
    answer(xmpp::errors::kItemNotFound);
    return;
  }
  if (to == &from && is_request && iq.child("ping", xmlns::kPing)) {
    // XEP-0410 §3.1: still inside.
    service.outbox.deliver(from.session, xmpp::result_of(iq));
    return;
  }
  // Only focus mutes others, and it asks who may.
  const auto mutes = [](const xmpp::Element& child) {
    return child.name() == "mute" && child.xmlns().starts_with(xmlns::kJitmeet);
  };
  if (is_request && std::ranges::any_of(iq.children(), mutes)) {
    answer(xmpp::errors::kNotAllowed);
    return;
  }
  service.counters.private_iqs.add();
  meeting.send(*to, from.nick, iq);
}

}  // namespace conclave::room
