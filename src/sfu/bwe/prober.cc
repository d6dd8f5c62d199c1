#include "sfu/bwe/prober.h"

#include <algorithm>

#include "sfu/bwe/rate_control.h"

namespace conclave::bwe {
namespace {

constexpr std::int64_t kFactor = 2;  // of the estimate
constexpr Duration kShortestRun = 50ms;
constexpr Duration kLongestRun = 300ms;
constexpr double kLeastBits = 8 * 1'200 * 8;  // what is told from fewer packets is chance
constexpr Duration kInterval = 5s;
constexpr Duration kCalm = 500ms;     // after congestion, before the first run
constexpr double kLittleSent = 0.75;  // of the estimate: who sends less learns nothing by sending
constexpr double kFarFallen = 0.66;
constexpr Duration kReportTime = 150ms;  // until a receiver has reported what came
constexpr double kGotThrough = 0.7;
constexpr std::size_t kMostAtOnce = 25'000;  // bytes: kHighestRate for a tick
// More than is wanted is of no use, but what is wanted swells and shrinks.
constexpr double kHeadroom = 1.35;

}  // namespace

// Media that fills the estimate tries the network by itself, a little at a time. Padding goes out where nothing was
// tried yet, where less is sent than might be, and once after the estimate fell far, since it may have fallen too far.
bool Prober::is_worth_it(const Situation& situation) const {
  if (situation.wanted <= situation.estimate) return false;
  return !tried_ || static_cast<double>(situation.arrives) < kLittleSent * static_cast<double>(situation.estimate) ||
         static_cast<double>(situation.estimate) < kFarFallen * static_cast<double>(before_);
}

void Prober::begin(TimePoint now, const Situation& situation) {
  const auto most = static_cast<std::int64_t>(kHeadroom * static_cast<double>(situation.wanted));
  rate_ = std::min({kFactor * situation.estimate, most, kHighestRate});
  const auto needed =
      std::chrono::duration_cast<Duration>(std::chrono::duration<double>(kLeastBits / static_cast<double>(rate_)));
  state_ = State::Run;
  tried_ = true;
  before_ = situation.estimate;
  begun_ = now;
  next_ = now + std::clamp<Duration>(needed, kShortestRun, kLongestRun);
  sent_before_ = situation.sent_bytes;
}

std::size_t Prober::due(TimePoint now, const Situation& situation) {
  before_ = std::max(before_, situation.estimate);
  if (situation.congested) {
    congested_ = now;
    if (state_ == State::Run) state_ = State::Idle, next_ = now + kInterval;
  }
  switch (state_) {
    case State::Idle:
      if (now < next_ || now - congested_ < kCalm || !is_worth_it(situation)) return 0;
      begin(now, situation);
      break;
    case State::Run:
      if (now < next_) break;
      state_ = State::Answer;
      next_ = now + situation.round_trip + kReportTime;
      return 0;
    case State::Answer: {
      if (now < next_) return 0;
      const bool got_through = static_cast<double>(situation.estimate) >= kGotThrough * static_cast<double>(rate_);
      before_ = situation.estimate;
      if (!got_through || situation.wanted <= situation.estimate || situation.congested) {
        state_ = State::Idle;
        next_ = begun_ + kInterval;
        return 0;
      }
      begin(now, situation);
      break;
    }
  }
  const double seconds = std::chrono::duration<double>(now - begun_ + kProbeTick).count();
  const auto planned = static_cast<std::uint64_t>(static_cast<double>(rate_) / 8 * seconds);
  const std::uint64_t done = situation.sent_bytes - sent_before_;
  return planned <= done ? 0 : std::min(static_cast<std::size_t>(planned - done), kMostAtOnce);
}

}  // namespace conclave::bwe
