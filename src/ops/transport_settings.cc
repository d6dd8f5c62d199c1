#include "ops/transport_settings.h"

#include "ops/setting_reader.h"

namespace conclave::ops {
namespace {

constexpr std::uint16_t kXmppPort = 5222;  // RFC 6120 §3.2.1
constexpr const char* kOrigins = "CORS_HEADER_ACCESS_CONTROL_ALLOW_ORIGIN";

// "https://meet.example.com", as browsers write it: no path, no slash at the end.
bool is_origin(std::string_view text) {
  const std::size_t scheme = text.find("://");
  return scheme != std::string_view::npos && text.size() > scheme + 3 &&
         text.substr(scheme + 3).find_first_of("/?# \"'") == std::string_view::npos;
}

}  // namespace

TransportSettings read_transport_settings(const SettingReader& read, bool services) {
  TransportSettings settings;
  settings.websocket = read.boolean("ENABLE_XMPP_WEBSOCKET").value_or(true);
  if (const std::vector<std::string> origins = read.list(kOrigins); !origins.empty()) {
    settings.cors_origins.clear();
    for (const std::string& origin : origins) {
      if (origin != "*" && !is_origin(origin)) {
        read.wrong(kOrigins, "List origins as browsers send them, such as https://www.example.com, or write *.");
      }
      settings.cors_origins.push_back(lower_ascii(origin));
    }
  }
  settings.push_discovery = read.boolean("CONCLAVE_PUSH_DISCOVERY").value_or(false);
  if (read.boolean("CONCLAVE_XMPP_TCP").value_or(services)) {
    settings.xmpp_port = static_cast<std::uint16_t>(read.number("XMPP_PORT", 0, 65535).value_or(kXmppPort));
  }
  return settings;
}

}  // namespace conclave::ops
