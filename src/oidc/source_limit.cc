#include "oidc/source_limit.h"

namespace conclave::oidc {

bool SourceLimit::allows(const Address& from, TimePoint now) {
  if (counts_.empty() || now >= minute_begins_ + 60s) {
    counts_.clear();
    minute_begins_ = now;
  }
  const auto bytes = from.ip_bytes();
  const std::string source(reinterpret_cast<const char*>(bytes.data()), from.is_v4() ? bytes.size() : 8);
  const auto at = counts_.find(source);
  if (at == counts_.end() && counts_.size() >= kMaxSources) return false;
  return ++counts_[source] <= kPerMinute;
}

}  // namespace conclave::oidc
