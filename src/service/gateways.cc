#include "service/gateways.h"

#include <algorithm>
#include <utility>

namespace conclave::service {

struct Gateways::Dialling {
  access::RoomName room;
  std::string call;
  bool transcribes = false;
  xmpp::Element order;
  std::string request = {};
  xmpp::SessionId gateway = {};
  std::set<xmpp::SessionId> tried = {};
  Timer timeout = {};
};

Gateways::Gateways(Loop& loop, Brewery& brewery, Random& random, Tell tell)
    : Pinned(loop), brewery_(brewery), random_(random), tell_(std::move(tell)) {}

Gateways::~Gateways() = default;

void Gateways::dial(const access::RoomName& room, const std::string& call, bool transcribes, xmpp::Element order) {
  assert_here();
  if (dialling_.size() >= kMaxDials) return tell_({.room = room, .call = call, .outcome = Outcome::Failed});
  auto made = std::make_unique<Dialling>(Dialling{room, call, transcribes, std::move(order)});
  Dialling& dialling = *made;
  dialling.request = "dial-" + random_.hex(12);
  dialling_.emplace(dialling.request, std::move(made));
  next(dialling, Outcome::NoneThere);
}

void Gateways::next(Dialling& dialling, Outcome if_none) {
  const std::pair<const xmpp::SessionId, GatewayHealth>* best = nullptr;
  for (const auto& one : gateways_) {
    const GatewayHealth& health = one.second;
    const bool can = !health.stopping && (dialling.transcribes ? health.transcribes : health.calls);
    if (!can || dialling.tried.contains(one.first)) continue;
    if (best == nullptr || health.participants < best->second.participants) best = &one;
  }
  if (best == nullptr || dialling.tried.size() >= kMaxGatewaysTried) return over(dialling, if_none);
  // An id of its own for each try: an answer that comes too late says nothing.
  auto node = dialling_.extract(dialling.request);
  node.key() = dialling.request = "dial-" + random_.hex(12);
  dialling_.insert(std::move(node));
  dialling.gateway = best->first;
  dialling.tried.insert(best->first);
  dialling.timeout = loop().after(kGatewayTimeout, [this, &dialling] { next(dialling, Outcome::TimedOut); });
  xmpp::Element order = dialling.order;
  brewery_.send(dialling.gateway, std::move(order.set("id", dialling.request)));
}

void Gateways::over(Dialling& dialling, Outcome outcome, const std::string& resource) {
  const auto node = dialling_.extract(dialling.request);
  if (!resource.empty() && calls_.size() < kMaxCalls) calls_[resource] = dialling.gateway;
  tell_({.room = dialling.room, .call = dialling.call, .outcome = outcome, .resource = resource});
}

void Gateways::hang_up(const std::string& resource) {
  assert_here();
  const auto found = calls_.find(resource);
  if (found == calls_.end()) return;
  // COMPAT(jigasi): the call is named by where the order is for.
  xmpp::Element order = hangup_order().set("id", "dial-" + random_.hex(12));
  order.child("hangup", kRayo)->set("uri", "xmpp:" + resource);
  brewery_.send(found->second, std::move(order));
  calls_.erase(found);
}

void Gateways::said(xmpp::SessionId gateway, const xmpp::Element& presence) {
  assert_here();
  if (const auto health = read_gateway(presence)) gateways_.insert_or_assign(gateway, *health);
}

void Gateways::iq(xmpp::SessionId gateway, const xmpp::Element& iq) {
  assert_here();
  if (xmpp::is_iq_request(iq)) return brewery_.send(gateway, xmpp::error_of(iq, xmpp::errors::kServiceUnavailable));
  const auto found = dialling_.find(std::string(iq.attribute("id")));
  if (found == dialling_.end() || found->second->gateway != gateway) return;
  Dialling& dialling = *found->second;
  const std::string resource = iq.attribute("type") == "result" ? resource_of(iq) : std::string();
  if (resource.empty()) return next(dialling, Outcome::Failed);
  over(dialling, Outcome::Called, resource);
}

void Gateways::gone(xmpp::SessionId gateway) {
  assert_here();
  gateways_.erase(gateway);
  std::erase_if(calls_, [&](const auto& call) { return call.second == gateway; });
  std::vector<Dialling*> waiting;
  for (const auto& [id, dialling] : dialling_) {
    if (dialling->gateway == gateway) waiting.push_back(dialling.get());
  }
  for (Dialling* dialling : waiting) next(*dialling, Outcome::Failed);
}

}  // namespace conclave::service
