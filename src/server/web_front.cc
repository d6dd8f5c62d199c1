#include "server/web_front.h"

#include <utility>

#include "server/channels.h"
#include "server/metrics.h"
#include "server/single_sign_on.h"
#include "server/station.h"
#include "web/host_meta.h"
#include "xmpp/binding/stream_request.h"
#include "xmpp/binding/websocket_binding.h"

namespace conclave::server {
namespace {

web::SiteOptions site_options(const ops::Settings& settings) {
  return {.directory = settings.web_root ? settings.web_root->string() : std::string(CONCLAVE_WEB_ROOT),
          .tenants = settings.web.tenants,
          .public_host = ops::public_host(settings),
          .shared_origin = settings.web.shared_origin,
          .interface_config = settings.client.custom_interface_config};
}

constexpr std::string_view kMetrics = "/metrics";
constexpr std::string_view kColibriStats = "/colibri/stats";
// A second name of the route of the admin API.
constexpr std::string_view kDebugRoom = "/debug/room/";

// RFC 6797 §6.1: two years, as stock installations say.
constexpr std::string_view kStrictTransport = "max-age=63072000";

void add_security_headers(HttpResponse& response, const ops::Settings& settings, bool tls) {
  response.headers.set("X-Content-Type-Options", "nosniff");
  // A token may stand in the address of a page: it must not travel on.
  response.headers.set("Referrer-Policy", "no-referrer");
  // §7.2: not over plain HTTP.
  if (tls && settings.web.hsts) response.headers.set("Strict-Transport-Security", kStrictTransport);
  if (!settings.web.content_security_policy.empty())
    response.headers.set("Content-Security-Policy", settings.web.content_security_policy);
  if (!settings.web.shard.empty()) response.headers.set("X-Jitsi-Shard", settings.web.shard);
}

}  // namespace

WebFront::WebFront(const ops::Settings& settings, Common& common, admin::Api& admin)
    : settings_(settings),
      common_(common),
      admin_(admin),
      config_(settings, common),
      site_(common.stations.front()->loop(), site_options(settings),
            [this](std::string_view tenant) { return config_.script(tenant); }),
      statistics_(common, settings.web.region),
      cors_(settings.transports.cors_origins),
      bosh_(common, cors_),
      conferences_(common, cors_) {}

void WebFront::request_later(const HttpRequest& request, HttpReply next) {
  HttpReply reply = [this, tls = request.tls, next = std::move(next)](HttpResponse response) mutable {
    add_security_headers(response, settings_, tls);
    next(std::move(response));
  };
  if (request.path.starts_with(admin::kPrefix)) {
    HttpRequest from_client = request;
    from_client.peer = common_.proxies.origin_of(request).client;
    return admin_.answer(from_client, std::move(reply));
  }
  if (request.path.starts_with(kDebugRoom)) {
    HttpRequest for_admin = request;
    for_admin.path = std::string(admin::kPrefix) + request.path.substr(1);
    for_admin.peer = common_.proxies.origin_of(request).client;
    return admin_.answer(for_admin, std::move(reply));
  }
  if (request.path == kMetrics || request.path == kColibriStats) return numbers(request, std::move(reply));
  if (auto answer = fixed_answer(request)) return reply(*std::move(answer));
  if (ConferenceFront::is_path(request.path)) return conferences_.answer(request, std::move(reply));
  if (auto elsewhere = to_https(request)) return reply(*std::move(elsewhere));
  if (common_.single_sign_on != nullptr && request.path.starts_with(oidc::kPathPrefix)) {
    HttpRequest from_client = request;
    from_client.peer = common_.proxies.origin_of(request).client;
    return common_.single_sign_on->request(from_client, std::move(reply));
  }
  site_.serve(request, std::move(reply));
}

void WebFront::numbers(const HttpRequest& request, HttpReply reply) {
  if (request.method != "GET" && request.method != "HEAD") return reply(HttpResponse::method_not_allowed("GET, HEAD"));
  if (request.path == kColibriStats) return statistics_.answer(std::move(reply));
  gather_metrics(common_, metric_dialect(request.headers.find("Accept").value_or("")), std::move(reply));
}

void WebFront::long_request(const HttpRequest& request, HttpReply reply, const std::shared_ptr<HttpGone>& gone) {
  if (!xmpp::is_bosh_path(request.path)) return request_later(request, std::move(reply));
  bosh_.answer(
      request,
      [this, tls = request.tls, next = std::move(reply)](HttpResponse response) mutable {
        add_security_headers(response, settings_, tls);
        next(std::move(response));
      },
      *gone);
}

HttpResponse WebFront::request(const HttpRequest& request) {
  return fixed_answer(request).value_or(HttpResponse::not_found());
}

// What programs ask for, over either port.
std::optional<HttpResponse> WebFront::fixed_answer(const HttpRequest& request) const {
  if (request.path == "/about/health")
    return HttpResponse::json(200, R"({"status":"ok","version":")" CONCLAVE_VERSION "\"}\n");
  // Stock clients keep connections warm with plain requests to this address, each minute or two (signalling.md 1.4): an
  // error would stand in the console of each browser.
  if (xmpp::is_xmpp_websocket_path(request.path))
    return HttpResponse::text(200, "XMPP over WebSocket is spoken here.\n");
  if (request.path.starts_with("/colibri-ws/")) return HttpResponse::bad_request("this address wants a WebSocket");
  const std::string& origin = common_.channel_origin;  // wss:// or ws://: https:// and http:// for BOSH
  return web::host_meta(request,
                        {.websocket = settings_.transports.websocket ? origin + "/xmpp-websocket" : std::string(),
                         .bosh = "http" + origin.substr(2) + "/" + std::string(xmpp::kBoshSegment)});
}

// To the public address and no other: a Host header is not asked.
std::optional<HttpResponse> WebFront::to_https(const HttpRequest& request) const {
  if (request.tls || !settings_.web.redirect_to_https || !settings_.https) return std::nullopt;
  if (request.method != "GET" && request.method != "HEAD") return std::nullopt;
  if (request.path.starts_with("/.well-known/acme-challenge/")) return std::nullopt;
  constexpr std::string_view kWss = "wss://";
  if (!common_.channel_origin.starts_with(kWss)) return std::nullopt;
  const std::string origin = "https://" + common_.channel_origin.substr(kWss.size());
  return HttpResponse::redirect(301, origin + (request.target.starts_with('/') ? request.target : request.path));
}

UpgradeDecision WebFront::upgrade(const HttpRequest& request) {
  if (xmpp::is_xmpp_websocket_path(request.path)) {
    if (!settings_.transports.websocket) return HttpResponse::not_found();
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
