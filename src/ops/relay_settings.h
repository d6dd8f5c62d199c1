#pragma once
// From docker's variables to the STUN and TURN servers that clients are told (environment.md, "STUN and TURN").
#include <vector>

#include "ops/setting_reader.h"
#include "xmpp/iq/external_services.h"

namespace conclave::ops {

// Throws ConfigError. What is worth a second look goes into `notices`.
xmpp::RelayOptions read_relays(const SettingReader& read, std::vector<Notice>& notices);

}  // namespace conclave::ops
