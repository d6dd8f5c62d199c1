#pragma once
// Hosts of the MUC service (signalling.md 1.6): conference.<d>, docker's name muc.<d> for it, and
// conference.<tenant>.<d> for the rooms of a tenant. Pure.
#include <optional>
#include <string>
#include <string_view>

#include "access/room_name.h"
#include "base/result.h"
#include "xmpp/jid.h"

namespace conclave::room {

class MucDomain {
 public:
  // `muc_domain` is conference.<d>.
  explicit MucDomain(std::string_view muc_domain);

  // The tenant that `host` names, empty for none; nothing if the host is not of this service.
  std::optional<std::string_view> tenant_of(std::string_view host) const;
  bool serves(std::string_view host) const { return tenant_of(host).has_value(); }
  // The room at `address`, whose domain must be served.
  Result<access::RoomName, access::NameError> room_at(const xmpp::Jid& address) const;

 private:
  std::string domain_;  // <d>
};

}  // namespace conclave::room
