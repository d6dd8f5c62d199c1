#pragma once
// A transport address: IPv4 or IPv6, and a port. A value of 20 bytes, cheap to copy, compare and hash.
#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace conclave {

class Address {
 public:
  Address() = default;  // 0.0.0.0:0
  static Address v4(std::uint32_t host_order_ip, std::uint16_t port);
  static Address v6(std::span<const std::byte, 16> ip, std::uint16_t port);
  // "192.0.2.1" or "2001:db8::1" (no brackets, no zone).
  static std::optional<Address> parse(std::string_view ip, std::uint16_t port);

  bool is_v4() const { return is_v4_; }
  bool is_loopback() const;
  // IPv4: 4 bytes, IPv6: 16 bytes, network order.
  std::span<const std::byte> ip_bytes() const { return std::span(ip_).first(is_v4_ ? 4 : 16); }
  std::uint16_t port() const { return port_; }
  Address with_port(std::uint16_t port) const;

  std::string ip() const;
  std::string str() const;  // "192.0.2.1:10000", "[2001:db8::1]:10000"

  friend auto operator<=>(const Address&, const Address&) = default;

 private:
  std::array<std::byte, 16> ip_{};
  std::uint16_t port_ = 0;
  bool is_v4_ = true;
};

}  // namespace conclave

template <>
struct std::hash<conclave::Address> {
  std::size_t operator()(const conclave::Address& address) const noexcept {
    // FNV-1a over at most 18 bytes; peers that choose their address gain nothing: the table keyed by it is bounded.
    std::size_t h = 14695981039346656037u;
    for (const std::byte b : address.ip_bytes()) h = (h ^ std::to_integer<std::size_t>(b)) * 1099511628211u;
    return (h ^ address.port()) * 1099511628211u;
  }
};
