#include "net/trusted_proxies.h"

#include <algorithm>
#include <charconv>
#include <string>

namespace conclave {
namespace {

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

bool same_network(const Address& a, const Address& b, unsigned bits) {
  if (a.is_v4() != b.is_v4()) return false;
  const auto left = a.ip_bytes();
  const auto right = b.ip_bytes();
  for (std::size_t i = 0; i < left.size() && bits > 0; ++i) {
    const unsigned count = std::min(bits, 8u);
    const auto mask = static_cast<std::byte>(0xff << (8 - count));
    if ((left[i] & mask) != (right[i] & mask)) return false;
    bits -= count;
  }
  return true;
}

// All lines of the header, last hop first.
std::vector<std::string_view> hops_from_the_end(const Headers& headers) {
  std::vector<std::string_view> hops;
  for (const auto& [name, value] : headers) {
    if (!same_without_case(name, "x-forwarded-for")) continue;
    std::string_view rest = value;
    while (true) {
      const std::size_t comma = rest.find(',');
      hops.push_back(trimmed(rest.substr(0, comma)));
      if (comma == std::string_view::npos) break;
      rest.remove_prefix(comma + 1);
    }
  }
  std::ranges::reverse(hops);
  if (hops.size() > kMaxForwardedHops) hops.resize(kMaxForwardedHops);
  return hops;
}

}  // namespace

bool TrustedProxies::add(std::string_view text) {
  const std::size_t slash = text.find('/');
  const auto address = Address::parse(text.substr(0, slash), 0);
  if (!address) return false;
  unsigned bits = address->is_v4() ? 32 : 128;
  if (slash != std::string_view::npos) {
    const std::string_view digits = text.substr(slash + 1);
    unsigned wanted = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), wanted);
    if (error != std::errc() || end != digits.data() + digits.size() || wanted > bits) return false;
    bits = wanted;
  }
  networks_.push_back({*address, bits});
  return true;
}

bool TrustedProxies::trusts(const Address& address) const {
  return std::ranges::any_of(
      networks_, [&](const Network& network) { return same_network(address, network.address, network.bits); });
}

TrustedProxies::Origin TrustedProxies::origin_of(const HttpRequest& request) const {
  Origin origin{.client = request.peer, .confidential = request.tls || request.peer.is_loopback()};
  if (!trusts(request.peer)) return origin;
  if (const auto protocol = request.headers.find("x-forwarded-proto")) {
    // Of several, the one nearest to the person; a proxy of ours has put it there.
    origin.confidential = same_without_case(trimmed(protocol->substr(0, protocol->find(','))), "https");
  }
  for (const std::string_view hop : hops_from_the_end(request.headers)) {
    const auto address = Address::parse(hop, 0);
    if (!address) break;
    origin.client = *address;
    if (!trusts(*address)) break;
  }
  return origin;
}

}  // namespace conclave
