#include "keys/fetched_keys.h"

#include <utility>

namespace conclave::keys {

FetchedKeys::FetchedKeys(Loop& loop, HttpFetcher& http, KeySource source, std::vector<access::Algorithm> algorithms,
                         KeyCounters& counters, Changed changed)
    : Pinned(loop),
      http_(http),
      source_(std::move(source)),
      algorithms_(std::move(algorithms)),
      counters_(counters),
      changed_(std::move(changed)) {}

void FetchedKeys::get(Question question, UniqueFunction<void(Fetched)> answered) {
  assert_here();
  counters_.fetches.add();
  HttpClientRequest request;
  request.url = std::move(question.url);
  request.headers = {{"Accept", std::string(question.accept)}};
  request.timeout = kTimeout;
  request.max_bytes = question.max_bytes;
  request.ca_file = source_.ca_file;
  http_.send(std::move(request), [alive = std::weak_ptr(alive_), answered = std::move(answered)](
                                     Result<HttpClientResponse, HttpClientError> answer) mutable {
    if (alive.expired()) return;
    const auto age = answer ? max_age(answer->headers) : std::nullopt;
    answered({.body = body_of(std::move(answer)), .max_age = age});
  });
}

}  // namespace conclave::keys
