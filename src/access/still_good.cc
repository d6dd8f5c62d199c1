#include "access/still_good.h"

namespace conclave::access {

bool is_still_good(const Identity& identity, const Rules& rules) {
  const AuthMethods& auth = rules.policies.base.auth;
  switch (identity.kind) {
    case IdentityKind::Token:
      // Where tokens are not looked at no issuer is left but that of personal links.
      return rules.verifier->issuer(identity.proof.issuer) != nullptr;
    case IdentityKind::Password:
      return auth.password;
    case IdentityKind::Ldap:
      return auth.ldap;
    case IdentityKind::Guest:
    case IdentityKind::Service:
      return true;
  }
  return false;
}

bool is_still_good(const Grant& grant, const RoomName& room, const Rules& rules, WallTime now) {
  if (!is_still_good(grant.identity, rules)) return false;
  const Policy& policy = rules.policies.for_room(room);
  const bool of_account = grant.identity.kind == IdentityKind::Password || grant.identity.kind == IdentityKind::Ldap;
  if (!of_account) return policy.reload != Reload::Off;
  if (!policy.auto_login && !grant.ends_with_meeting) return false;
  // It slides: it was last shown at until - slides, and a shorter life counts from there.
  return !grant.until || now < *grant.until - grant.slides + policy.ticket_lifetime;
}

}  // namespace conclave::access
