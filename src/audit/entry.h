#pragma once
// One line of the audit log. A value; any thread.
#include <string>

#include "base/time.h"

namespace conclave::audit {

// Empty members are left out of the line. Names, hashes and reasons only: never a credential.
struct Entry {
  WallTime time = {};
  std::string act;           // "request", "join", "kick", …, "login", "admin", "revoke", "reload"
  std::string kind = {};     // of the identity: "guest", "token", "password", …; "operator"
  std::string subject = {};  // stable key of the person
  std::string nick = {};
  std::string peer = {};  // address that he came from
  std::string room = {};
  std::string outcome = {};
  std::string reason = {};  // slug
  std::string rule = {};
  std::string claim = {};
  std::string setting = {};
  std::string detail = {};  // of the operator's acts: what was done to what
};

// RFC 8259, without a line break. Texts that are not UTF-8 are repaired, long ones cut off at kMaxFieldBytes.
std::string as_line(const Entry& entry);
inline constexpr std::size_t kMaxFieldBytes = 512;

}  // namespace conclave::audit
