#pragma once
// The conference request as JSON over HTTP (signalling.md 4.2): for clients that ask before they open a stream. Pure
// functions; any thread.
#include <string>
#include <string_view>

#include "focus/conference_request.h"

namespace conclave::focus {

inline constexpr std::size_t kMaxConferenceBody = 8 * 1'024;

// The failure is a sentence for the client's log.
Result<ConferenceRequest, std::string> read_conference_request(std::string_view json, const room::MucDomain& muc);

// The address of a breakout room that it asks for, if its domain is that one. Who is inside the meeting only his stream
// says, which here is not known: such a request is answered "ready", and the join decides.
std::optional<std::string> breakout_asked_for(std::string_view json, std::string_view breakout_domain);

struct HttpConferenceAnswer {
  int status;
  std::string content_type;
  std::string body;
};
HttpConferenceAnswer as_http(const ConferenceAnswer& answer);

}  // namespace conclave::focus
