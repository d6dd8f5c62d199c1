#pragma once
// How many logins one address may begin or end in a minute. Not thread-safe; no clock.
#include <cstddef>
#include <string>
#include <unordered_map>

#include "base/address.h"
#include "base/time.h"

namespace conclave::oidc {

class SourceLimit {
 public:
  static constexpr unsigned kPerMinute = 60;          // a login is two; a school behind one address has many people
  static constexpr std::size_t kMaxSources = 20'000;  // then addresses not yet seen wait for the next minute

  // IPv6 counts by /64, which is what one subscriber has.
  bool allows(const Address& from, TimePoint now);

 private:
  TimePoint minute_begins_{};
  std::unordered_map<std::string, unsigned> counts_;
};

}  // namespace conclave::oidc
