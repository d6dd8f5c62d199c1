#pragma once
// A local account. A value; any thread.
#include <cstdint>
#include <string>
#include <string_view>

#include "access/identity.h"

namespace conclave::accounts {

enum class Role {
  Unsaid,  // the policy decides (MODERATORS)
  Host,
  Participant,
};
std::string_view role_text(Role role);  // "policy", "host", "participant"

struct Account {
  std::string name;  // prepared: sasl/prepare.h
  Role role = Role::Unsaid;
  bool locked = false;
  std::string display_name = {};
  std::string mail = {};
};

// Who logs in with it (access.md 4.2). The role that the account says is claimed; what it comes to says the policy.
access::Identity identity_of(const Account& account);
std::string subject_of(std::string_view name);  // "account:<name>"

}  // namespace conclave::accounts
