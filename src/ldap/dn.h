#pragma once
// One spelling for each distinguished name (RFC 4514), so that one entry is one person. Any thread.
#include <optional>
#include <string>
#include <string_view>

namespace conclave::ldap {

// Parsed and written again: no optional blanks, one way of escaping, ASCII letters in lower case, the parts of a
// multi-valued RDN in order. Nothing if it is no DN. The empty DN is one: the root.
std::optional<std::string> normalised_dn(std::string_view dn);

}  // namespace conclave::ldap
