#include "sfu/ingress.h"

#include "sfu/context.h"
#include "sfu/control_path.h"
#include "sfu/endpoint.h"
#include "sfu/ice/ice_agent.h"
#include "sfu/receive_path.h"

namespace conclave::sfu {

void Ingress::add(std::string_view ufrag, Endpoint& endpoint) { ufrags_.emplace(ufrag, &endpoint); }

void Ingress::remove(std::string_view ufrag) {
  const auto found = ufrags_.find(ufrag);
  if (found != ufrags_.end()) ufrags_.erase(found);
}

void Ingress::forget(const Address& address, const Endpoint& endpoint) {
  const auto found = learnt_.find(address);
  if (found != learnt_.end() && found->second == &endpoint) learnt_.erase(found);
}

void Ingress::forget_expected(const Address& address, const Endpoint& endpoint) {
  const auto found = expected_.find(address);
  if (found != expected_.end() && found->second == &endpoint) expected_.erase(found);
}

Endpoint* Ingress::by_ufrag(std::string_view ufrag) const {
  const auto found = ufrags_.find(ufrag);
  return found == ufrags_.end() ? nullptr : found->second;
}

Endpoint* Ingress::by_address(const Address& address) const {
  const auto found = learnt_.find(address);
  return found == learnt_.end() ? nullptr : found->second;
}

Endpoint* Ingress::by_expected_address(const Address& address) const {
  const auto found = expected_.find(address);
  return found == expected_.end() ? nullptr : found->second;
}

namespace {

void route_stun(Context& context, const Address& from, Bytes datagram, const Address* over_tcp) {
  Endpoint* endpoint = nullptr;
  if (const auto ufrag = ice::local_ufrag_of(datagram)) {
    endpoint = context.ingress.by_ufrag(*ufrag);
    if (endpoint == nullptr) return context.counters.unknown_ufrag.add();
  } else {
    endpoint = context.ingress.by_address(from);
    if (endpoint == nullptr) endpoint = context.ingress.by_expected_address(from);
    if (endpoint == nullptr) return context.counters.unknown_address.add();
  }
  endpoint->transport().receive_stun(context.now(), from, datagram, over_tcp);
}

}  // namespace

void route(Context& context, const Address& from, MutableBytes datagram, const Address* over_tcp) {
  context.counters.datagrams_in.add();
  context.counters.bytes_in.add(datagram.size());
  if (datagram.empty()) return context.counters.garbage.add();
  // RFC 7983 §7: the first byte tells.
  const auto first = std::to_integer<std::uint8_t>(datagram[0]);
  if (first <= 3) return route_stun(context, from, datagram, over_tcp);
  const bool is_media = first >= 128 && first <= 191;
  const bool is_dtls = first >= 20 && first <= 63;
  if (!is_media && !is_dtls) return context.counters.garbage.add();
  Endpoint* endpoint = context.ingress.by_address(from);
  if (endpoint == nullptr) return context.counters.unknown_address.add();
  if (is_dtls) {
    endpoint->transport().receive_dtls(context.now(), from, datagram);
  } else if (rtp::looks_like_rtcp(datagram)) {
    receive_rtcp(*endpoint, datagram);
  } else {
    receive_rtp(*endpoint, datagram);
  }
}

}  // namespace conclave::sfu
