#include "net/http.h"

#include <algorithm>

namespace conclave {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

HttpResponse with_type(int status, std::string_view type, std::string body) {
  return {.status = status, .headers = {{"Content-Type", std::string(type)}}, .body = std::move(body)};
}

}  // namespace

bool same_without_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

void Headers::set(std::string_view name, std::string_view value) {
  std::erase_if(fields_, [&](const NameValue& field) { return same_without_case(field.first, name); });
  add(name, value);
}

std::optional<std::string_view> Headers::find(std::string_view name) const {
  for (const auto& [field, value] : fields_) {
    if (same_without_case(field, name)) return value;
  }
  return std::nullopt;
}

bool Headers::has_token(std::string_view name, std::string_view token) const {
  for (const auto& [field, value] : fields_) {
    if (!same_without_case(field, name)) continue;
    std::string_view rest = value;
    while (!rest.empty()) {
      const auto comma = rest.find(',');
      if (same_without_case(trimmed(rest.substr(0, comma)), token)) return true;
      rest = comma == std::string_view::npos ? std::string_view{} : rest.substr(comma + 1);
    }
  }
  return false;
}

std::size_t Headers::count(std::string_view name) const {
  return static_cast<std::size_t>(
      std::count_if(fields_.begin(), fields_.end(), [&](const NameValue& field) { return same_without_case(field.first, name); }));
}

std::optional<std::string_view> HttpRequest::query_value(std::string_view name) const {
  for (const auto& [parameter, value] : query) {
    if (parameter == name) return value;
  }
  return std::nullopt;
}

HttpResponse HttpResponse::text(int status, std::string_view body) {
  return with_type(status, "text/plain; charset=utf-8", std::string(body));
}
HttpResponse HttpResponse::html(int status, std::string_view body) {
  return with_type(status, "text/html; charset=utf-8", std::string(body));
}
HttpResponse HttpResponse::json(int status, std::string body) { return with_type(status, "application/json", std::move(body)); }
HttpResponse HttpResponse::bad_request(std::string_view why) { return text(400, std::string(why) + "\n"); }
HttpResponse HttpResponse::not_found() { return text(404, "Not found\n"); }

HttpResponse HttpResponse::method_not_allowed(std::string_view allow) {
  HttpResponse response = text(405, "Method not allowed\n");
  response.headers.add("Allow", allow);
  return response;
}

HttpResponse HttpResponse::redirect(int status, std::string_view location) {
  HttpResponse response = text(status, "");
  response.headers.add("Location", location);
  return response;
}

std::string_view http_reason(int status) {
  switch (status) {
    case 100: return "Continue";
    case 101: return "Switching Protocols";
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 206: return "Partial Content";
    case 301: return "Moved Permanently";
    case 302: return "Found";
    case 303: return "See Other";
    case 304: return "Not Modified";
    case 307: return "Temporary Redirect";
    case 308: return "Permanent Redirect";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 410: return "Gone";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 415: return "Unsupported Media Type";
    case 416: return "Range Not Satisfiable";
    case 422: return "Unprocessable Content";
    case 426: return "Upgrade Required";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 503: return "Service Unavailable";
    default: return "Unknown";
  }
}

}  // namespace conclave
