#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace conclave::sasl {

// RFC 4616: [authzid] NUL authcid NUL passwd. As sent, not prepared.
struct PlainMessage {
  std::string authzid;
  std::string username;
  std::string password;
};
// Nothing unless there are exactly two NULs, a name and a password.
std::optional<PlainMessage> parse_plain(std::string_view message);

}  // namespace conclave::sasl
