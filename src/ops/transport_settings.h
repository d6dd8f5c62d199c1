#pragma once
// How XMPP may come in: WebSocket, BOSH (environment.md, "XMPP and limits"); and by which servers media may.
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
};

// Throws ConfigError.
TransportSettings read_transport_settings(const SettingReader& read);

}  // namespace conclave::ops
