#include "keys/answer.h"

#include <algorithm>
#include <charconv>

namespace conclave::keys {
namespace {

constexpr std::int64_t kLongestSeconds = 365LL * 24 * 60 * 60;

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

std::optional<std::int64_t> number(std::string_view text) {
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') text = text.substr(1, text.size() - 2);
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end != text.data() + text.size() || text.empty() || value < 0) return std::nullopt;
  return error == std::errc::result_out_of_range ? kLongestSeconds : std::min(value, kLongestSeconds);
}

}  // namespace

Result<std::string, NoKeys> body_of(Result<HttpClientResponse, HttpClientError> answer) {
  if (!answer) return failure(NoKeys{std::move(answer.error().problem), false});
  const int status = answer->status;
  if (status == 200 && !answer->body.empty()) return std::move(answer->body);
  if (status == 200) return failure(NoKeys{"it answered with nothing", true});
  return failure(NoKeys{"it answered " + std::to_string(status), status < 500 && status != 429});
}

std::optional<std::chrono::seconds> max_age(const Headers& headers) {
  const auto field = headers.find("Cache-Control");
  if (!field) return std::nullopt;
  std::optional<std::chrono::seconds> age;
  for (std::string_view rest = *field; !rest.empty();) {
    const std::size_t comma = rest.find(',');
    const std::string_view directive = trimmed(rest.substr(0, comma));
    rest = comma == std::string_view::npos ? std::string_view{} : rest.substr(comma + 1);
    const std::size_t equals = directive.find('=');
    const std::string_view name = trimmed(directive.substr(0, equals));
    if (same_without_case(name, "no-store") || same_without_case(name, "no-cache")) return std::chrono::seconds(0);
    if (!same_without_case(name, "max-age") || equals == std::string_view::npos) continue;
    if (const auto seconds = number(trimmed(directive.substr(equals + 1)))) age = std::chrono::seconds(*seconds);
  }
  return age;
}

}  // namespace conclave::keys
