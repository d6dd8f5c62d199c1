#pragma once
// What the HTTP ports answer: the web client, its configuration, health, numbers, the admin API, and which upgrades are
// taken.
#include <optional>
#include <string>
#include <string_view>

#include "admin/api.h"
#include "net/http_server.h"
#include "ops/settings.h"
#include "server/bosh_front.h"
#include "server/client_config.h"
#include "server/colibri_stats.h"
#include "server/conference_front.h"
#include "server/cors.h"
#include "web/site.h"

namespace conclave::server {

struct Common;

// Lives on loop 0, like the HTTP servers; websocket() alone is called on the loop that upgrade() chose.
class WebFront final : public HttpHandler {
 public:
  WebFront(const ops::Settings& settings, Common& common, admin::Api& admin);

  // What needs neither a disk nor another loop: health, host-meta.
  HttpResponse request(const HttpRequest& request) override;
  void request_later(const HttpRequest& request, HttpReply reply) override;
  void long_request(const HttpRequest& request, HttpReply reply, const std::shared_ptr<HttpGone>& gone) override;
  UpgradeDecision upgrade(const HttpRequest& request) override;
  void upgrade_later(const HttpRequest& request, UpgradeReply reply) override;
  void websocket(Loop& home, HttpRequest request, std::unique_ptr<WebSocket> socket) override;

 private:
  std::optional<HttpResponse> fixed_answer(const HttpRequest& request) const;
  // Of all loops, for everybody who reaches the port: no names of rooms or people.
  void numbers(const HttpRequest& request, HttpReply reply);
  std::optional<HttpResponse> to_https(const HttpRequest& request) const;

  const ops::Settings& settings_;
  Common& common_;
  admin::Api& admin_;
  ClientConfig config_;
  web::Site site_;
  ColibriStats statistics_;
  Cors cors_;
  BoshFront bosh_;
  ConferenceFront conferences_;
};

}  // namespace conclave::server
