#include "access/identity.h"

#include "access/digest.h"

namespace conclave::access {

std::string_view kind_text(IdentityKind kind) {
  switch (kind) {
    case IdentityKind::Guest:
      return "guest";
    case IdentityKind::Token:
      return "token";
    case IdentityKind::Password:
      return "password";
    case IdentityKind::Ldap:
      return "ldap";
    case IdentityKind::Service:
      return "service";
  }
  return "guest";
}

std::string_view claimed_role_text(ClaimedRole role) {
  switch (role) {
    case ClaimedRole::Unsaid:
      return "unsaid";
    case ClaimedRole::Moderator:
      return "moderator";
    case ClaimedRole::Participant:
      return "participant";
    case ClaimedRole::Visitor:
      return "visitor";
  }
  return "unsaid";
}

std::string giver_name(std::string_view subject) {
  return sha256_hex(subject);
}

Identity guest(std::string_view key) {
  Identity identity;
  identity.subject = "guest:" + std::string(key);
  return identity;
}

Identity guest(std::string_view key, Proof::Ticket ticket) {
  Identity identity = guest(key);
  identity.proof.ticket = ticket;
  return identity;
}

Identity guest_instead(const Identity& of, std::string_view key) {
  Identity identity = guest(key);
  identity.proof.peer = of.proof.peer;
  return identity;
}

}  // namespace conclave::access
