#pragma once
// How XMPP may come in: WebSocket, BOSH, TCP (environment.md, "XMPP and limits"); and by which servers media may.
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "xmpp/iq/external_services.h"

namespace conclave::ops {

class SettingReader;

struct TransportSettings {
  bool websocket = true;
  // Pages of other origins that may use BOSH; "*": all.
  std::vector<std::string> cors_origins = {"*"};
  xmpp::RelayOptions relays;
  bool push_discovery = false;
  // For services and native clients, with STARTTLS. 0: any free one; absent: closed.
  std::optional<std::uint16_t> xmpp_port;
};

// `services`: whether any has a password, without which nobody needs the port. Throws ConfigError.
TransportSettings read_transport_settings(const SettingReader& read, bool services);

}  // namespace conclave::ops
