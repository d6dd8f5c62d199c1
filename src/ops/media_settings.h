#pragma once
// By which ways media may come in, and what is said of them (environment.md, "Bridge"; docs/reachability.md).
#include <cstddef>
#include <cstdint>
#include <optional>

namespace conclave::ops {

class SettingReader;

struct MediaSettings {
  bool on_https = true;                          // media over TCP at the HTTPS port, where we serve it
  std::optional<std::uint16_t> https_mapped;     // as people reach that port; absent: as PUBLIC_URL says
  bool pseudo_tls = false;                       // offered there besides plain TCP
  std::optional<std::uint16_t> tcp_port;         // one of its own; 0: any free one
  std::optional<std::uint16_t> tcp_mapped_port;  // as people reach it
  bool advertise_private = true;                 // private addresses too, where a public one is known
  bool require_public = false;                   // no start without an address that is not private
  std::size_t loudest_speakers = 0;              // of a meeting, whose sound is passed on; 0: everybody's
};

// Throws ConfigError.
MediaSettings read_media_settings(const SettingReader& read);

}  // namespace conclave::ops
