#pragma once
// The conference request (signalling.md 4.1): may I come in, says a client to focus before it joins. Values and
// functions; the way of a request through loops and tickets is server/'s.
#include <optional>
#include <string>
#include <string_view>

#include "access/decision.h"
#include "access/identity.h"
#include "access/policy.h"
#include "access/room_name.h"
#include "base/result.h"
#include "room/muc_domain.h"
#include "xmpp/element.h"

namespace conclave::focus {

struct ConferenceRequest {
  access::RoomName room;
  std::string room_address;  // as the client wrote it; echoed
  std::string machine_uid;
  std::optional<std::string> session_id;  // the ticket (access.md 4.8)
  // The attribute `token` is not read: only what the stream proved counts (access.md A30).
};

bool is_conference_request(const xmpp::Element& iq);
// The failure is the error iq to send.
Result<ConferenceRequest, xmpp::Element> read_conference_request(const xmpp::Element& iq, const room::MucDomain& muc);

struct ConferenceReply {
  const access::Decision& decision;
  const access::Identity& identity;
  const access::Policy& policy;
  std::string_view focus_jid;  // bare
  int booking_code = 500;      // of a booking that was refused
};
// `session-id` is added by the caller when a grant was made.
xmpp::Element conference_reply(const xmpp::Element& iq, const ConferenceRequest& request, const ConferenceReply& reply);
// The ticket is unknown, expired, or from another machine: one answer for all (signalling.md 4.3).
xmpp::Element session_invalid(const xmpp::Element& iq);
void set_session_id(xmpp::Element& reply, std::string_view ticket);

// <logout session-id=…/> (signalling.md 4.5): the ticket to forget.
std::optional<std::string> read_logout(const xmpp::Element& iq);
xmpp::Element logout_reply(const xmpp::Element& iq);

}  // namespace conclave::focus
