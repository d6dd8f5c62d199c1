#pragma once
// Whom limits by network address count together: one IPv4 address, or an IPv6 /64, which whoever has one address
// usually has whole. As text.
#include <string>

#include "base/address.h"

namespace conclave {

std::string source_network(const Address& peer);

}  // namespace conclave
