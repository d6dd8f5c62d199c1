#pragma once
// Whom a request really comes from when a proxy in front passes it on (X-Forwarded-For, X-Forwarded-Proto). Believed
// from the operator's own proxies only. Immutable; any thread.
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/address.h"
#include "net/http.h"

namespace conclave {

inline constexpr std::size_t kMaxForwardedHops = 16;  // of one header; more are not looked at

class TrustedProxies {
 public:
  // "192.0.2.1", "10.0.0.0/8", "2001:db8::/32"; false if it is none of these, and nothing is added.
  [[nodiscard]] bool add(std::string_view text);

  struct Origin {
    Address client;  // the last hop that is no proxy of ours; its port is 0 unless it is the peer itself
    // Nobody on the way reads along: TLS up to here or up to the proxy, or a hop inside this machine.
    bool confidential = false;
  };
  Origin origin_of(const HttpRequest& request) const;

 private:
  struct Network {
    Address address;
    unsigned bits;
  };
  bool trusts(const Address& address) const;

  std::vector<Network> networks_;
};

}  // namespace conclave
