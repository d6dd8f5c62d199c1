#include "room/subject.h"

#include "room/wire.h"

namespace conclave::room {
namespace {

xmpp::Element subject_message(const std::string& text) {
  xmpp::Element message("message");
  message.set("type", "groupchat");
  message.add("subject", xmpp::kClientNamespace).set_text(text);
  return message;
}

}  // namespace

void set_subject(Meeting& meeting, Occupant& by, const xmpp::Element& message) {
  Service& service = meeting.service();
  const access::Decision decision = meeting.may(by, access::Capability::RoomSettings);
  if (!decision.admitted()) {
    service.counters.acts_refused.add();
    service.outbox.deliver(by.session, bounce(message, act_error(decision)));
    return;
  }
  const std::string text(message.child_text("subject"));
  if (text.size() > kMaxSubjectBytes) {
    service.counters.too_large.add();
    service.outbox.deliver(by.session, bounce(message, {"modify", "policy-violation", "The subject is too long."}));
    return;
  }
  meeting.title = {.text = text, .nick = by.nick};
  xmpp::Element relayed = subject_message(text);
  if (message.has_attribute("id")) relayed.set("id", message.attribute("id"));
  meeting.send_to_all(by.nick, relayed);
}

void send_subject(const Meeting& meeting, const Occupant& to) {
  meeting.send(to, meeting.title.nick, subject_message(meeting.title.text));
}

}  // namespace conclave::room
