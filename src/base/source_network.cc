#include "base/source_network.h"

#include <algorithm>
#include <array>

namespace conclave {

std::string source_network(const Address& peer) {
  if (peer.is_v4()) return peer.ip();
  std::array<std::byte, 16> network{};
  std::ranges::copy(peer.ip_bytes().first(8), network.begin());
  return Address::v6(network, 0).ip() + "/64";
}

}  // namespace conclave
