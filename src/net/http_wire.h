#pragma once
// Responses as bytes. No loop.
#include <string>

#include "base/time.h"
#include "net/http.h"

namespace conclave {

struct ResponseFraming {
  bool keep_alive = true;
  bool is_http_1_1 = true;
  bool head_only = false;  // the request was HEAD: the length of the body without the body
  WallTime date;
};
// RFC 9110 §6.4.1: whatever is in it, nothing follows its head.
bool is_bodiless(const HttpResponse& response);
// Without the bytes that it shares with others.
std::string serialise(const HttpResponse& response, const ResponseFraming& framing);

}  // namespace conclave
