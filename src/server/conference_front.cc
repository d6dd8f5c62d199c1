#include "server/conference_front.h"

#include <string>
#include <utility>

#include "base/network.h"
#include "focus/conference_http.h"
#include "server/conference_requests.h"
#include "server/station.h"
#include "xmpp/binding/stream_request.h"

namespace conclave::server {
namespace {

constexpr std::string_view kPath = "/conference-request/v1";

HttpResponse as_response(focus::HttpConferenceAnswer answer) {
  HttpResponse response{.status = answer.status, .body = std::move(answer.body)};
  response.headers.set("Content-Type", answer.content_type);
  // A ticket may be in it.
  response.headers.set("Cache-Control", "no-store");
  return response;
}

}  // namespace

ConferenceFront::ConferenceFront(Common& common, const Cors& cors)
    : common_(common),
      cors_(cors),
      tokens_(common.stations.front()->loop(), *common.token_desk,
              [&front = *common.stations.front()] { return front.rules().verifier; }) {}

bool ConferenceFront::is_path(std::string_view path) {
  if (!path.ends_with(kPath)) return false;
  const std::string_view before = path.substr(0, path.size() - kPath.size());
  return before.empty() || (before.starts_with('/') && before.find('/', 1) == std::string_view::npos);
}

void ConferenceFront::answer(const HttpRequest& request, HttpReply next) {
  HttpReply reply = [this, origin = std::string(request.headers.find("origin").value_or("")),
                     next = std::move(next)](HttpResponse response) mutable {
    cors_.allow(origin, response);
    next(std::move(response));
  };
  if (request.method == "POST") return post(request, std::move(reply));
  if (request.method == "OPTIONS") return reply(Cors::preflight());
  reply(HttpResponse::method_not_allowed("OPTIONS, POST"));
}

void ConferenceFront::post(const HttpRequest& request, HttpReply reply) {
  // Before anything is read, or a signature is checked.
  const Address client = common_.proxies.origin_of(request).client;
  if (!asked_.take(common_.stations.front()->loop().now(), {{network_of(client), kConferenceRequests}})) {
    HttpResponse later = HttpResponse::text(429, "Too many conference requests from this network.\n");
    later.headers.set("Retry-After", "1");
    return reply(std::move(later));
  }
  if (request.body.size() > focus::kMaxConferenceBody)
    return reply(HttpResponse::text(413, "This is more than a conference request.\n"));
  if (auto breakout = focus::breakout_asked_for(request.body, common_.names.components.breakout_rooms)) {
    return reply(as_response(
        focus::as_http({.room_address = std::move(*breakout), .focus_jid = common_.names.focus_user, .identity = {}})));
  }
  auto asked = focus::read_conference_request(request.body, common_.names.muc_domain);
  if (!asked) return reply(HttpResponse::text(400, "Bad request: " + asked.error() + "\n"));
  const auto shown = xmpp::stream_request(request);
  if (!shown) return reply(HttpResponse::text(400, "Bad request: a value is too long.\n"));
  const access::AuthMethods& auth = common_.stations.front()->rules().policies.base.auth;
  // Where tokens do not count, one that is shown is not looked at, as on a stream.
  if (shown->token.empty() || !auth.token) return ask(access::guest(""), client, *std::move(asked), std::move(reply));
  tokens_.look(shown->token, [this, client, asked = *std::move(asked),
                              reply = std::move(reply)](TokenLogin::Answer identity) mutable {
    if (!identity) return reply(HttpResponse::text(403, identity.error().sentence + "\n"));
    ask(*std::move(identity), client, std::move(asked), std::move(reply));
  });
}

void ConferenceFront::ask(access::Identity identity, const Address& client, focus::ConferenceRequest request,
                          HttpReply reply) {
  Station& front = *common_.stations.front();
  if (front.is_revoked(identity)) return reply(HttpResponse::text(403, "This token was revoked.\n"));
  identity.proof.peer = client.str();
  room::Visitor visitor{.sender = {}, .identity = std::move(identity), .peer = network_of(client)};
  handle_conference_request_ahead(
      common_, std::move(visitor), std::move(request),
      [&front, reply = std::move(reply)](const focus::ConferenceAnswer& answer) mutable {
        front.run([reply = std::move(reply), response = as_response(focus::as_http(answer))]() mutable {
          reply(std::move(response));
        });
      });
}

}  // namespace conclave::server
