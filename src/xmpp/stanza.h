#pragma once
// Building answers: results and errors with the conditions of RFC 6120 §8.3.
#include <string_view>

#include "xmpp/element.h"
#include "xmpp/jid.h"

namespace conclave::xmpp {

// An error as stock clients read it: type, condition, optional text and application-specific children.
struct StanzaError {
  std::string_view type = "cancel";  // auth, cancel, continue, modify, wait
  std::string_view condition = "service-unavailable";
  std::string_view text = {};
};

namespace errors {
inline constexpr StanzaError kBadRequest{"modify", "bad-request"};
inline constexpr StanzaError kConflict{"cancel", "conflict"};
inline constexpr StanzaError kFeatureNotImplemented{"cancel", "feature-not-implemented"};
inline constexpr StanzaError kForbidden{"auth", "forbidden"};
inline constexpr StanzaError kInternalServerError{"cancel", "internal-server-error"};
inline constexpr StanzaError kItemNotFound{"cancel", "item-not-found"};
inline constexpr StanzaError kJidMalformed{"modify", "jid-malformed"};
inline constexpr StanzaError kNotAcceptable{"modify", "not-acceptable"};
inline constexpr StanzaError kNotAllowed{"cancel", "not-allowed"};
inline constexpr StanzaError kNotAuthorized{"auth", "not-authorized"};
inline constexpr StanzaError kResourceConstraint{"wait", "resource-constraint"};
inline constexpr StanzaError kServiceUnavailable{"cancel", "service-unavailable"};
}  // namespace errors

// `request` is an iq of type get or set: a result with its id, addresses swapped, and no payload.
Element result_of(const Element& request);
// Same for an error. The original payload is not echoed.
Element error_of(const Element& request, const StanzaError& error);
// Just the <error/>, for presences and for adding children.
Element error_element(const StanzaError& error);

bool is_iq_request(const Element& stanza);   // iq, type get or set, with an id
bool is_iq_response(const Element& stanza);  // iq, type result or error

}  // namespace conclave::xmpp
