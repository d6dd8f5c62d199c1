#pragma once
// Address ↔ the kernel's sockaddr. An IPv6 socket that takes IPv4 too sees ::ffff:a.b.c.d (RFC 4291 §2.5.5.2); an Address never does.
#include <netinet/in.h>
#include <sys/socket.h>

#include "base/address.h"

namespace conclave {

union SocketAddress {
  sockaddr any;
  sockaddr_in v4;
  sockaddr_in6 v6;

  const sockaddr* get() const { return &any; }
  socklen_t size() const { return any.sa_family == AF_INET ? sizeof(v4) : sizeof(v6); }
};

// `for_v6_socket` writes IPv4 addresses in their mapped form.
SocketAddress to_sockaddr(const Address& address, bool for_v6_socket = false);
Address from_sockaddr(const sockaddr& address);
// Any other family than IPv4 and IPv6 gives 0.0.0.0:0.
Address from_sockaddr(const sockaddr_storage& address);

}  // namespace conclave
