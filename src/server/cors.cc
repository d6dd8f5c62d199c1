#include "server/cors.h"

#include <algorithm>

namespace conclave::server {

void Cors::allow(std::string_view origin, HttpResponse& response) const {
  if (std::ranges::count(origins_, "*") > 0) {
    response.headers.set("Access-Control-Allow-Origin", "*");
    return;
  }
  response.headers.set("Vary", "Origin");
  if (!origin.empty() && std::ranges::count(origins_, origin) > 0) {
    response.headers.set("Access-Control-Allow-Origin", origin);
  }
}

HttpResponse Cors::preflight() {
  HttpResponse response{.status = 204};
  response.headers.set("Access-Control-Allow-Methods", "POST, OPTIONS");
  response.headers.set("Access-Control-Allow-Headers", "Authorization, Content-Type");
  response.headers.set("Access-Control-Max-Age", "7200");
  return response;
}

}  // namespace conclave::server
