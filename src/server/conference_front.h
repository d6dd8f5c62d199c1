#pragma once
// The conference request over HTTP: POST /conference-request/v1 and /<tenant>/conference-request/v1 (signalling.md
// 4.2). Who asks is whom his token says, or a guest: there is no stream yet.
#include "base/rate_limiter.h"
#include "focus/conference_request.h"
#include "net/http_server.h"
#include "server/cors.h"
#include "server/token_login.h"

namespace conclave::server {

struct Common;

// Of one network: so many at once, for the people behind one address who begin at the full hour, then ten a second.
inline constexpr Rate kConferenceRequests{.free = 100, .interval = std::chrono::milliseconds(100)};

// Lives on loop 0, like the HTTP servers.
class ConferenceFront {
 public:
  ConferenceFront(Common& common, const Cors& cors);

  static bool is_path(std::string_view path);
  void answer(const HttpRequest& request, HttpReply reply);

 private:
  void post(const HttpRequest& request, HttpReply reply);
  void ask(access::Identity identity, const Address& client, focus::ConferenceRequest request, HttpReply reply);

  Common& common_;
  const Cors& cors_;
  TokenLogin tokens_;
  RateLimiter asked_;  // by network; it forgets the one that is over soonest
};

}  // namespace conclave::server
