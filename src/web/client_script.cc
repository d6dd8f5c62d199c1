#include "web/client_script.h"

#include <nlohmann/json.hpp>

namespace conclave::web {

std::string assignment(std::string_view name, const nlohmann::json& value) {
  constexpr int kIndent = 2;
  constexpr bool kAsciiOnly = true;  // U+2028 ends a line in JavaScript before 2019
  const std::string json = value.dump(kIndent, ' ', kAsciiOnly, nlohmann::json::error_handler_t::replace);
  std::string out = "var " + std::string(name) + " = ";
  for (const char c : json) {
    // Outside of texts JSON has neither.
    if (c == '<') {
      out += "\\u003c";
    } else if (c == '>') {
      out += "\\u003e";
    } else {
      out += c;
    }
  }
  return out + ";\n";
}

}  // namespace conclave::web
