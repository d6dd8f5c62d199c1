#pragma once
// Settings that only the client in the browser looks at: each is a row of the settings' table and a key of config.js
// (environment.md 4, "Client settings"). None gives or takes a right. Static data; any thread.
#include <span>
#include <string_view>

#include "ops/setting_table.h"

namespace conclave::ops {

enum class ClientForm {
  Direct,
  Negated,    // of a switch: the key says the opposite
  Object,     // the text is a JSON object
  Digits,     // a number, or false
  Stun,       // host:port becomes {urls: "stun:host:port"}
  Framerate,  // the switch that leaves the keys marked WithFramerate out
  WithFramerate,
  Recording,  // the switch without which the keys marked WithRecording are left out
  WithRecording,
  Rtcstats,  // likewise
  WithRtcstats
};

struct ClientSetting {
  SettingRow row;
  std::string_view targets;  // keys of config.js with blanks between them: "p2p.enabled"
  ClientForm form = ClientForm::Direct;
};

// By topic, in files of that name.
std::span<const ClientSetting> client_pages();
std::span<const ClientSetting> client_media();
std::span<const ClientSetting> client_services();
// Rows of other sections that the client has to hear of too.
std::span<const ClientSetting> client_shared();

}  // namespace conclave::ops
