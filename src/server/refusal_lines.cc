#include "server/refusal_lines.h"

#include <functional>
#include <utility>

namespace conclave::server {

bool RefusalLines::is_new(std::uint64_t session, const std::string& question) {
  if (session == 0) return true;
  if (asked_.size() >= kMaxAskingSessions && !asked_.contains(session)) asked_.clear();
  auto& questions = asked_[session];
  if (questions.size() >= kMaxQuestionsOfSession) questions.clear();
  return questions.insert(std::hash<std::string>{}(question)).second;
}

bool RefusalLines::take(TimePoint now, WallTime wall, const std::string& network) {
  if (lines_.take(now, {{"network " + network, kLinesOfNetwork}, {"all", kLinesOfAll}})) return true;
  const bool has_place = left_out_.size() < kMaxSummedNetworks || left_out_.contains(network);
  const std::string name = has_place ? network : std::string();
  Sum& sum = left_out_.try_emplace(name, Sum{.network = name, .lines = 0, .since = wall}).first->second;
  ++sum.lines;
  return false;
}

std::vector<RefusalLines::Sum> RefusalLines::sums() {
  std::vector<Sum> all;
  for (auto& [network, sum] : std::exchange(left_out_, {})) all.push_back(std::move(sum));
  return all;
}

}  // namespace conclave::server
