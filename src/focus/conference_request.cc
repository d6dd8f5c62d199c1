#include "focus/conference_request.h"

#include "focus/jingle/namespaces.h"
#include "xmpp/jid.h"
#include "xmpp/stanza.h"

namespace conclave::focus {
namespace {

using xmpp::Element;

constexpr std::size_t kMaxUidBytes = 256;

void add_property(Element& conference, std::string_view name, bool value) {
  conference.add("property", ns::kFocus).set("name", name).set("value", value ? "true" : "false");
}

// The W2 answer of access.md 4.6: waiting where no lobby is to wait in, and a login that a password can be. Every other
// refusal is told at the join, where stock clients understand it: here they would show a lost connection.
bool is_told_now(const access::Decision& decision, const access::Policy& policy) {
  if (decision.outcome == access::Outcome::Wait) return !policy.lobby_exists;
  const bool can_log_in_here = policy.auth.password || policy.auth.ldap;
  return decision.outcome == access::Outcome::Login && decision.reason.slug == access::Slug::GuestsDenied &&
         can_log_in_here;
}

bool is_about_booking(const access::Decision& decision) {
  return decision.outcome == access::Outcome::Refuse && (decision.reason.slug == access::Slug::BookingDenied ||
                                                         decision.reason.slug == access::Slug::BookingUnreachable);
}

// signalling.md 4.6.
Element booking_refused(const Element& iq, const ConferenceReply& reply) {
  Element error = xmpp::error_of(iq, {"cancel", "service-unavailable", reply.decision.reason.sentence});
  for (Element& child : error.children()) {
    if (child.name() == "error")
      child.add("reservation-error", ns::kFocus).set("error-code", std::to_string(reply.booking_code));
  }
  return error;
}

}  // namespace

bool is_conference_request(const Element& iq) {
  return iq.name() == "iq" && iq.child("conference", ns::kFocus) != nullptr;
}

Result<ConferenceRequest, Element> read_conference_request(const Element& iq, const room::MucDomain& muc) {
  const Element* conference = iq.child("conference", ns::kFocus);
  if (conference == nullptr || iq.attribute("type") != "set")
    return failure(xmpp::error_of(iq, xmpp::errors::kBadRequest));
  const std::string_view address = conference->attribute("room");
  if (address.empty()) {
    return failure(xmpp::error_of(iq, {"modify", "bad-request", "No 'room' specified."}));
  }
  const auto jid = xmpp::Jid::parse(address);
  if (!jid || jid->node.empty() || !muc.serves(jid->domain)) {
    return failure(
        xmpp::error_of(iq, {"modify", "bad-request", "'room' is not the address of a room of this server."}));
  }
  auto room = muc.room_at(*jid);
  if (!room) {
    return failure(xmpp::error_of(iq, {"cancel", "not-allowed", access::name_error_sentence(room.error())}));
  }
  ConferenceRequest request{.room = std::move(*room),
                            .room_address = std::string(address),
                            .machine_uid = std::string(conference->attribute("machine-uid").substr(0, kMaxUidBytes)),
                            .session_id = std::nullopt};
  if (const std::string_view ticket = conference->attribute("session-id"); !ticket.empty()) request.session_id = ticket;
  return request;
}

Element conference_reply(const Element& iq, const ConferenceRequest& request, const ConferenceReply& reply) {
  if (is_told_now(reply.decision, reply.policy)) {
    return xmpp::error_of(iq, {"auth", "not-authorized", reply.decision.reason.sentence});
  }
  if (is_about_booking(reply.decision)) return booking_refused(iq, reply);
  Element result = xmpp::result_of(iq);
  Element& conference = result.add("conference", ns::kFocus);
  conference.set("room", request.room_address).set("ready", "true").set("focusjid", reply.focus_jid);
  if (reply.decision.admitted() && reply.identity.authenticated()) {
    // Shown to the person himself as who he is logged in as.
    const access::Display& display = reply.identity.display;
    conference.set("identity", !display.email.empty()     ? display.email
                               : !display.name.empty()    ? display.name
                               : !display.user_id.empty() ? display.user_id
                                                          : reply.identity.subject);
  }
  add_property(conference, "authentication", reply.policy.auth.password || reply.policy.auth.ldap);
  add_property(conference, "externalAuth", false);
  add_property(conference, "sipGatewayEnabled", false);
  add_property(conference, "visitors-supported", false);
  return result;
}

Element session_invalid(const Element& iq) {
  Element error = xmpp::error_of(iq, {"modify", "not-acceptable", "invalid session"});
  for (Element& child : error.children()) {
    if (child.name() == "error") child.add("session-invalid", ns::kFocus);
  }
  return error;
}

void set_session_id(Element& reply, std::string_view ticket) {
  if (Element* conference = reply.child("conference", ns::kFocus)) conference->set("session-id", ticket);
}

std::optional<std::string> read_logout(const Element& iq) {
  const Element* logout = iq.child("logout", ns::kFocus);
  if (logout == nullptr || iq.attribute("type") != "set") return std::nullopt;
  return std::string(logout->attribute("session-id"));
}

Element logout_reply(const Element& iq) {
  Element result = xmpp::result_of(iq);
  result.add("logout", ns::kFocus);
  return result;
}

}  // namespace conclave::focus
