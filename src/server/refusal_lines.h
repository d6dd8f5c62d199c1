#pragma once
// Which refusals get a line of the audit log of their own. Whoever is refused can try again as often as he likes, from
// many sessions: the same question of a session is one line, a network has so many lines an hour, and what is left out
// is summed up, so that nobody can push others' lines out of the log. Pure; time is passed in.
#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/rate_limiter.h"

namespace conclave::server {

// Beyond them all questions are forgotten, or all of one session: a line more, no memory more.
inline constexpr std::size_t kMaxAskingSessions = 20'000;
inline constexpr std::size_t kMaxQuestionsOfSession = 64;
inline constexpr std::size_t kMaxSummedNetworks = 100;  // more are summed up together
inline constexpr Rate kLinesOfNetwork{.free = 500, .interval = 5s};
inline constexpr Rate kLinesOfAll{.free = 5'000, .interval = 1s};

class RefusalLines {
 public:
  // Whether this session (0: none) has not asked this before. `question` holds the answer too.
  bool is_new(std::uint64_t session, const std::string& question);
  void forget(std::uint64_t session) { asked_.erase(session); }

  // Whether there is place for a line; if not, it is counted for the sum. `network` is of base/network.h.
  bool take(TimePoint now, WallTime wall, const std::string& network);

  struct Sum {
    std::string network;  // "" of several
    std::uint64_t lines = 0;
    WallTime since{};
  };
  // What was left out since the last call.
  std::vector<Sum> sums();
  bool has_sums() const { return !left_out_.empty(); }

 private:
  std::unordered_map<std::uint64_t, std::unordered_set<std::size_t>> asked_;  // hashes
  RateLimiter lines_;
  std::unordered_map<std::string, Sum> left_out_;
};

}  // namespace conclave::server
