#pragma once
// What both ways to an issuer's keys are made of: the source, what it may sign with, and a question over HTTP.
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "access/signature.h"
#include "keys/answer.h"
#include "keys/issuer_keys.h"
#include "keys/key_source.h"
#include "loop/pinned.h"
#include "net/http_fetcher.h"

namespace conclave::keys {

// Lives on the loop of its KeyFetcher, which owns it.
class FetchedKeys : public IssuerKeys, public Pinned {
 public:
  static constexpr Duration kTimeout = 10s;  // of one fetch
  using Changed = std::function<void()>;

  // `changed`: keys() is another; called on the loop, never from want() itself.
  FetchedKeys(Loop& loop, HttpFetcher& http, KeySource source, std::vector<access::Algorithm> algorithms,
              KeyCounters& counters, Changed changed);

 protected:
  const KeySource& source() const { return source_; }
  const std::vector<access::Algorithm>& algorithms() const { return algorithms_; }
  KeyCounters& counters() { return counters_; }
  void changed() { changed_(); }

  // An HTTP answer with what it says about how long it is good.
  struct Fetched {
    Result<std::string, NoKeys> body;
    std::optional<std::chrono::seconds> max_age;
  };
  struct Question {
    std::string url;
    std::string_view accept;
    std::size_t max_bytes;
  };
  // Counted. `answered` comes in a later turn, or never once this is gone, as after a reload of the settings.
  void get(Question question, UniqueFunction<void(Fetched)> answered);

 private:
  HttpFetcher& http_;
  const KeySource source_;
  const std::vector<access::Algorithm> algorithms_;
  KeyCounters& counters_;
  Changed changed_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace conclave::keys
