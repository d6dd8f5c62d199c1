#include "admin/openapi.h"

#include "admin/resources.h"
#include "admin/route.h"
#include "admin/schemas.h"

namespace conclave::admin {
namespace {

constexpr int kAlways[] = {400, 401, 403, 405, 413, 415};

Json reference(std::string_view schema) {
  return {{"$ref", "#/components/schemas/" + std::string(schema)}};
}

Json content(std::string_view schema) {
  return {{"application/json", {{"schema", reference(schema)}}}};
}

Json parameters_of(const Route& route) {
  Json parameters = Json::array();
  std::string_view rest = route.path;
  for (std::size_t open = rest.find('{'); open != std::string_view::npos; open = rest.find('{')) {
    const std::size_t close = rest.find('}');
    parameters.push_back({{"name", rest.substr(open + 1, close - open - 1)},
                          {"in", "path"},
                          {"required", true},
                          {"schema", {{"type", "string"}}}});
    rest.remove_prefix(close + 1);
  }
  if (route.query.empty()) return parameters;
  const Json& query = schemas().at(std::string(route.query));
  for (const auto& [name, schema] : query.at("properties").items()) {
    parameters.push_back({{"name", name}, {"in", "query"}, {"required", false}, {"schema", schema}});
  }
  return parameters;
}

Json operation(const Route& route) {
  Json described{{"operationId", route.name}, {"summary", route.summary}};
  if (Json parameters = parameters_of(route); !parameters.empty()) described["parameters"] = std::move(parameters);
  if (!route.body.empty()) {
    const bool required = schemas().at(std::string(route.body)).contains("required");
    described["requestBody"] = {{"required", required}, {"content", content(route.body)}};
  }
  Json responses = Json::object();
  responses[std::to_string(route.status)] = {{"description", "Done"}, {"content", content(route.success)}};
  const auto add_problem = [&responses](int status) {
    responses[std::to_string(status)] = {{"description", http_reason(status)}, {"content", content("Problem")}};
  };
  for (const int status : kAlways) add_problem(status);
  for (const int status : route.errors) add_problem(status);
  described["responses"] = std::move(responses);
  return described;
}

}  // namespace

Json openapi_document() {
  Json paths = Json::object();
  for (const Route& route : routes()) {
    std::string method(route.method);
    for (char& letter : method) letter = static_cast<char>(letter - 'A' + 'a');
    paths[std::string(route.path)][method] = operation(route);
  }
  return {{"openapi", "3.1.0"},
          {"info",
           {{"title", "Conclave, for operators"},
            {"version", CONCLAVE_VERSION},
            {"description", "Rooms, reasons and revocations of a running server. No answer holds a credential."}}},
          {"servers", Json::array({{{"url", "/admin/v1"}}})},
          {"security", Json::array({{{"adminToken", Json::array()}}})},
          {"paths", std::move(paths)},
          {"components",
           {{"securitySchemes", {{"adminToken", {{"type", "http"}, {"scheme", "bearer"}}}}}, {"schemas", schemas()}}}};
}

void openapi(Call call) {
  call.reply(json_response(200, openapi_document()));
}

}  // namespace conclave::admin
