#include "server/bosh_front.h"

#include <utility>

#include "server/station.h"
#include "xmpp/binding/stream_request.h"
#include "xmpp/stream_management.h"

namespace conclave::server {
namespace {

constexpr std::string_view kMethods = "GET, HEAD, OPTIONS, POST";

HttpResponse as_http(xmpp::bosh::Response response) {
  HttpResponse http{.status = response.status, .body = std::move(response.body)};
  http.headers.set("Content-Type", response.content_type);
  http.headers.set("Cache-Control", "no-store");
  return http;
}

HttpResponse refusal(std::string_view condition) {
  return as_http({.body = xmpp::bosh::terminate_body(condition)});
}

}  // namespace

void BoshFront::answer(const HttpRequest& request, HttpReply next, HttpGone& gone) {
  HttpReply reply = [this, origin = std::string(request.headers.find("origin").value_or("")),
                     next = std::move(next)](HttpResponse response) mutable {
    cors_.allow(origin, response);
    next(std::move(response));
  };
  if (request.method == "POST") return post(request, std::move(reply), gone);
  if (request.method == "OPTIONS") return reply(Cors::preflight());
  if (request.method == "GET" || request.method == "HEAD") {
    return reply(HttpResponse::text(200, "This address is for XMPP over BOSH (XEP-0206): it wants a POST.\n"));
  }
  reply(HttpResponse::method_not_allowed(kMethods));
}

// What cannot be read names no session, so none of them suffers. The content type is not looked at: a page that is left
// says goodbye with a beacon, which is text/plain.
void BoshFront::post(const HttpRequest& request, HttpReply reply, HttpGone& gone) {
  auto element = parser_.parse(request.body);
  if (!element) return reply(refusal("bad-request"));
  auto body = xmpp::bosh::read_body(std::move(*element));
  HttpRequest seen_through = request;
  const TrustedProxies::Origin origin = common_.proxies.origin_of(request);
  seen_through.peer = origin.client;
  seen_through.tls = origin.confidential;
  auto shown = xmpp::stream_request(seen_through);
  if (!body || !shown) return reply(refusal("bad-request"));

  const auto loops = static_cast<std::uint32_t>(common_.stations.size());
  LoopId home{0};
  if (body->sid.empty()) {
    const auto room = access::canonical_room(shown->room, shown->prefix);
    home = xmpp::home_of(*shown, room ? common_.station_of(*room).loop().id() : LoopId{0}, loops);
  } else {
    const auto named = xmpp::loop_of_resumption_id(body->sid);
    if (!named || named->value >= loops) return reply(refusal("item-not-found"));
    home = *named;
  }

  Station& station = *common_.stations[home.value];
  const xmpp::bosh::HttpId id{next_request_++};
  gone.then = [&station, id] { station.run([&station, id] { station.bosh().abandoned(id); }); };
  station.run([&station, &front = *common_.stations.front(), id, body = std::move(*body), shown = std::move(*shown),
               reply = std::move(reply)]() mutable {
    station.bosh().receive(id, std::move(body), std::move(shown),
                           [&front, reply = std::move(reply)](xmpp::bosh::Response response) mutable {
                             front.run([response = std::move(response), reply = std::move(reply)]() mutable {
                               reply(as_http(std::move(response)));
                             });
                           });
  });
}

}  // namespace conclave::server
