#include "room/messages.h"

#include <nlohmann/json.hpp>

#include "room/history.h"
#include "room/subject.h"
#include "room/wire.h"

namespace conclave::room {
namespace {

// What only the server says about a message: who sent it, under which name, when (access.md A35).
bool is_servers_word(const xmpp::Element& child) {
  return child.is("nick", xmlns::kNick) || child.name() == "display-name" || child.name() == "delay" ||
         child.name() == "stanza-id" || child.name() == "occupant-id" || child.xmlns() == "jabber:x:conference" ||
         child.name() == "addresses" || child.name() == "error" || child.xmlns().starts_with(xmlns::kMuc);
}

}  // namespace

xmpp::Element relayed(Service& service, const xmpp::Element& message, std::string_view type) {
  xmpp::Element copy("message");
  copy.set("type", type);
  // Without one each receiver would invent its own, and reactions and replies could not name the message.
  copy.set("id", message.has_attribute("id") ? message.attribute("id") : service.random.uuid());
  for (const xmpp::Element& child : message.children()) {
    if (is_servers_word(child)) continue;
    if (child.is("reply", xmpp::kClientNamespace)) {
      // COMPAT(lib-jitsi-meet): sends <reply/> without a namespace and understands it only with one.
      copy.add("reply", xmlns::kReply).set("to", child.attribute("to"));
    } else {
      copy.add(child);
    }
  }
  return copy;
}

namespace {

// What clients show as somebody's words: only a transcriber says it (signalling.md 6.16).
bool is_transcript(const xmpp::Element& message) {
  const xmpp::Element* element = message.child("json-message", xmlns::kJitmeet);
  if (element == nullptr) return false;
  const auto json = nlohmann::json::parse(element->text(), nullptr, false);
  const auto type = json.is_object() ? json.find("type") : json.end();
  return json.is_object() && type != json.end() && (*type == "transcription-result" || *type == "translation-result");
}

enum class Audience { All, One };

bool passes(Meeting& meeting, Occupant& from, const xmpp::Element& message, Audience audience) {
  Service& service = meeting.service();
  if (message.size_estimate() > kMaxMessageBytes) {
    service.counters.too_large.add();
    service.outbox.deliver(from.session, bounce(message, {"modify", "policy-violation", "This message is too long."}));
    return false;
  }
  if (from.identity.kind != access::IdentityKind::Service && is_transcript(message)) {
    service.counters.malformed.add();
    return false;
  }
  const bool says_something = message.child("body", xmpp::kClientNamespace) != nullptr;
  const auto capability = says_something ? access::Capability::Chat : access::Capability::React;
  const access::Decision decision =
      audience == Audience::All && says_something ? meeting.may_here(from, capability) : meeting.may(from, capability);
  if (decision.admitted()) return true;
  service.counters.acts_refused.add();
  // Who lacks a right is told another condition than whom the meeting keeps it from (signalling.md 6.5).
  const bool kept = audience == Audience::All && meeting.keeps_from(from, capability);
  const xmpp::StanzaError error =
      kept ? xmpp::StanzaError{"cancel", "not-allowed", decision.reason.sentence} : act_error(decision);
  service.outbox.deliver(from.session, bounce(message, error));
  return false;
}

}  // namespace

void groupchat(Meeting& meeting, Occupant& from, const xmpp::Element& message) {
  if (message.child("subject", xmpp::kClientNamespace)) {
    if (message.child("body", xmpp::kClientNamespace)) {
      // Stock clients take any subject for the title, so this cannot be relayed as a message (XEP-0045 §8.1), and half
      // of it is no answer.
      meeting.service().outbox.deliver(
          from.session, bounce(message, {"modify", "not-acceptable", "Send the subject without a body."}));
      return;
    }
    set_subject(meeting, from, message);
    return;
  }
  if (!passes(meeting, from, message, Audience::All)) return;
  const bool is_json = message.child("json-message", xmlns::kJitmeet) != nullptr;
  if (is_json && meeting.service().listener.json_to_all(meeting, from, message)) return;
  meeting.service().counters.messages.add();
  const xmpp::Element copy = relayed(meeting.service(), message, "groupchat");
  meeting.send_to_all(from.nick, copy);
  if (copy.child("body", xmpp::kClientNamespace)) remember(meeting, from, copy);
}

void tell_by_server(const Meeting& meeting, const Occupant& to, std::string_view text) {
  const nlohmann::json line{{"type", "system_chat_message"}, {"displayName", "Conclave"}, {"message", text}};
  xmpp::Element message("message");
  message.add("json-message", xmlns::kJitmeet).set_text(line.dump());
  meeting.send(to, {}, std::move(message));
}

void private_message(Meeting& meeting, Occupant& from, std::string_view nick, const xmpp::Element& message) {
  Service& service = meeting.service();
  if (nick == kFocusNick) return;  // nobody reads there
  if (message.attribute("type") == "groupchat") {
    service.counters.malformed.add();
    service.outbox.deliver(from.session, bounce(message, {"modify", "bad-request", "Group messages go to the room."}));
    return;
  }
  const Occupant* to = meeting.find(nick);
  if (!to) {
    service.outbox.deliver(from.session, bounce(message, xmpp::errors::kItemNotFound));
    return;
  }
  if (!passes(meeting, from, message, Audience::One)) return;
  service.counters.messages.add();
  meeting.send(*to, from.nick, relayed(service, message, "chat"));
}

}  // namespace conclave::room
