#pragma once
// BOSH over HTTP: /http-bind and /<tenant>/http-bind (signalling.md 1.3). Reads bodies, brings each to the loop of its
// session, and lets pages of other origins in.
#include <cstdint>
#include <string>
#include <vector>

#include "net/http_server.h"
#include "xmpp/bosh/body.h"
#include "xmpp/parser.h"

namespace conclave::server {

struct Common;

// Lives on loop 0, like the HTTP servers.
class BoshFront {
 public:
  // `origins`: the pages that may ask; "*" among them: all. Nothing depends on a cookie, so that is no door of its own.
  BoshFront(Common& common, std::vector<std::string> origins);

  void answer(const HttpRequest& request, HttpReply reply, HttpGone& gone);

 private:
  void post(const HttpRequest& request, HttpReply reply, HttpGone& gone);
  // `origin` as the request says it; empty: it says none.
  void allow_origin(std::string_view origin, HttpResponse& response) const;

  Common& common_;
  const std::vector<std::string> origins_;
  xmpp::Parser parser_;
  std::uint64_t next_request_ = 1;
};

}  // namespace conclave::server
