#pragma once
// How XMPP may come in: WebSocket, BOSH (environment.md, "XMPP and limits").
#include <string>
#include <vector>

namespace conclave::ops {

class SettingReader;

struct TransportSettings {
  bool websocket = true;
  // Pages of other origins that may use BOSH; "*": all.
  std::vector<std::string> cors_origins = {"*"};
};

// Throws ConfigError.
TransportSettings read_transport_settings(const SettingReader& read);

}  // namespace conclave::ops
