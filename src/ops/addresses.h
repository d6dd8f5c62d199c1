#pragma once
// Where the server listens, and what it tells of itself as the address for media.
#include <vector>

#include "base/address.h"
#include "ops/settings.h"

namespace conclave::ops {

// CONCLAVE_BIND, without a port. Throws ConfigError for what is no address; while settings are read too.
Address bind_address(const Settings& settings);

// JVB_ADVERTISE_IPS; port 0: the media port. Throws likewise.
std::vector<Address> advertised(const Settings& settings);

// The same, or the machine's own addresses if it says nothing, as JVB_ADVERTISE_PRIVATE_CANDIDATES wants them. Throws where
// JVB_REQUIRE_VALID_ADDRESS is not met.
std::vector<Address> media_addresses(const Settings& settings, std::vector<Address> of_machine);

// The port of PUBLIC_URL.
std::uint16_t public_port(const Settings& settings);

}  // namespace conclave::ops
