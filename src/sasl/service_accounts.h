#pragma once
// Machines with a password from the settings: recorder, SIP gateway, bridge (environment.md, "Security"). They log in
// at one domain only, are of kind Service, and what they may do decides access:: as for everybody. Immutable; any
// thread.
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "access/identity.h"
#include "base/random.h"
#include "sasl/decoy_keys.h"
#include "sasl/scram_directory.h"

namespace conclave::sasl {

struct ServiceAccount {
  std::string name;      // prepared
  std::string password;  // prepared
  std::string domain;    // lower case
};

// access::Identity::subject of a service.
std::string service_subject(std::string_view name, std::string_view domain);

class ServiceAccounts {
 public:
  ServiceAccounts() = default;
  // Derives keys: some milliseconds an account.
  ServiceAccounts(const std::vector<ServiceAccount>& accounts, Random& random);

  bool any_at(std::string_view domain) const;
  // Whether the name is a service's at that domain, so that nobody else is asked about it.
  bool has(std::string_view domain, std::string_view name) const;
  // In constant time.
  std::optional<access::Identity> check(std::string_view domain, std::string_view name,
                                        std::string_view password) const;
  // For a name that has(): its keys.
  ScramRecord record(std::string_view domain, std::string_view name, ScramHash hash) const;

 private:
  struct Entry {
    std::string password_digest;
    ScramKeys sha1;
    ScramKeys sha256;
  };
  std::map<std::pair<std::string, std::string>, Entry> entries_;  // by domain and name
};

}  // namespace conclave::sasl
