#pragma once
// One login, from name and password to what the directory knows about the person. Blocks: for a worker thread only.
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/identity.h"
#include "base/result.h"
#include "ldap/directory_options.h"
#include "ldap/tls_context.h"
#include "sasl/password_check.h"

namespace conclave::ldap {

struct Attempt {
  std::string user;  // as typed
  std::string password;
  std::vector<std::size_t> servers;  // indices of DirectoryOptions::urls, in the order in which they are tried
};

struct Found {
  Result<access::Identity, sasl::PasswordFailure> result;
  std::vector<std::size_t> failed;  // servers that did not answer, or not as they should
};

// What no directory is asked about: empty, too long, with NUL or other control characters in the name.
bool is_worth_asking(std::string_view user);
bool is_worth_asking(std::string_view user, std::string_view password);

// What a login needs to know besides itself. Made once; any thread.
struct Place {
  DirectoryOptions options;
  std::optional<TlsContext> tls;  // absent: none of the servers speaks it
};

Found look_up(const Place& place, const Attempt& attempt);
// The same for somebody who is only asked about: as whoever may search sees him; attempt.password is not looked at.
Found look_at(const Place& place, const Attempt& attempt);

}  // namespace conclave::ldap
