#include "ops/addresses.h"

#include <algorithm>

#include "net/private_address.h"
#include "ops/config_error.h"
#include "ops/setting_reader.h"

namespace conclave::ops {
namespace {

// "192.0.2.1" or, as docker takes it, "192.0.2.1#10000" with a port of its own.
std::optional<Address> address_in(std::string_view text) {
  const std::size_t hash = text.find('#');
  if (hash == std::string_view::npos) return Address::parse(text, 0);
  const auto port = whole_number_of(text.substr(hash + 1));
  if (!port || *port == 0 || *port > 65535) return std::nullopt;
  return Address::parse(text.substr(0, hash), static_cast<std::uint16_t>(*port));
}

}  // namespace

Address bind_address(const Settings& settings) {
  const auto address = Address::parse(settings.bind_address, 0);
  if (!address)
    throw ConfigError("CONCLAVE_BIND", settings.bind_address,
                      "Give an IPv4 or IPv6 address of this machine, or 0.0.0.0 for all of them.");
  return *address;
}

std::vector<Address> advertised(const Settings& settings) {
  std::vector<Address> addresses;
  for (const std::string& text : settings.advertise_ips) {
    const auto address = address_in(text);
    if (!address)
      throw ConfigError("JVB_ADVERTISE_IPS", text,
                        "Give IP addresses separated by commas, each with a #port of its own if need be.");
    addresses.push_back(*address);
  }
  return addresses;
}

std::vector<Address> media_addresses(const Settings& settings, std::vector<Address> of_machine) {
  std::vector<Address> addresses = advertised(settings);
  const bool said = !addresses.empty();
  if (!said) addresses = std::move(of_machine);
  const bool any_public = std::ranges::any_of(addresses, [](const Address& address) { return !is_private_address(address); });
  if (settings.media.require_public && !any_public) {
    throw ConfigError("JVB_REQUIRE_VALID_ADDRESS", "1",
                      "None of our addresses can be reached from the internet. Say the public one with JVB_ADVERTISE_IPS, or do "
                      "not require it.");
  }
  if (!settings.media.advertise_private && any_public && !said) std::erase_if(addresses, is_private_address);
  return addresses;
}

std::uint16_t public_port(const Settings& settings) {
  const std::string& url = settings.public_url;
  const std::size_t host = url.find("://") + 3;
  const std::size_t colon = url.rfind(':');
  if (colon != std::string::npos && colon > host && url.find(']', colon) == std::string::npos) {
    if (const auto port = whole_number_of(url.substr(colon + 1))) return static_cast<std::uint16_t>(*port);
  }
  return url.starts_with("http://") ? 80 : 443;
}

}  // namespace conclave::ops
