#pragma once
// Accounts and machines that log in with a password, from docker's names (environment.md, "Security"), and whom we
// believe about where a connection comes from.
#include <string>
#include <vector>

#include "net/trusted_proxies.h"
#include "sasl/service_accounts.h"
#include "service/options.h"

namespace conclave::ops {

class SettingReader;
struct Notice;

inline constexpr std::size_t kMinServicePasswordLength = 12;

struct AccountSettings {
  std::vector<sasl::ServiceAccount> services;
  service::Options attached;
  TrustedProxies proxies;
};

// Throws ConfigError for a service password that is published, short, or another's too, and for a proxy that is no
// address.
AccountSettings read_account_settings(const SettingReader& read, const std::string& xmpp_domain);

}  // namespace conclave::ops
