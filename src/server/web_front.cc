#include "server/web_front.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "server/channels.h"
#include "server/metrics.h"
#include "server/single_sign_on.h"
#include "server/station.h"
#include "xmpp/binding/websocket_binding.h"

namespace conclave::server {
namespace {

std::string web_root(const ops::Settings& settings) {
  return settings.web_root ? settings.web_root->string() : std::string(CONCLAVE_WEB_ROOT);
}

// A room, or a room of a tenant: one or two segments that look like no file.
bool is_room_path(std::string_view path) {
  if (path.size() < 2 || path.ends_with('/')) return false;
  const std::size_t second = path.find('/', 1);
  if (second != std::string_view::npos && path.find('/', second + 1) != std::string_view::npos) return false;
  const std::string_view last = path.substr(path.rfind('/') + 1);
  static constexpr std::string_view kFileEndings[] = {".js",  ".css", ".map",  ".html", ".ico",
                                                      ".png", ".svg", ".json", ".txt",  ".woff2"};
  for (const std::string_view ending : kFileEndings) {
    if (last.ends_with(ending)) return false;
  }
  return true;
}

void add_security_headers(HttpResponse& response) {
  response.headers.set("X-Content-Type-Options", "nosniff");
  // A token may stand in the address of a page: it must not travel on.
  response.headers.set("Referrer-Policy", "no-referrer");
}

HttpResponse config_js(const ops::Settings& settings, const Common& common) {
  nlohmann::json config{
      {"hosts", {{"domain", common.names.domain}, {"muc", common.names.muc}, {"focus", common.names.focus}}},
      {"websocket", common.channel_origin + "/xmpp-websocket"},
      {"focusUserJid", common.names.focus_user},
      {"bridgeChannel", {{"preferSctp", false}}},
      {"p2p", {{"enabled", false}}},
      {"enableUserRolesBasedOnToken", false},
      {"tokenLoginOnly", !settings.policies.base.auth.password && !settings.policies.base.auth.ldap}};
  if (common.single_sign_on != nullptr) common.single_sign_on->add_to_config(config);
  HttpResponse response;
  response.headers.set("Content-Type", "text/javascript; charset=utf-8");
  response.headers.set("Cache-Control", "no-cache");
  response.body = "var config = " + config.dump(2) + ";\n";
  return response;
}

}  // namespace

WebFront::WebFront(const ops::Settings& settings, Common& common, admin::Api& admin)
    : settings_(settings), common_(common), admin_(admin), files_(web_root(settings)) {}

void WebFront::request_later(const HttpRequest& request, HttpReply next) {
  HttpReply reply = [next = std::move(next)](HttpResponse response) mutable {
    add_security_headers(response);
    next(std::move(response));
  };
  const bool of_admin = request.path.starts_with(admin::kPrefix);
  if (of_admin || (common_.single_sign_on != nullptr && request.path.starts_with(oidc::kPathPrefix))) {
    HttpRequest from_client = request;
    from_client.peer = common_.proxies.origin_of(request).client;
    if (of_admin) return admin_.answer(from_client, std::move(reply));
    return common_.single_sign_on->request(from_client, std::move(reply));
  }
  if (request.path == "/metrics") {
    if (request.method != "GET" && request.method != "HEAD")
      return reply(HttpResponse::method_not_allowed("GET, HEAD"));
    return gather_metrics(common_, std::move(reply));
  }
  reply(this->request(request));
}

HttpResponse WebFront::request(const HttpRequest& request) {
  return page(request);
}

HttpResponse WebFront::page(const HttpRequest& request) {
  if (request.path == "/about/health")
    return HttpResponse::json(200, R"({"status":"ok","version":")" CONCLAVE_VERSION "\"}\n");
  if (request.path == "/config.js" || request.path.ends_with("/config.js")) return config_js(settings_, common_);
  if (xmpp::is_xmpp_websocket_path(request.path) || request.path.starts_with("/colibri-ws/")) {
    // Stock clients keep connections warm with plain requests to this address (signalling.md 1.4).
    return HttpResponse::bad_request("this address wants a WebSocket");
  }
  if (auto file = files_.serve(request.path, request)) return std::move(*file);
  if (is_room_path(request.path)) {
    if (auto index = files_.serve("/index.html", request)) return std::move(*index);
    return HttpResponse::text(
        503,
        "The web client is not built: run ./run, or set CONCLAVE_WEB_ROOT to a directory that has an index.html.\n");
  }
  return HttpResponse::not_found();
}

UpgradeDecision WebFront::upgrade(const HttpRequest& request) {
  if (xmpp::is_xmpp_websocket_path(request.path)) {
    const auto room =
        access::canonical_room(request.query_value("room").value_or(""), request.query_value("prefix").value_or(""));
    // A connection is brought to its room's loop; one that names none is as good anywhere.
    const LoopId home = room ? common_.station_of(*room).loop().id() : LoopId{0};
    return xmpp::decide_upgrade(request, home, static_cast<std::uint32_t>(common_.stations.size()));
  }
  const auto channel = read_channel_path(request);
  if (!channel || channel->loop >= common_.stations.size()) return HttpResponse::not_found();
  return UpgradeAccept{.subprotocol = {}, .loop = LoopId{channel->loop}, .options = {}};
}

// A channel's password is known to the loop of its endpoint alone. The socket arrives there a moment later, and is
// looked at again.
void WebFront::upgrade_later(const HttpRequest& request, UpgradeReply reply) {
  UpgradeDecision decision = upgrade(request);
  const auto* accept = std::get_if<UpgradeAccept>(&decision);
  auto channel = accept != nullptr ? read_channel_path(request) : std::nullopt;
  if (!channel) return reply(std::move(decision));
  Station& home = *common_.stations[channel->loop];
  home.run([&home, &front = *common_.stations.front(), channel = std::move(*channel), decision = std::move(decision),
            reply = std::move(reply)]() mutable {
    if (!home.sfu().would_open_channel(channel.conference, channel.endpoint, channel.password))
      decision = HttpResponse::text(403, "authentication failed\n");
    front.run([decision = std::move(decision), reply = std::move(reply)]() mutable { reply(std::move(decision)); });
  });
}

void WebFront::websocket(Loop& home, HttpRequest request, std::unique_ptr<WebSocket> socket) {
  Station& station = *common_.stations[home.id().value];
  if (xmpp::is_xmpp_websocket_path(request.path)) {
    station.accept_stream(request, std::move(socket));
  } else {
    station.accept_channel(request, std::move(socket));
  }
}

}  // namespace conclave::server
