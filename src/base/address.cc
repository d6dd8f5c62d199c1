#include "base/address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <cstring>

namespace conclave {

Address Address::v4(std::uint32_t host_order_ip, std::uint16_t port) {
  Address result;
  for (std::size_t i = 0; i < 4; ++i) result.ip_[i] = static_cast<std::byte>(host_order_ip >> (24 - 8 * i));
  result.port_ = port;
  return result;
}

Address Address::v6(std::span<const std::byte, 16> ip, std::uint16_t port) {
  Address result;
  // A dual-stack socket reports IPv4 peers as ::ffff:a.b.c.d; one person must have one address.
  static constexpr std::array<unsigned char, 12> kMapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  if (std::memcmp(ip.data(), kMapped.data(), kMapped.size()) == 0) {
    std::copy(ip.begin() + 12, ip.end(), result.ip_.begin());
  } else {
    std::copy(ip.begin(), ip.end(), result.ip_.begin());
    result.is_v4_ = false;
  }
  result.port_ = port;
  return result;
}

std::optional<Address> Address::parse(std::string_view ip, std::uint16_t port) {
  const std::string text(ip);
  in_addr v4_address{};
  if (inet_pton(AF_INET, text.c_str(), &v4_address) == 1) return v4(ntohl(v4_address.s_addr), port);
  std::array<std::byte, 16> bytes;
  if (inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1) return v6(bytes, port);
  return std::nullopt;
}

bool Address::is_loopback() const {
  if (is_v4_) return ip_[0] == std::byte{127};
  return std::all_of(ip_.begin(), ip_.end() - 1, [](std::byte b) { return b == std::byte{0}; }) && ip_[15] == std::byte{1};
}

Address Address::with_port(std::uint16_t port) const {
  Address result = *this;
  result.port_ = port;
  return result;
}

std::string Address::ip() const {
  char text[INET6_ADDRSTRLEN];
  return inet_ntop(is_v4_ ? AF_INET : AF_INET6, ip_.data(), text, sizeof text);
}

std::string Address::str() const {
  const std::string host = is_v4_ ? ip() : "[" + ip() + "]";
  return host + ":" + std::to_string(port_);
}

}  // namespace conclave
