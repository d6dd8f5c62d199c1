#include "sfu/bwe/standing_queue.h"

#include <algorithm>

namespace conclave::bwe {

void StandingQueue::update(TimePoint now, const std::vector<PacketFate>& fates) {
  const std::int64_t second = std::chrono::floor<std::chrono::seconds>(now.time_since_epoch()).count();
  Second& current = seconds_[static_cast<std::size_t>(second) % kSeconds];
  std::optional<Duration> least_now;
  for (const PacketFate& fate : fates) {
    if (!fate.arrived) continue;
    const Duration way = *fate.arrived - fate.sent.time_since_epoch();
    least_now = least_now ? std::min(*least_now, way) : way;
  }
  if (!least_now) return;
  if (current.second != second) current = {second, *least_now};
  current.least = std::min(current.least, *least_now);
  Duration base = *least_now;
  for (const Second& one : seconds_) {
    if (one.second >= 0 && second - one.second < static_cast<std::int64_t>(kSeconds)) base = std::min(base, one.least);
  }
  delay_ = *least_now - base;
}

}  // namespace conclave::bwe
