#pragma once
// Asking another HTTP server: requests and responses as values, and the interface that tests replace. HttpClient is the
// real one.
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "base/unique_function.h"
#include "net/http.h"

namespace conclave {

struct HttpClientRequest {
  static constexpr Duration kTimeout = 10s;
  static constexpr std::size_t kMaxBytes = 1024 * 1024;

  std::string method = "GET";
  std::string url{};  // absolute, http or https
  std::vector<std::pair<std::string, std::string>> headers{};
  std::string body{};
  Duration timeout = kTimeout;        // from send() to the last byte, waiting for a free place included
  std::size_t max_bytes = kMaxBytes;  // of the response's body
  std::string ca_file{};              // PEM; trusted instead of the system's roots; empty: the system's
  bool allow_private =
      true;  // false: refuse to connect to loopback, private and link-local addresses (checked after resolution)
};

// Redirects are not followed: a 3xx is a response like any other.
struct HttpClientResponse {
  int status = 0;
  Headers headers{};
  std::string body{};
};

struct HttpClientError {
  enum class Kind { BadUrl, Connect, Tls, Timeout, TooLarge, Busy, Other };
  Kind kind = Kind::Other;
  std::string
      problem{};  // "cannot connect to https://idp.example:443: connection refused"; no path, query, header or body
};

class HttpFetcher {
 public:
  using Reply = UniqueFunction<void(Result<HttpClientResponse, HttpClientError>)>;
  virtual ~HttpFetcher() = default;
  // On the fetcher's loop. The reply comes there, once, in a later turn; never if the fetcher is destroyed before.
  virtual void send(HttpClientRequest request, Reply reply) = 0;
};

}  // namespace conclave
