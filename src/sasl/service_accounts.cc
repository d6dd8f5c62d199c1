#include "sasl/service_accounts.h"

#include <algorithm>

namespace conclave::sasl {
namespace {

access::Identity identity_of(std::string_view domain, std::string_view name) {
  access::Identity identity;
  identity.kind = access::IdentityKind::Service;
  identity.subject = service_subject(name, domain);
  identity.proof.via = access::Proof::Via::Sasl;
  return identity;
}

}  // namespace

std::string service_subject(std::string_view name, std::string_view domain) {
  return "service:" + std::string(name) + "@" + std::string(domain);
}

ServiceAccounts::ServiceAccounts(const std::vector<ServiceAccount>& accounts, Random& random) {
  for (const ServiceAccount& account : accounts) {
    Entry entry{.password_digest = scram_digest(ScramHash::Sha256, account.password),
                .sha1 = make_keys(ScramHash::Sha1, account.password, random),
                .sha256 = make_keys(ScramHash::Sha256, account.password, random)};
    entries_.insert_or_assign({account.domain, account.name}, std::move(entry));
  }
}

bool ServiceAccounts::any_at(std::string_view domain) const {
  return std::ranges::any_of(entries_, [&](const auto& entry) { return entry.first.first == domain; });
}

bool ServiceAccounts::has(std::string_view domain, std::string_view name) const {
  return entries_.contains({std::string(domain), std::string(name)});
}

std::optional<access::Identity> ServiceAccounts::check(std::string_view domain, std::string_view name,
                                                       std::string_view password) const {
  const auto found = entries_.find({std::string(domain), std::string(name)});
  const std::string given = scram_digest(ScramHash::Sha256, password);  // also for a name that is nobody's
  const bool right = found != entries_.end() && same_bytes(given, found->second.password_digest);
  return right ? std::optional(identity_of(domain, name)) : std::nullopt;
}

ScramRecord ServiceAccounts::record(std::string_view domain, std::string_view name, ScramHash hash) const {
  const Entry& entry = entries_.at({std::string(domain), std::string(name)});
  return {.keys = hash == ScramHash::Sha1 ? entry.sha1 : entry.sha256, .identity = identity_of(domain, name)};
}

}  // namespace conclave::sasl
