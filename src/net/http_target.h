#pragma once
// The request target (RFC 9112 §3.2) taken apart. No loop.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/http.h"

namespace conclave {

struct HttpTarget {
  std::string path;
  std::vector<NameValue> query;
};

// Origin form, absolute form and "*". Nothing for a target that is malformed, decodes to control characters or invalid UTF-8, climbs above the
// root, or has more than kMaxQueryParameters.
std::optional<HttpTarget> parse_http_target(std::string_view target);

// Overlong forms, surrogates and values above U+10FFFF are refused (RFC 3629 §3).
bool is_utf8(std::string_view text);

}  // namespace conclave
