#pragma once
// What a key server's HTTP answer is worth. Pure; any thread.
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "net/http_fetcher.h"

namespace conclave::keys {

struct NoKeys {
  std::string problem;      // for the log; holds nothing that the server sent
  bool definitive = false;  // the server has spoken: there is no such key. Else it may yet answer.
};

// The body of a 200; everything else has no keys in it (an empty 204, a redirect, an error page).
Result<std::string, NoKeys> body_of(Result<HttpClientResponse, HttpClientError> answer);

// max-age of Cache-Control (RFC 9111 §5.2.2.1); 0 for no-store and no-cache; absent if nothing is said.
std::optional<std::chrono::seconds> max_age(const Headers& headers);

}  // namespace conclave::keys
