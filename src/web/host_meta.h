#pragma once
// Where a client finds the ways in that are not TCP (XEP-0156, RFC 6415). Pure; any thread.
#include <optional>
#include <string>

#include "net/http.h"

namespace conclave::web {

struct AlternativeConnections {
  std::string websocket{};  // wss://…; empty: there is none
  std::string bosh{};       // https://…; likewise
};

// /.well-known/host-meta and host-meta.json; nothing for another path.
std::optional<HttpResponse> host_meta(const HttpRequest& request, const AlternativeConnections& connections);

}  // namespace conclave::web
