#pragma once
// At which addresses people reach us with media over TCP, in the order in which they are offered. Pure.
#include <cstdint>
#include <optional>
#include <vector>

#include "base/address.h"
#include "ops/settings.h"
#include "sfu/sfu.h"

namespace conclave::server {

// Ports that are listened on; nothing where there is no such port.
struct TcpPorts {
  std::optional<std::uint16_t> https;
  std::optional<std::uint16_t> own;
};

// `hosts`: of which the port does not count. The HTTPS port first: it is the one that firewalls let through.
std::vector<sfu::TcpAddress> tcp_addresses(const ops::Settings& settings, std::vector<Address> hosts, TcpPorts ports);

}  // namespace conclave::server
