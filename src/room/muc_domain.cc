#include "room/muc_domain.h"

namespace conclave::room {
namespace {
constexpr std::string_view kPrefixes[] = {"conference.", "muc."};
}

MucDomain::MucDomain(std::string_view muc_domain) : domain_(muc_domain.substr(muc_domain.find('.') + 1)) {}

std::optional<std::string_view> MucDomain::tenant_of(std::string_view host) const {
  for (const std::string_view prefix : kPrefixes) {
    if (!host.starts_with(prefix)) continue;
    std::string_view rest = host.substr(prefix.size());
    if (rest == domain_) return std::string_view{};
    if (rest.size() <= domain_.size() + 1 || !rest.ends_with(domain_)) continue;
    rest.remove_suffix(domain_.size());
    if (!rest.ends_with('.')) continue;
    rest.remove_suffix(1);
    return rest;
  }
  return std::nullopt;
}

Result<access::RoomName, access::NameError> MucDomain::room_at(const xmpp::Jid& address) const {
  return access::room_from_node(address.node, tenant_of(address.domain).value_or(""));
}

}  // namespace conclave::room
