#pragma once
// XEP-0199. Clients ping the domain every ten seconds and reconnect after two failures (signalling.md 1.4).
#include "xmpp/iq/domain_services.h"

namespace conclave::xmpp {

inline constexpr std::string_view kPingNamespace = "urn:xmpp:ping";

void add_ping(DomainServices& services);

}  // namespace conclave::xmpp
