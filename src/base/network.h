#pragma once
// By what an address is counted, where somebody is to be limited who may have many: IPv4 whole, IPv6 by its /64, since
// whoever has one address usually has its whole network (RFC 6177 §2). IPv4-mapped addresses are IPv4 (base/address.h).
#include <string>

#include "base/address.h"

namespace conclave {

// "192.0.2.1", "2001:db8::/64": a name to count by, and for the log.
std::string network_of(const Address& address);

}  // namespace conclave
