#include "base/network.h"

#include <algorithm>
#include <array>

namespace conclave {
namespace {

constexpr std::size_t kNetworkBytes = 8;

}  // namespace

std::string network_of(const Address& address) {
  if (address.is_v4()) return address.ip();
  std::array<std::byte, 16> network{};
  std::ranges::copy(address.ip_bytes().first(kNetworkBytes), network.begin());
  return Address::v6(network, 0).ip() + "/64";
}

}  // namespace conclave
