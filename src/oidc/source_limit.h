#pragma once
// How many logins one network may begin or end in a minute. Not thread-safe; no clock.
#include <cstddef>

#include "base/address.h"
#include "base/rate_limiter.h"

namespace conclave::oidc {

class SourceLimit {
 public:
  static constexpr unsigned kPerMinute = 60;          // a login is two; a school behind one address has many people
  static constexpr std::size_t kMaxSources = 20'000;  // then the one that is over soonest is forgotten

  bool allows(const Address& from, TimePoint now);

 private:
  RateLimiter limiter_{{.max_keys = kMaxSources}};
};

}  // namespace conclave::oidc
