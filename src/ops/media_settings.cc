#include "ops/media_settings.h"

#include "ops/setting_reader.h"

namespace conclave::ops {
namespace {

constexpr std::uint16_t kTcpPort = 4443;  // docker's default
constexpr std::uint64_t kMostSpeakers = 16;  // sfu::kMostLoudest

std::optional<std::uint16_t> port_in(const SettingReader& read, const char* name, std::uint64_t least) {
  const auto port = read.number(name, least, 65535);
  return port ? std::optional(static_cast<std::uint16_t>(*port)) : std::nullopt;
}

}  // namespace

MediaSettings read_media_settings(const SettingReader& read) {
  MediaSettings settings;
  settings.on_https = read.boolean("CONCLAVE_MEDIA_ON_HTTPS").value_or(true);
  settings.https_mapped = port_in(read, "CONCLAVE_MEDIA_HTTPS_MAPPED_PORT", 1);
  settings.pseudo_tls = read.boolean("CONCLAVE_MEDIA_PSEUDO_TLS").value_or(false);
  // Looked at also where they do not count: a wrong one is said today, not on the day that the port is wanted.
  const auto tcp_port = port_in(read, "JVB_TCP_PORT", 0);
  const auto tcp_mapped_port = port_in(read, "JVB_TCP_MAPPED_PORT", 1);
  if (!read.boolean("JVB_TCP_HARVESTER_DISABLED").value_or(true)) {
    settings.tcp_port = tcp_port.value_or(kTcpPort);
    settings.tcp_mapped_port = tcp_mapped_port;
  }
  settings.advertise_private = read.boolean("JVB_ADVERTISE_PRIVATE_CANDIDATES").value_or(true);
  settings.require_public = read.boolean("JVB_REQUIRE_VALID_ADDRESS").value_or(false);
  settings.loudest_speakers =
      static_cast<std::size_t>(read.number("CONCLAVE_LOUDEST_SPEAKERS", 0, kMostSpeakers).value_or(0));
  return settings;
}

}  // namespace conclave::ops
