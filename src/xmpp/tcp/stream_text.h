#pragma once
// What stands around the elements of a stream over TCP (RFC 6120 §4.2, §4.4).
#include <string>
#include <string_view>

#include "xmpp/framing.h"

namespace conclave::xmpp::tcp {

inline constexpr std::string_view kTlsNamespace = "urn:ietf:params:xml:ns:xmpp-tls";
inline constexpr std::string_view kStreamEnd = "</stream:stream>";

std::string header_text(const StreamHeader& header);

}  // namespace conclave::xmpp::tcp
