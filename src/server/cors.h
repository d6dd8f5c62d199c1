#pragma once
// Which pages of other origins may ask here, and what they are told first (the CORS protocol of the Fetch standard).
// Nothing that is answered depends on a cookie, so that "*" is no door of its own.
#include <string>
#include <string_view>
#include <vector>

#include "net/http.h"

namespace conclave::server {

class Cors {
 public:
  // "*" among the origins: all.
  explicit Cors(std::vector<std::string> origins) : origins_(std::move(origins)) {}

  // `origin` as the request says it; empty: it says none.
  void allow(std::string_view origin, HttpResponse& response) const;
  // The answer to OPTIONS, for an address that takes a POST.
  static HttpResponse preflight();

 private:
  std::vector<std::string> origins_;
};

}  // namespace conclave::server
