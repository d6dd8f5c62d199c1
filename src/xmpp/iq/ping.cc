#include "xmpp/iq/ping.h"

#include "xmpp/stanza.h"

namespace conclave::xmpp {

void add_ping(DomainServices& services) {
  services.add(DomainServices::Type::Get, "ping", kPingNamespace,
               [](const Sender&, const Element& iq) { return result_of(iq); });
}

}  // namespace conclave::xmpp
