#pragma once
#include "base/address.h"

namespace conclave {

// Whether `address` leads to this machine, its network or nowhere: everything that the registries of RFC 6890 do not
// call globally reachable, IPv4 addresses inside IPv6 ones (mapped, NAT64, 6to4) judged as themselves. Fetching what a
// stranger named stops here.
bool is_private_address(const Address& address);

}  // namespace conclave
