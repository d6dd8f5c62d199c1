#include "net/sockaddr.h"

#include <arpa/inet.h>

#include <cstring>

namespace conclave {

SocketAddress to_sockaddr(const Address& address, bool for_v6_socket) {
  SocketAddress result;
  std::memset(&result, 0, sizeof(result));
  const auto ip = address.ip_bytes();
  if (address.is_v4() && !for_v6_socket) {
    result.v4.sin_family = AF_INET;
    result.v4.sin_port = htons(address.port());
    std::memcpy(&result.v4.sin_addr, ip.data(), 4);
    return result;
  }
  result.v6.sin6_family = AF_INET6;
  result.v6.sin6_port = htons(address.port());
  if (address.is_v4()) {
    result.v6.sin6_addr.s6_addr[10] = result.v6.sin6_addr.s6_addr[11] = 0xff;
    std::memcpy(&result.v6.sin6_addr.s6_addr[12], ip.data(), 4);
  } else {
    std::memcpy(&result.v6.sin6_addr, ip.data(), 16);
  }
  return result;
}

Address from_sockaddr(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    sockaddr_in v4;
    std::memcpy(&v4, &address, sizeof(v4));
    return Address::v4(ntohl(v4.sin_addr.s_addr), ntohs(v4.sin_port));
  }
  if (address.sa_family == AF_INET6) {
    sockaddr_in6 v6;
    std::memcpy(&v6, &address, sizeof(v6));
    if (IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr)) {
      std::uint32_t ip = 0;
      std::memcpy(&ip, &v6.sin6_addr.s6_addr[12], 4);
      return Address::v4(ntohl(ip), ntohs(v6.sin6_port));
    }
    return Address::v6(std::span<const std::byte, 16>(reinterpret_cast<const std::byte*>(&v6.sin6_addr), 16),
                       ntohs(v6.sin6_port));
  }
  return {};
}

Address from_sockaddr(const sockaddr_storage& address) { return from_sockaddr(reinterpret_cast<const sockaddr&>(address)); }

}  // namespace conclave
