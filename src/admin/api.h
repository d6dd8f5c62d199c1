#pragma once
// The way of a request through the API: from the same site? with the token? which route? is the body what was
// described? Only then its resource acts.
#include <string>
#include <string_view>

#include "admin/backend.h"
#include "net/http_server.h"

namespace conclave::admin {

inline constexpr std::string_view kPrefix = "/admin/v1/";
inline constexpr std::size_t kMaxBodyBytes = 32 * 1024;  // beyond: 413
inline constexpr std::size_t kMaxBodyDepth = 4;
inline constexpr std::size_t kMaxBodyMembers = 160;  // a room with all the owners that it may have

// Lives on loop 0, as `backend` does, which outlives it.
class Api {
 public:
  // An empty token opens to nobody.
  Api(Backend& backend, std::string token) : backend_(backend), token_(std::move(token)) {}

  // `request.path` begins with kPrefix.
  void answer(const HttpRequest& request, HttpReply reply);

 private:
  bool has_token(const HttpRequest& request) const;
  void refuse(const HttpRequest& request, const Problem& problem, HttpReply reply);

  Backend& backend_;
  std::string token_;
};

}  // namespace conclave::admin
