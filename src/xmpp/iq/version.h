#pragma once
// XEP-0092.
#include <string>

#include "xmpp/iq/domain_services.h"

namespace conclave::xmpp {

void add_version(DomainServices& services, std::string name, std::string version);

}  // namespace conclave::xmpp
