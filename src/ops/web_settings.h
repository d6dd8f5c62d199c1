#pragma once
// How pages are served: from variables to values (environment.md 4, "Web and TLS"). Throws ConfigError.
#include <string>

namespace conclave::ops {

class SettingReader;

struct WebSettings {
  bool tenants = true;
  bool redirect_to_https = false;
  bool hsts = true;
  std::string content_security_policy{};  // empty: none
  std::string shared_origin = "*";        // Access-Control-Allow-Origin of scripts, sounds, fonts; empty: none
  bool bosh_relative = false;
  std::string shard{};   // X-Jitsi-Shard, and what the domain says of itself (signalling.md 3.2)
  std::string region{};  // likewise
};

WebSettings read_web(const SettingReader& read);

}  // namespace conclave::ops
