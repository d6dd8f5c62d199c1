#pragma once
// The host's own addresses, for ICE host candidates (RFC 8445 §5.1.1.1).
#include <vector>

#include "base/address.h"

namespace conclave {

inline constexpr std::size_t kMaxLocalAddresses = 32;

struct LocalAddresses {
  bool with_loopback = false;  // loopback only if there is nothing else
};
// Unicast addresses with port 0, without IPv6 link-local ones; IPv4 first.
std::vector<Address> local_addresses(LocalAddresses wanted = {});

}  // namespace conclave
