#include "sasl/plain.h"

#include <algorithm>

namespace conclave::sasl {

std::optional<PlainMessage> parse_plain(std::string_view message) {
  if (std::ranges::count(message, '\0') != 2) return std::nullopt;
  const std::size_t first = message.find('\0');
  const std::size_t second = message.find('\0', first + 1);
  PlainMessage parsed{.authzid = std::string(message.substr(0, first)),
                      .username = std::string(message.substr(first + 1, second - first - 1)),
                      .password = std::string(message.substr(second + 1))};
  if (parsed.username.empty() || parsed.password.empty()) return std::nullopt;
  return parsed;
}

}  // namespace conclave::sasl
