#include "net/http_target.h"

#include <algorithm>

namespace conclave {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

enum class Plus { Literal, Space };

std::optional<std::string> percent_decode(std::string_view text, Plus plus) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      if (i + 2 >= text.size() || hex_digit(text[i + 1]) < 0 || hex_digit(text[i + 2]) < 0) return std::nullopt;
      c = static_cast<char>(hex_digit(text[i + 1]) << 4 | hex_digit(text[i + 2]));
      i += 2;
    } else if (c == '+' && plus == Plus::Space) {
      c = ' ';
    }
    result.push_back(c);
  }
  const bool control = std::any_of(result.begin(), result.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f;
  });
  if (control || !is_utf8(result)) return std::nullopt;
  return result;
}

// After decoding, so that %2e%2e and %2f are what they look like to a file system.
std::optional<std::string> normalised(std::string_view path) {
  std::vector<std::string_view> segments;
  std::string_view rest = path;
  bool ends_open = false;  // the last segment was empty, "." or ".."
  while (!rest.empty()) {
    const auto slash = rest.find('/');
    const std::string_view segment = rest.substr(0, slash);
    rest = slash == std::string_view::npos ? std::string_view{} : rest.substr(slash + 1);
    ends_open = segment.empty() || segment == "." || segment == ".." || (rest.empty() && slash != std::string_view::npos);
    if (segment.empty() || segment == ".") continue;
    if (segment == "..") {
      if (segments.empty()) return std::nullopt;
      segments.pop_back();
      continue;
    }
    segments.push_back(segment);
  }
  std::string result;
  for (const auto segment : segments) result.append("/").append(segment);
  if (result.empty() || ends_open) result.push_back('/');
  return result;
}

std::optional<std::vector<NameValue>> parse_query(std::string_view text) {
  std::vector<NameValue> result;
  while (!text.empty()) {
    const auto end = text.find('&');
    const std::string_view pair = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    if (pair.empty()) continue;
    if (result.size() == kMaxQueryParameters) return std::nullopt;
    const auto equals = pair.find('=');
    auto name = percent_decode(pair.substr(0, equals), Plus::Space);
    auto value = percent_decode(equals == std::string_view::npos ? std::string_view{} : pair.substr(equals + 1), Plus::Space);
    if (!name || !value) return std::nullopt;
    result.emplace_back(std::move(*name), std::move(*value));
  }
  return result;
}

}  // namespace

bool is_utf8(std::string_view text) {
  const auto byte_at = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  std::size_t i = 0;
  while (i < text.size()) {
    const unsigned char lead = byte_at(i);
    if (lead < 0x80) {
      ++i;
      continue;
    }
    const std::size_t length = lead >= 0xc2 && lead <= 0xdf ? 2 : (lead & 0xf0) == 0xe0 ? 3 : lead >= 0xf0 && lead <= 0xf4 ? 4 : 0;
    if (length == 0 || text.size() - i < length) return false;
    const unsigned char second = byte_at(i + 1);
    if (lead == 0xe0 && second < 0xa0) return false;
    if (lead == 0xed && second > 0x9f) return false;
    if (lead == 0xf0 && second < 0x90) return false;
    if (lead == 0xf4 && second > 0x8f) return false;
    for (std::size_t k = 1; k < length; ++k) {
      if ((byte_at(i + k) & 0xc0) != 0x80) return false;
    }
    i += length;
  }
  return true;
}

std::optional<HttpTarget> parse_http_target(std::string_view target) {
  if (target == "*") return HttpTarget{.path = "*", .query = {}};
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!same_without_case(target.substr(0, scheme.size()), scheme)) continue;
    target.remove_prefix(scheme.size());
    const auto path_at = target.find_first_of("/?");
    target = path_at == std::string_view::npos ? std::string_view("/") : target.substr(path_at);
    if (target.front() == '?') return std::nullopt;
    break;
  }
  if (target.empty() || target.front() != '/') return std::nullopt;
  target = target.substr(0, target.find('#'));
  const auto question = target.find('?');
  auto decoded = percent_decode(target.substr(0, question), Plus::Literal);
  if (!decoded) return std::nullopt;
  auto path = normalised(*decoded);
  auto query = parse_query(question == std::string_view::npos ? std::string_view{} : target.substr(question + 1));
  if (!path || !query) return std::nullopt;
  return HttpTarget{.path = std::move(*path), .query = std::move(*query)};
}

}  // namespace conclave
