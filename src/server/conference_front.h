#pragma once
// The conference request over HTTP: POST /conference-request/v1 and /<tenant>/conference-request/v1 (signalling.md
// 4.2). Who asks is whom his token says, or a guest: there is no stream yet.
#include "focus/conference_request.h"
#include "net/http_server.h"
#include "server/cors.h"
#include "server/token_login.h"

namespace conclave::server {

struct Common;

// Lives on loop 0, like the HTTP servers.
class ConferenceFront {
 public:
  ConferenceFront(Common& common, const Cors& cors);

  static bool is_path(std::string_view path);
  void answer(const HttpRequest& request, HttpReply reply);

 private:
  void post(const HttpRequest& request, HttpReply reply);
  void ask(access::Identity identity, const std::string& peer, focus::ConferenceRequest request, HttpReply reply);

  Common& common_;
  const Cors& cors_;
  TokenLogin tokens_;
};

}  // namespace conclave::server
