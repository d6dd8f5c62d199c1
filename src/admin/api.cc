#include "admin/api.h"

#include <charconv>
#include <optional>
#include <vector>

#include "access/json_check.h"
#include "admin/route.h"
#include "admin/schema.h"
#include "admin/schemas.h"
#include "base/same_secret.h"

namespace conclave::admin {
namespace {

std::vector<std::string_view> segments(std::string_view path) {
  std::vector<std::string_view> parts;
  while (!path.empty()) {
    const std::size_t slash = path.find('/');
    if (slash != 0) parts.push_back(path.substr(0, slash));
    if (slash == std::string_view::npos) break;
    path.remove_prefix(slash + 1);
  }
  return parts;
}

// The values of the template's {names}, if the path is one of the template.
std::optional<std::vector<std::string>> match(std::string_view pattern, const std::vector<std::string_view>& path) {
  const std::vector<std::string_view> wanted = segments(pattern);
  if (wanted.size() != path.size()) return std::nullopt;
  std::vector<std::string> values;
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (wanted[i].starts_with('{')) {
      values.emplace_back(path[i]);
    } else if (wanted[i] != path[i]) {
      return std::nullopt;
    }
  }
  return values;
}

// A page of another site must not reach this API through an operator's browser, whatever it knows. Programs send no
// Origin; a page of this very host does (behind a proxy that ends TLS its scheme is not ours).
bool is_foreign(const HttpRequest& request) {
  const auto site = request.headers.find("Sec-Fetch-Site");
  if (site && *site != "same-origin" && *site != "none") return true;
  const auto origin = request.headers.find("Origin");
  if (!origin) return false;
  const std::string host(request.headers.find("Host").value_or(""));
  return host.empty() || (*origin != "https://" + host && *origin != "http://" + host);
}

bool is_json(const HttpRequest& request) {
  const std::string_view type = request.headers.find("Content-Type").value_or("");
  return same_without_case(type.substr(0, type.find(';')), "application/json");
}

std::optional<Problem> wrong_body(const Route& route, const HttpRequest& request, Json& body) {
  if (request.body.empty() && !schemas().at(std::string(route.body)).contains("required")) return std::nullopt;
  if (request.body.size() > kMaxBodyBytes) {
    return Problem{413, "The body is too large.", "At most " + std::to_string(kMaxBodyBytes) + " bytes are read."};
  }
  if (!is_json(request)) return Problem{415, "The body is not JSON.", "Send it with Content-Type: application/json."};
  if (!access::strict_json(request.body, kMaxBodyDepth, kMaxBodyMembers)) {
    return Problem{400, "The body is not well-formed JSON.",
                   "No member twice, no NUL, UTF-8, at most " + std::to_string(kMaxBodyMembers) + " values."};
  }
  body = Json::parse(request.body);
  return std::nullopt;
}

Json query_of(const HttpRequest& request) {
  Json query = Json::object();
  for (const auto& [name, value] : request.query) {
    if (query.contains(name)) continue;  // the first counts
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    const bool numeric = error == std::errc{} && end == value.data() + value.size();
    query[name] = numeric ? Json(number) : Json(value);
  }
  return query;
}

std::optional<Problem> unfit(std::string_view schema, const Json& value, const std::string& at) {
  auto wrong = objection(schemas().at(std::string(schema)), value, at);
  if (!wrong) return std::nullopt;
  return Problem{400, *std::move(wrong), "See " + std::string(schema) + " in GET /admin/v1/openapi.json."};
}

struct Found {
  const Route* route = nullptr;
  std::vector<std::string> parameters;
  std::string allowed;  // methods of that path
};

Found find(const HttpRequest& request) {
  const std::vector<std::string_view> path = segments(std::string_view(request.path).substr(kPrefix.size() - 1));
  Found found;
  for (const Route& route : routes()) {
    auto parameters = match(route.path, path);
    if (!parameters) continue;
    found.allowed += (found.allowed.empty() ? "" : ", ") + std::string(route.method);
    if (route.method != request.method) continue;
    found.route = &route;
    found.parameters = *std::move(parameters);
  }
  return found;
}

}  // namespace

bool Api::has_token(const HttpRequest& request) const {
  constexpr std::string_view kScheme = "Bearer ";
  const std::string_view given = request.headers.find("Authorization").value_or("");
  if (token_.empty() || request.headers.count("Authorization") != 1 || !given.starts_with(kScheme)) return false;
  return same_secret(token_, given.substr(kScheme.size()));
}

void Api::refuse(const HttpRequest& request, const Problem& problem, HttpReply reply) {
  backend_.audit("admin", problem.status == 401 ? "no-token" : "foreign-origin", request.peer.ip(), {});
  HttpResponse response = problem_response(problem);
  if (problem.status == 401) response.headers.set("WWW-Authenticate", "Bearer");
  reply(std::move(response));
}

void Api::answer(const HttpRequest& request, HttpReply reply) {
  if (is_foreign(request)) {
    return refuse(request, {403, "This came from a page of another site.", "Use a program, not a browser's page."},
                  std::move(reply));
  }
  if (!has_token(request)) {
    return refuse(request,
                  {401, "The admin token is missing or wrong.",
                   "Authorization: Bearer …; the token is in the file admin-token of the data directory, or was set "
                   "with CONCLAVE_ADMIN_TOKEN."},
                  std::move(reply));
  }
  Found found = find(request);
  if (found.allowed.empty()) {
    return reply(
        problem_response({404, "There is no such address.", "GET /admin/v1/openapi.json lists all there are."}));
  }
  if (!found.route) {
    HttpResponse response =
        problem_response({405, "That address does not take this method.", "It takes " + found.allowed + "."});
    response.headers.set("Allow", found.allowed);
    return reply(std::move(response));
  }
  const Route& route = *found.route;
  Call call{.backend = backend_, .parameters = std::move(found.parameters), .reply = {}};
  call.wants_text = request.headers.find("Accept").value_or("").starts_with("text/plain");
  if (!route.query.empty()) {
    call.query = query_of(request);
    if (const auto problem = unfit(route.query, call.query, "query")) return reply(problem_response(*problem));
  }
  if (!route.body.empty()) {
    auto problem = wrong_body(route, request, call.body);
    if (!problem) problem = unfit(route.body, call.body, "body");
    if (problem) return reply(problem_response(*problem));
  }
  if (!route.changes) {
    call.reply = std::move(reply);
  } else {
    call.reply = [this, reply = std::move(reply), &route, peer = request.peer.ip(),
                  parameters = call.parameters](HttpResponse response) mutable {
      std::string detail(route.name);
      for (const std::string& parameter : parameters) detail += " " + parameter;
      backend_.audit("admin", response.status < 300 ? "done" : "refused", peer, detail);
      reply(std::move(response));
    };
  }
  route.handle(std::move(call));
}

}  // namespace conclave::admin
