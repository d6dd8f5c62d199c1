#include "focus/conference_request.h"

#include "focus/jingle/namespaces.h"
#include "xmpp/jid.h"

namespace conclave::focus {
namespace {

using xmpp::Element;

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

std::string shown_identity(const access::Identity& identity) {
  const access::Display& display = identity.display;
  return !display.email.empty()     ? display.email
         : !display.name.empty()    ? display.name
         : !display.user_id.empty() ? display.user_id
                                    : identity.subject;
}

// The first child named <error/> of an error iq gets a child of its own.
Element with_detail(Element error, Element detail) {
  for (Element& child : error.children()) {
    if (child.name() == "error") child.add(std::move(detail));
  }
  return error;
}

Element ready_iq(const Element& iq, const ConferenceAnswer& answer) {
  Element result = xmpp::result_of(iq);
  Element& conference = result.add("conference", ns::kFocus);
  conference.set("room", answer.room_address).set("ready", "true").set("focusjid", answer.focus_jid);
  if (!answer.identity.empty()) conference.set("identity", answer.identity);
  if (!answer.session_id.empty()) conference.set("session-id", answer.session_id);
  add_property(conference, "authentication", answer.password_login);
  add_property(conference, "externalAuth", false);
  add_property(conference, "sipGatewayEnabled", false);
  add_property(conference, "visitors-supported", false);
  return result;
}

}  // namespace

Result<access::RoomName, xmpp::StanzaError> room_of_request(std::string_view address, const room::MucDomain& muc) {
  if (address.empty()) return failure(xmpp::StanzaError{"modify", "bad-request", "No 'room' specified."});
  const auto jid = xmpp::Jid::parse(address);
  if (!jid || jid->node.empty() || !muc.serves(jid->domain)) {
    return failure(xmpp::StanzaError{"modify", "bad-request", "'room' is not the address of a room of this server."});
  }
  auto room = muc.room_at(*jid);
  if (!room) return failure(xmpp::StanzaError{"cancel", "not-allowed", access::name_error_sentence(room.error())});
  return *std::move(room);
}

bool is_conference_request(const Element& iq) {
  return iq.name() == "iq" && iq.child("conference", ns::kFocus) != nullptr;
}

Result<ConferenceRequest, Element> read_conference_request(const Element& iq, const room::MucDomain& muc) {
  const Element* conference = iq.child("conference", ns::kFocus);
  if (conference == nullptr || iq.attribute("type") != "set")
    return failure(xmpp::error_of(iq, xmpp::errors::kBadRequest));
  const std::string_view address = conference->attribute("room");
  auto room = room_of_request(address, muc);
  if (!room) return failure(xmpp::error_of(iq, room.error()));
  return conference_request_for(iq, std::move(*room));
}

std::optional<xmpp::Jid> requested_address(const Element& iq) {
  const Element* conference = iq.child("conference", ns::kFocus);
  return conference != nullptr && iq.attribute("type") == "set" ? xmpp::Jid::parse(conference->attribute("room"))
                                                                : std::nullopt;
}

ConferenceRequest conference_request_for(const Element& iq, access::RoomName room) {
  const Element* conference = iq.child("conference", ns::kFocus);
  ConferenceRequest request{
      .room = std::move(room),
      .room_address = std::string(conference->attribute("room")),
      .machine_uid = std::string(conference->attribute("machine-uid").substr(0, kMaxMachineUidBytes)),
      .session_id = std::nullopt};
  if (const std::string_view ticket = conference->attribute("session-id"); !ticket.empty()) request.session_id = ticket;
  return request;
}

ConferenceAnswer conference_answer(const ConferenceRequest& request, const Considered& considered) {
  using Kind = ConferenceAnswer::Kind;
  const access::Decision& decision = considered.decision;
  if (is_told_now(decision, considered.policy))
    return {.kind = Kind::NotAuthorized, .sentence = decision.reason.sentence};
  if (is_about_booking(decision)) {
    return {
        .kind = Kind::BookingRefused, .sentence = decision.reason.sentence, .booking_code = considered.booking_code};
  }
  const bool logged_in = decision.admitted() && considered.identity.authenticated();
  return {.room_address = request.room_address,
          .focus_jid = std::string(considered.focus_jid),
          .identity = logged_in ? shown_identity(considered.identity) : std::string(),
          .password_login = considered.policy.auth.password || considered.policy.auth.ldap};
}

Element as_iq(const Element& request, const ConferenceAnswer& answer) {
  using Kind = ConferenceAnswer::Kind;
  switch (answer.kind) {
    case Kind::NotAuthorized:
      return xmpp::error_of(request, {"auth", "not-authorized", answer.sentence});
    case Kind::SessionInvalid:
      return with_detail(xmpp::error_of(request, {"modify", "not-acceptable", answer.sentence}),
                         Element("session-invalid", ns::kFocus));
    case Kind::BookingRefused: {
      Element detail("reservation-error", ns::kFocus);
      detail.set("error-code", std::to_string(answer.booking_code));
      return with_detail(xmpp::error_of(request, {"cancel", "service-unavailable", answer.sentence}),
                         std::move(detail));
    }
    case Kind::Ready:
      break;
  }
  return ready_iq(request, answer);
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
