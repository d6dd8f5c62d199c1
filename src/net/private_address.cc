#include "net/private_address.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace conclave {
namespace {

struct V4Block {
  std::uint32_t prefix;
  int bits;
};
// IANA's IPv4 special-purpose registry, the lines that are not globally reachable, and multicast.
constexpr std::array kPrivateV4 = {
    V4Block{0x00000000, 8},   // 0.0.0.0/8 "this network"
    V4Block{0x0a000000, 8},   // 10.0.0.0/8
    V4Block{0x64400000, 10},  // 100.64.0.0/10 carrier NAT
    V4Block{0x7f000000, 8},   // 127.0.0.0/8
    V4Block{0xa9fe0000, 16},  // 169.254.0.0/16 link-local; clouds keep their metadata here
    V4Block{0xac100000, 12},  // 172.16.0.0/12
    V4Block{0xc0000000, 24},  // 192.0.0.0/24
    V4Block{0xc0000200, 24},  // 192.0.2.0/24 documentation
    V4Block{0xc0a80000, 16},  // 192.168.0.0/16
    V4Block{0xc6120000, 15},  // 198.18.0.0/15 benchmarks
    V4Block{0xc6336400, 24},  // 198.51.100.0/24 documentation
    V4Block{0xcb007100, 24},  // 203.0.113.0/24 documentation
    V4Block{0xe0000000, 3},   // 224.0.0.0/4 multicast, 240.0.0.0/4 reserved, broadcast
};

std::uint32_t big_endian(std::span<const std::byte> bytes) {
  std::uint32_t value = 0;
  for (const std::byte b : bytes.first(4)) value = value << 8 | std::to_integer<std::uint32_t>(b);
  return value;
}

bool is_private_v4(std::uint32_t ip) {
  for (const V4Block& block : kPrivateV4) {
    if ((ip ^ block.prefix) >> (32 - block.bits) == 0) return true;
  }
  return false;
}

bool is_private_v6(std::span<const std::byte> ip) {
  const std::uint32_t first = big_endian(ip);
  if (first >> 29 != 1) {
    // Outside of 2000::/3 only translated IPv4 can be global: ::ffff:0:0/96 and 64:ff9b::/96.
    const bool mapped = first == 0 && big_endian(ip.subspan(4)) == 0 && big_endian(ip.subspan(8)) == 0xffff;
    const bool nat64 = first == 0x0064ff9b && big_endian(ip.subspan(4)) == 0 && big_endian(ip.subspan(8)) == 0;
    return !((mapped || nat64) && !is_private_v4(big_endian(ip.subspan(12))));
  }
  if (first >> 16 == 0x2002) return is_private_v4(big_endian(ip.subspan(2)));  // 6to4
  return first == 0x20010db8 || first >> 9 == 0x20010000 >> 9;  // documentation, 2001::/23 protocol assignments
}

}  // namespace

bool is_private_address(const Address& address) {
  const auto ip = address.ip_bytes();
  return address.is_v4() ? is_private_v4(big_endian(ip)) : is_private_v6(ip);
}

}  // namespace conclave
