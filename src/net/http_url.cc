#include "net/http_url.h"

#include <curl/curl.h>

#include <algorithm>
#include <memory>

namespace conclave {
namespace {

struct UrlFree {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
  void operator()(char* text) const { curl_free(text); }
};

std::optional<std::string> part(CURLU* url, CURLUPart which) {
  char* text = nullptr;
  if (curl_url_get(url, which, &text, CURLU_DEFAULT_PORT) != CURLUE_OK) return std::nullopt;
  return std::unique_ptr<char, UrlFree>(text).get();
}

}  // namespace

std::optional<HttpUrl> parse_http_url(const std::string& text) {
  const auto blank = [](char c) { return static_cast<unsigned char>(c) <= 0x20 || c == 0x7f; };
  if (std::ranges::any_of(text, blank)) return std::nullopt;
  const std::unique_ptr<CURLU, UrlFree> url(curl_url());
  if (curl_url_set(url.get(), CURLUPART_URL, text.c_str(), 0) != CURLUE_OK) return std::nullopt;
  HttpUrl parts;
  parts.scheme = part(url.get(), CURLUPART_SCHEME).value_or("");
  parts.host = part(url.get(), CURLUPART_HOST).value_or("");
  if ((parts.scheme != "https" && parts.scheme != "http") || parts.host.empty()) return std::nullopt;
  for (char& c : parts.host) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  parts.port = static_cast<std::uint16_t>(std::stoul(part(url.get(), CURLUPART_PORT).value_or("0")));
  parts.path = part(url.get(), CURLUPART_PATH).value_or("/");
  const auto query = part(url.get(), CURLUPART_QUERY);
  parts.query = query.value_or("");
  parts.has_query = query.has_value();
  parts.has_fragment = part(url.get(), CURLUPART_FRAGMENT).has_value();
  parts.has_user = part(url.get(), CURLUPART_USER).has_value() || part(url.get(), CURLUPART_PASSWORD).has_value();
  return parts;
}

std::string percent_encode(std::string_view text) {
  static constexpr char kHex[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' ||
                       c == '.' || c == '_' || c == '~';
    if (plain) {
      out += c;
      continue;
    }
    out += '%';
    out += kHex[static_cast<unsigned char>(c) >> 4];
    out += kHex[static_cast<unsigned char>(c) & 15];
  }
  return out;
}

}  // namespace conclave
