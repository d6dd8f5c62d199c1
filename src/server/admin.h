#pragma once
// The admin API, /admin/v1/…: what the rooms are and why everybody has his role. Behind a bearer token.
#include <string_view>

#include "net/http_server.h"

namespace conclave::server {

struct Common;

// Compares in constant time. An empty `token` opens to nobody.
bool is_admin(const HttpRequest& request, std::string_view token);

// `path` is what follows /admin/v1/. On loop 0.
//   GET  rooms                         all rooms, and those that people wait for
//   GET  rooms/<key>/explain/<nick>    why that occupant has his role
//   POST rooms/<key>/end               end for all
void answer_admin(Common& common, const HttpRequest& request, std::string_view path, HttpReply reply);

}  // namespace conclave::server
