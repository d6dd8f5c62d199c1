#include "ops/relay_settings.h"

#include <algorithm>
#include <string>
#include <utility>

namespace conclave::ops {
namespace {

constexpr std::uint64_t kMaxPort = 65'535;
constexpr std::uint64_t kDefaultPort = 443;
constexpr std::size_t kMaxServers = 32;
// Less, and a password is over before a call has begun.
constexpr std::chrono::seconds kLeastLifetime{60};

std::vector<std::string> hosts_of(const SettingReader& read, const std::string& name) {
  std::vector<std::string> hosts = read.list(name);
  for (const std::string& host : hosts) {
    const bool is_ipv6 = host.starts_with('[') && host.ends_with(']');
    if (host.find_first_of(is_ipv6 ? "/?# @\"'<>" : "/?# @\"'<>:") != std::string::npos)
      read.wrong(name, "List host names or addresses without a port, such as turn.example.com.");
  }
  return hosts;
}

int port_of(const SettingReader& read, const std::string& name) {
  return static_cast<int>(read.number(name, 1, kMaxPort).value_or(kDefaultPort));
}

std::vector<std::string> transports_of(const SettingReader& read) {
  std::vector<std::string> transports = read.list("TURN_TRANSPORT");
  for (std::string& transport : transports) {
    transport = lower_ascii(transport);
    if (transport != "tcp" && transport != "udp") read.wrong("TURN_TRANSPORT", "Use tcp, udp, or tcp,udp.");
  }
  if (transports.empty()) transports = {"tcp"};
  return transports;
}

void add_servers(const SettingReader& read, xmpp::RelayOptions& relays) {
  const auto add = [&relays](const char* type, const std::string& host, int port, const std::string& transport) {
    relays.servers.push_back({.type = type, .host = host, .port = port, .transport = transport});
  };
  for (const std::string& host : hosts_of(read, "STUN_HOST")) add("stun", host, port_of(read, "STUN_PORT"), "udp");
  for (const std::string& host : hosts_of(read, "TURN_HOST")) {
    for (const std::string& transport : transports_of(read)) add("turn", host, port_of(read, "TURN_PORT"), transport);
  }
  for (const std::string& host : hosts_of(read, "TURNS_HOST")) add("turns", host, port_of(read, "TURNS_PORT"), "tcp");
  if (relays.servers.size() > kMaxServers)
    throw ConfigError("TURN_HOST", std::to_string(relays.servers.size()) + " servers",
                      "A browser tries them all: name at most " + std::to_string(kMaxServers) + " in all.");
}

}  // namespace

xmpp::RelayOptions read_relays(const SettingReader& read, std::vector<Notice>& notices) {
  xmpp::RelayOptions relays;
  add_servers(read, relays);
  relays.lifetime = read.duration("TURN_TTL").value_or(relays.lifetime);
  if (relays.lifetime < kLeastLifetime)
    read.wrong("TURN_TTL", "Give at least 60 seconds; a call needs it for as long as it lasts.");
  relays.secret = read.secret("TURN_CREDENTIALS").value_or("");
  relays.username = read.text("TURN_USERNAME").value_or("");
  relays.password = read.secret("TURN_PASSWORD").value_or("");
  const bool has_pair = !relays.username.empty() && !relays.password.empty();
  if (has_pair) relays.secret.clear();  // as docker has it

  const auto is_turn = [](const xmpp::ExternalService& server) { return server.type != "stun"; };
  const bool has_turn = std::ranges::any_of(relays.servers, is_turn);
  if (has_turn && has_pair) {
    notices.push_back({Notice::Kind::Warning, "TURN_PASSWORD",
                       "Everybody who is let into a meeting can read it, and use it for ever. Share a secret with the "
                       "TURN server instead: TURN_CREDENTIALS."});
  } else if (has_turn && relays.secret.empty()) {
    std::erase_if(relays.servers, is_turn);
    notices.push_back({Notice::Kind::Ignored, read.has("TURN_HOST") ? "TURN_HOST" : "TURNS_HOST",
                       "Browsers use a TURN server only with credentials: set TURN_CREDENTIALS to the secret that it "
                       "shares with us."});
  } else if (!has_turn && (read.has("TURN_CREDENTIALS") || has_pair)) {
    notices.push_back({Notice::Kind::Ignored, has_pair ? "TURN_PASSWORD" : "TURN_CREDENTIALS",
                       "No TURN server is named: set TURN_HOST or TURNS_HOST."});
  }
  return relays;
}

}  // namespace conclave::ops
