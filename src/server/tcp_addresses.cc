#include "server/tcp_addresses.h"

#include <algorithm>

#include "ops/addresses.h"

namespace conclave::server {

std::vector<sfu::TcpAddress> tcp_addresses(const ops::Settings& settings, std::vector<Address> hosts, TcpPorts ports) {
  const ops::MediaSettings& media = settings.media;
  for (Address& host : hosts) host = host.with_port(0);
  hosts.erase(std::unique(hosts.begin(), hosts.end()), hosts.end());
  std::vector<sfu::TcpAddress> addresses;
  const auto add = [&](std::uint16_t port, bool pseudo_tls) {
    for (const Address& host : hosts) addresses.push_back({host.with_port(port), pseudo_tls});
  };
  if (ports.https && media.on_https) {
    const std::uint16_t found = settings.https_port == 0 ? *ports.https : ops::public_port(settings);
    const std::uint16_t port = media.https_mapped.value_or(found);
    add(port, false);
    if (media.pseudo_tls) add(port, true);
  }
  if (ports.own) add(media.tcp_mapped_port.value_or(*ports.own), false);
  return addresses;
}

}  // namespace conclave::server
