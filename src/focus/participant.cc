#include "focus/participant.h"

#include <algorithm>

namespace conclave::focus {
namespace {

bool has(const SourceSet& sources, std::uint32_t ssrc) {
  return std::ranges::count(sources.ssrcs, ssrc, &SignalledSsrc::ssrc) > 0;
}

// What `all` has and `others` lacks, with the groups that consist of such SSRCs only.
SourceSet only_in(const SourceSet& all, const SourceSet& others) {
  SourceSet result;
  for (const SignalledSsrc& source : all.ssrcs) {
    if (!has(others, source.ssrc)) result.ssrcs.push_back(source);
  }
  for (const SsrcGroup& group : all.groups) {
    if (std::ranges::all_of(group.ssrcs, [&](std::uint32_t ssrc) { return has(result, ssrc); }))
      result.groups.push_back(group);
  }
  return result;
}

SourcesByOwner only_in(const SourcesByOwner& all, const SourcesByOwner& others) {
  static const SourceSet kNone;
  SourcesByOwner result;
  for (const auto& [owner, set] : all) {
    const auto other = others.find(owner);
    SourceSet rest = only_in(set, other == others.end() ? kNone : other->second);
    if (!rest.empty()) result.emplace(owner, std::move(rest));
  }
  return result;
}

}  // namespace

bool RestartBudget::take(TimePoint now) {
  while (!taken_.empty() && now - taken_.front() >= 60s) taken_.pop_front();
  if (taken_.size() >= kMostPerMinute) return false;
  if (!taken_.empty() && now - taken_.back() < kLeastDistance) return false;
  taken_.push_back(now);
  return true;
}

SourceChange difference(const SourcesByOwner& announced, const SourcesByOwner& wanted) {
  SourceChange change{.added = only_in(wanted, announced), .removed = only_in(announced, wanted)};
  for (const auto& [owner, set] : wanted) {
    const auto told = announced.find(owner);
    const bool same_ssrcs = !change.added.contains(owner) && !change.removed.contains(owner);
    if (told == announced.end() || !same_ssrcs || told->second == set) continue;
    // The same SSRCs with another group, name or type: clients know only adding and removing.
    change.removed.emplace(owner, told->second);
    change.added.emplace(owner, set);
  }
  return change;
}

}  // namespace conclave::focus
