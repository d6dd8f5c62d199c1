#pragma once
// An absolute http or https URL (RFC 3986) taken apart. Pure; any thread.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace conclave {

struct HttpUrl {
  std::string scheme{};  // "http" or "https"
  std::string host{};    // lower case; IPv6 in brackets
  std::uint16_t port = 0;
  std::string path{};   // begins with '/', as it was written
  std::string query{};  // without '?'
  bool has_query = false;
  bool has_fragment = false;
  bool has_user = false;

  // "https://idp.example:443": all of a URL that may be told to others.
  std::string origin() const { return scheme + "://" + host + ":" + std::to_string(port); }
};

// Nothing for another scheme, a missing host, white space or control characters.
std::optional<HttpUrl> parse_http_url(const std::string& text);

// RFC 3986 §2.3: all but the unreserved characters becomes %XX. Good for a query's value, a form's, and a path's
// segment.
std::string percent_encode(std::string_view text);

}  // namespace conclave
