#pragma once
// The conference request (signalling.md 4): may I come in, says a client to focus before it joins. Values and
// functions; the way of a request through loops and tickets is server/'s. The form over HTTP: conference_http.h.
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
#include "xmpp/stanza.h"

namespace conclave::focus {

inline constexpr std::size_t kMaxMachineUidBytes = 256;

struct ConferenceRequest {
  access::RoomName room;
  std::string room_address;  // as the client wrote it; echoed
  std::string machine_uid;
  std::optional<std::string> session_id;  // the ticket (access.md 4.8)
  // The attribute `token` is not read: only what the stream proved counts (access.md A30).
};

// The room of an address that a client wrote, in whichever form it asks. The failure is what an error iq says.
Result<access::RoomName, xmpp::StanzaError> room_of_request(std::string_view address, const room::MucDomain& muc);

bool is_conference_request(const xmpp::Element& iq);
// The failure is the error iq to send.
Result<ConferenceRequest, xmpp::Element> read_conference_request(const xmpp::Element& iq, const room::MucDomain& muc);
// The address of the room that it asks for, before it is read: what a breakout room's address stands for only its loop
// knows. Nothing if there is none, or for no conference request.
std::optional<xmpp::Jid> requested_address(const xmpp::Element& iq);
// For a breakout room that was looked up.
ConferenceRequest conference_request_for(const xmpp::Element& iq, access::RoomName room);

struct Considered {
  const access::Decision& decision;
  const access::Identity& identity;
  const access::Policy& policy;
  std::string_view focus_jid;  // bare
  int booking_code = 500;      // of a booking that was refused
};

// What a client is told, before it is written for the wire.
struct ConferenceAnswer {
  enum class Kind {
    Ready,           // join; whatever the answer there will be
    NotAuthorized,   // wait, or log in
    SessionInvalid,  // the ticket is unknown, expired, or from another machine: one answer for all
    BookingRefused,
  };
  Kind kind = Kind::Ready;
  std::string sentence = {};  // unless Ready
  int booking_code = 0;       // of BookingRefused
  // Of Ready:
  std::string room_address = {};
  std::string focus_jid = {};
  std::string identity = {};    // whom he is logged in as, to show to himself; empty: nobody
  std::string session_id = {};  // the ticket, if a grant was made; set by the caller
  bool password_login = false;  // a login by password is to be had
};

ConferenceAnswer conference_answer(const ConferenceRequest& request, const Considered& considered);
xmpp::Element as_iq(const xmpp::Element& request, const ConferenceAnswer& answer);

// <logout session-id=…/> (signalling.md 4.5): the ticket to forget.
std::optional<std::string> read_logout(const xmpp::Element& iq);
xmpp::Element logout_reply(const xmpp::Element& iq);

}  // namespace conclave::focus
