#pragma once
// Requests and responses of HTTP/1.1 (RFC 9110, RFC 9112) as values. No loop.
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/address.h"

namespace conclave {

inline constexpr std::size_t kMaxRequestHeadBytes = 16 * 1024;   // beyond: 431
inline constexpr std::size_t kMaxTargetBytes = 8 * 1024;         // beyond: 414
inline constexpr std::size_t kMaxRequestBodyBytes = 256 * 1024;  // beyond: 413
inline constexpr std::size_t kMaxHeaders = 100;                  // beyond: 431
inline constexpr std::size_t kMaxQueryParameters = 64;           // beyond: 400

using NameValue = std::pair<std::string, std::string>;

// Field names compare without case; order and repetitions are kept.
class Headers {
 public:
  Headers() = default;
  Headers(std::initializer_list<NameValue> fields) : fields_(fields) {}

  void add(std::string_view name, std::string_view value) { fields_.emplace_back(name, value); }
  void set(std::string_view name, std::string_view value);
  // The first field of that name.
  std::optional<std::string_view> find(std::string_view name) const;
  // Whether a comma-separated list field has `token` in any of its lines, without case ("Connection: keep-alive,
  // Upgrade").
  bool has_token(std::string_view name, std::string_view token) const;
  std::size_t count(std::string_view name) const;

  std::size_t size() const { return fields_.size(); }
  auto begin() const { return fields_.begin(); }
  auto end() const { return fields_.end(); }

 private:
  std::vector<NameValue> fields_;
};

struct HttpRequest {
  std::string method;  // as sent: "GET"
  std::string target;  // as sent
  // Begins with '/'. Percent-decoded once, then without empty, "." and ".." segments; valid UTF-8 without control
  // characters.
  std::string path;
  std::vector<NameValue> query;  // decoded, '+' is a space
  Headers headers;
  std::string body;
  Address peer;
  bool tls = false;

  // The first parameter of that name wins.
  std::optional<std::string_view> query_value(std::string_view name) const;
};

// Bytes that others hold, too, and nobody changes: a file in memory.
struct SharedBytes {
  std::shared_ptr<const void> owner{};
  std::string_view bytes{};
};

// Content-Length, Date and Connection are the server's business; all else is said here.
struct HttpResponse {
  int status = 200;
  Headers headers{};
  std::string body{};
  // If it has an owner, instead of `body`: sent piece by piece as the peer reads, and never copied as a whole.
  SharedBytes shared{};

  std::string_view content() const { return shared.owner ? shared.bytes : std::string_view(body); }

  static HttpResponse text(int status, std::string_view body);
  static HttpResponse html(int status, std::string_view body);
  static HttpResponse json(int status, std::string body);
  static HttpResponse bad_request(std::string_view why);
  static HttpResponse not_found();
  static HttpResponse method_not_allowed(std::string_view allow);  // "GET, HEAD"
  static HttpResponse redirect(int status, std::string_view location);
};

std::string_view http_reason(int status);
bool same_without_case(std::string_view a, std::string_view b);

}  // namespace conclave
