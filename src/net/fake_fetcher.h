#pragma once
// For tests: a HttpFetcher that keeps what was sent until the test answers.
#include <deque>
#include <utility>

#include "base/check.h"
#include "net/http_fetcher.h"

namespace conclave {

class FakeFetcher final : public HttpFetcher {
 public:
  void send(HttpClientRequest request, Reply reply) override { sent.push_back({std::move(request), std::move(reply)}); }

  // The oldest one that was not answered.
  HttpClientRequest& next() {
    CONCLAVE_CHECK(!sent.empty());
    return sent.front().first;
  }
  void answer(int status, std::string body, Headers headers = {}) {
    take()(HttpClientResponse{.status = status, .headers = std::move(headers), .body = std::move(body)});
  }
  void fail(HttpClientError::Kind kind) { take()(failure(HttpClientError{kind, "on purpose"})); }

  std::deque<std::pair<HttpClientRequest, Reply>> sent;

 private:
  Reply take() {
    CONCLAVE_CHECK(!sent.empty());
    Reply reply = std::move(sent.front().second);
    sent.pop_front();
    return reply;
  }
};

}  // namespace conclave
