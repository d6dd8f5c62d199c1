#include "access/used_tokens.h"

namespace conclave::access {

bool UsedTokens::use(const Identity& identity, WallTime now) {
  while (!ends_.empty() && ends_.begin()->first <= now) {
    used_.erase(ends_.begin()->second);
    ends_.erase(ends_.begin());
  }
  if (!identity.scope.until || used_.size() >= kMaxUsed) return false;
  const Id id{identity.proof.issuer, identity.proof.jti};
  if (!used_.insert(id).second) return false;
  ends_.emplace(*identity.scope.until, id);
  return true;
}

bool UsedTokens::was_used(const Identity& identity) const {
  return used_.contains({identity.proof.issuer, identity.proof.jti});
}

}  // namespace conclave::access
