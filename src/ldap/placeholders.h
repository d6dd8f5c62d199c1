#pragma once
// The placeholders of saslauthd's filters, which docker installations use: filled in, and escaped for where they stand.
//
//   %u  user as typed                 %1–%9  the domain's parts from the right: %1 = com of example.com
//   %U  its part before the first @   %s     service
//   %d  its part after it, else       %r     realm
//       the realm                     %D     DN of the user's entry      %%  a percent sign
//
// Pure; any thread.
#include <optional>
#include <string>
#include <string_view>

namespace conclave::ldap {

struct Insertions {
  std::string_view user;
  std::string_view realm;
  std::string_view service = "xmpp";
  std::string_view dn = {};  // empty while it is not known
};

// RFC 4515 §3: every octet that a filter could take for syntax becomes \xx, NUL and bytes above 127 too.
std::string filter_value(std::string_view text);
// RFC 4514 §2.4.
std::string dn_value(std::string_view text);

// Each insertion is one value of a filter or of a DN: whatever the user typed, the pattern's structure stays.
std::string expand_filter(std::string_view pattern, const Insertions& insertions);
std::string expand_dn(std::string_view pattern, const Insertions& insertions);

// The first placeholder that does not exist ("%x", or "%" at the end); nothing if all do.
std::optional<std::string> unknown_placeholder(std::string_view pattern);
bool uses_placeholder(std::string_view pattern, char letter);

// "uid=%u" -> "(uid=%u)".
std::string with_brackets(std::string_view filter);

}  // namespace conclave::ldap
