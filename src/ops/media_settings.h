#pragma once
// By which ways media may come in, and what is said of them (environment.md, "Bridge"; docs/reachability.md).
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace conclave::ops {

class SettingReader;

struct StunServer {
  std::string host;
  std::uint16_t port = 3478;
};

struct MediaSettings {
  bool on_https = true;                          // media over TCP at the HTTPS port, where we serve it
  std::optional<std::uint16_t> https_mapped;     // as people reach that port; absent: as PUBLIC_URL says
  bool pseudo_tls = false;                       // offered there besides plain TCP
  std::optional<std::uint16_t> tcp_port;         // one of its own; 0: any free one
  std::optional<std::uint16_t> tcp_mapped_port;  // as people reach it
  std::vector<StunServer> stun;                  // not asked yet (docs/reachability.md)
  bool advertise_private = true;                 // private addresses too, where a public one is known
  bool require_public = false;                   // no start without an address that is not private
};

// Throws ConfigError.
MediaSettings read_media_settings(const SettingReader& read);

}  // namespace conclave::ops
