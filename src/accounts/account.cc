#include "accounts/account.h"

namespace conclave::accounts {

std::string_view role_text(Role role) {
  switch (role) {
    case Role::Unsaid:
      return "policy";
    case Role::Host:
      return "host";
    case Role::Participant:
      return "participant";
  }
  return "policy";
}

std::string subject_of(std::string_view name) {
  return "account:" + std::string(name);
}

access::Identity identity_of(const Account& account) {
  access::Identity identity;
  identity.kind = access::IdentityKind::Password;
  identity.subject = subject_of(account.name);
  switch (account.role) {
    case Role::Unsaid:
      break;
    case Role::Host:
      identity.claimed_role = access::ClaimedRole::Moderator;
      identity.proof.role_claim = "account.role=host";
      break;
    case Role::Participant:
      identity.claimed_role = access::ClaimedRole::Participant;
      identity.proof.role_claim = "account.role=participant";
      break;
  }
  identity.display = {.name = account.display_name,
                      .email = account.mail,
                      .avatar = {},
                      .user_id = account.name,
                      .group = {},
                      .verified = !account.display_name.empty()};
  identity.proof.via = access::Proof::Via::Sasl;
  return identity;
}

}  // namespace conclave::accounts
