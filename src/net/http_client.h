#pragma once
// The HTTP/1.1 client, on libcurl's multi interface: http and https only, certificates always verified, no redirects,
// no proxies from the environment, no cookies, nothing written to the log.
#include <cstddef>
#include <memory>

#include "loop/pinned.h"
#include "loop/uv_loop.h"
#include "net/http_fetcher.h"

namespace conclave {

struct HttpClientOptions {
  static constexpr std::size_t kMaxRunning = 16;
  static constexpr std::size_t kMaxQueued = 256;

  std::size_t max_running = kMaxRunning;
  std::size_t max_queued = kMaxQueued;  // beyond: Kind::Busy
};

// Lives on one loop, where it is made and destroyed (or before the loop runs and after it stopped). Names are resolved
// in threads of libcurl, so nothing blocks the loop.
class HttpClient final : public HttpFetcher, public Pinned {
 public:
  // Of a response's head, all its fields together; beyond: Kind::TooLarge.
  static constexpr std::size_t kMaxHeadBytes = 64 * 1024;

  explicit HttpClient(UvLoop& loop, HttpClientOptions options = {});
  ~HttpClient() override;  // drops what is under way; its replies are not called

  void send(HttpClientRequest request, Reply reply) override;
  std::size_t running() const;
  std::size_t queued() const;

 private:
  class Core;
  std::shared_ptr<Core> core_;
};

}  // namespace conclave
