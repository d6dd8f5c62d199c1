#include "net/interfaces.h"

#include <uv.h>

#include <algorithm>

#include "net/sockaddr.h"

namespace conclave {

std::vector<Address> local_addresses(LocalAddresses wanted) {
  uv_interface_address_t* interfaces = nullptr;
  int count = 0;
  if (uv_interface_addresses(&interfaces, &count) != 0) return {};
  std::vector<Address> result;
  std::vector<Address> loopback;
  for (int i = 0; i < count; ++i) {
    const auto& entry = interfaces[i];
    const auto& raw = reinterpret_cast<const sockaddr&>(entry.address);
    if (raw.sa_family != AF_INET && raw.sa_family != AF_INET6) continue;
    if (raw.sa_family == AF_INET6 && IN6_IS_ADDR_LINKLOCAL(&entry.address.address6.sin6_addr)) continue;
    auto& list = entry.is_internal != 0 ? loopback : result;
    const Address address = from_sockaddr(raw).with_port(0);
    if (list.size() < kMaxLocalAddresses && std::find(list.begin(), list.end(), address) == list.end()) list.push_back(address);
  }
  uv_free_interface_addresses(interfaces, count);
  if (wanted.with_loopback || result.empty()) result.insert(result.end(), loopback.begin(), loopback.end());
  std::stable_partition(result.begin(), result.end(), [](const Address& address) { return address.is_v4(); });
  return result;
}

}  // namespace conclave
