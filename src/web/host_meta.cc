#include "web/host_meta.h"

#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

namespace conclave::web {
namespace {

constexpr std::string_view kWebSocket = "urn:xmpp:alt-connections:websocket";
constexpr std::string_view kBosh = "urn:xmpp:alt-connections:xbosh";

std::string attribute(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&' || c == '<' || c == '>' || c == '\'' || c == '"') {
      out += "&#" + std::to_string(static_cast<int>(c)) + ";";
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace

std::optional<HttpResponse> host_meta(const HttpRequest& request, const AlternativeConnections& connections) {
  const bool json = request.path == "/.well-known/host-meta.json";
  if (!json && request.path != "/.well-known/host-meta") return std::nullopt;
  if (request.method != "GET" && request.method != "HEAD") return HttpResponse::method_not_allowed("GET, HEAD");
  std::vector<std::pair<std::string_view, std::string_view>> links;
  if (!connections.websocket.empty()) links.emplace_back(kWebSocket, connections.websocket);
  if (!connections.bosh.empty()) links.emplace_back(kBosh, connections.bosh);

  HttpResponse response;
  // XEP-0156 §3.2: clients in the browser come from other sites.
  response.headers.set("Access-Control-Allow-Origin", "*");
  response.headers.set("Cache-Control", "max-age=300");
  response.headers.set("Content-Type", json ? "application/json" : "application/xrd+xml; charset=utf-8");
  if (json) {
    nlohmann::json list = nlohmann::json::array();
    for (const auto& [rel, href] : links) list.push_back({{"rel", rel}, {"href", href}});
    response.body = nlohmann::json{{"links", std::move(list)}}.dump() + "\n";
    return response;
  }
  response.body = "<?xml version='1.0' encoding='utf-8'?>\n<XRD xmlns='http://docs.oasis-open.org/ns/xri/xrd-1.0'>\n";
  for (const auto& [rel, href] : links)
    response.body += "  <Link rel='" + attribute(rel) + "' href='" + attribute(href) + "'/>\n";
  response.body += "</XRD>\n";
  return response;
}

}  // namespace conclave::web
