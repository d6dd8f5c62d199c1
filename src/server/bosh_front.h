#pragma once
// BOSH over HTTP: /http-bind and /<tenant>/http-bind (signalling.md 1.3). Reads bodies, brings each to the loop of its
// session, and lets pages of other origins in.
#include <cstdint>

#include "net/http_server.h"
#include "server/cors.h"
#include "xmpp/bosh/body.h"
#include "xmpp/parser.h"

namespace conclave::server {

struct Common;

// Lives on loop 0, like the HTTP servers.
class BoshFront {
 public:
  BoshFront(Common& common, const Cors& cors) : common_(common), cors_(cors) {}

  void answer(const HttpRequest& request, HttpReply reply, HttpGone& gone);

 private:
  void post(const HttpRequest& request, HttpReply reply, HttpGone& gone);

  Common& common_;
  const Cors& cors_;
  xmpp::Parser parser_;
  std::uint64_t next_request_ = 1;
};

}  // namespace conclave::server
