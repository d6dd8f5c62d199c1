#include "oidc/source_limit.h"

#include "base/network.h"

namespace conclave::oidc {

bool SourceLimit::allows(const Address& from, TimePoint now) {
  constexpr Rate kRate{.free = kPerMinute, .interval = Duration(60s) / kPerMinute};
  return limiter_.take(now, {{network_of(from), kRate}}).has_value();
}

}  // namespace conclave::oidc
