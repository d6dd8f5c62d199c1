#include "sfu/speaker.h"

#include <algorithm>
#include <cmath>

namespace conclave::sfu {
namespace {

constexpr std::uint8_t kMediumThreshold = 7;  // an immediate above this is an active part of a medium
constexpr std::uint8_t kLongThreshold = 4;    // likewise a medium of a long
constexpr double kImmediateC = 3;
constexpr double kMediumC = 2;
constexpr double kLongC = 0;
constexpr double kMinScore = 1e-10;
constexpr std::uint8_t kSubunit = 10;  // of loudness: 127 in thirteen parts
constexpr Duration kLevelIdle = 40ms;
constexpr std::size_t kMinimumPeriod = 750;  // levels: 15 s of packets of 20 ms

double log_binomial(int n, int r) { return std::lgamma(n + 1) - std::lgamma(r + 1) - std::lgamma(n - r + 1); }

// The logarithm of how much likelier `active` of `parts` are for a speaker than for noise: the former active with p = 0.5, the latter
// with an exponential law of rate lambda.
double score(int active, int parts, double lambda) {
  constexpr double p = 0.5;
  const double value = log_binomial(parts, active) + active * std::log(p) + (parts - active) * std::log(1 - p) - std::log(lambda) +
                       lambda * active;
  return std::max(value, kMinScore);
}

}  // namespace

void SpeakerActivity::push(std::uint8_t level) {
  head_ = (head_ + kLevels - 1) % kLevels;
  levels_[head_] = level;
}

void SpeakerActivity::heard(TimePoint now, std::uint8_t loudness) {
  heard_ = true;
  last_ = now;
  // The floor follows the quietest level of the last period, and falls at once. Pure silence says nothing of the noise.
  if (loudness > 0) {
    next_minimum_ = std::min(next_minimum_, loudness);
    minimum_ = std::min(minimum_, loudness);
  }
  if (++minimum_age_ == kMinimumPeriod) {
    minimum_ = next_minimum_ == 127 ? std::uint8_t{0} : next_minimum_;
    next_minimum_ = 127;
    minimum_age_ = 0;
  }
  push(loudness);
}

void SpeakerActivity::evaluate(TimePoint now) {
  if (heard_ && now - last_ >= kLevelIdle) push(0);
  std::array<std::uint8_t, kLevels> immediates;
  for (std::size_t i = 0; i < kLevels; ++i) {
    const std::uint8_t level = levels_[(head_ + i) % kLevels];
    // What is not clearly louder than the noise counts as silence.
    immediates[i] = level < minimum_ + kSubunit ? std::uint8_t{0} : static_cast<std::uint8_t>(level / kSubunit);
  }
  std::array<std::uint8_t, kLongParts> mediums{};
  for (std::size_t i = 0; i < kLevels; ++i) {
    if (immediates[i] > kMediumThreshold) ++mediums[i / kMediumParts];
  }
  std::uint8_t longs = 0;
  for (const std::uint8_t medium : mediums) longs = static_cast<std::uint8_t>(longs + (medium > kLongThreshold ? 1 : 0));
  immediate_score_ = score(immediates[0], kImmediateParts, 0.78);
  medium_score_ = score(mediums[0], kMediumParts, 24);
  long_score_ = score(longs, kLongParts, 47);
}

bool DominantSpeaker::evaluate(TimePoint now, std::span<const Candidate> candidates) {
  const Candidate* dominant = nullptr;
  for (const Candidate& c : candidates) {
    c.activity->evaluate(now);
    if (dominant_ && c.key == recent_.front()) dominant = &c;
  }
  const Candidate* winner = nullptr;
  if (dominant == nullptr) {
    // The first one that is heard; if several, the one that speaks most.
    for (const Candidate& c : candidates) {
      if (c.activity->ever_heard() && (winner == nullptr || c.activity->medium_score() > winner->activity->medium_score())) winner = &c;
    }
  } else {
    double best = kMediumC;
    for (const Candidate& c : candidates) {
      if (&c == dominant || !c.activity->ever_heard()) continue;
      const double immediate = std::log(c.activity->immediate_score() / dominant->activity->immediate_score());
      const double medium = std::log(c.activity->medium_score() / dominant->activity->medium_score());
      const double longer = std::log(c.activity->long_score() / dominant->activity->long_score());
      if (immediate > kImmediateC && medium > best && longer > kLongC) {
        best = medium;
        winner = &c;
      }
    }
  }
  if (winner == nullptr) return false;
  take_over(winner->key);
  return true;
}

void DominantSpeaker::take_over(SpeakerKey key) {
  std::erase(recent_, key);
  recent_.push_front(key);
  if (recent_.size() > kRecentSpeakers) recent_.pop_back();
  dominant_ = true;
}

bool DominantSpeaker::remove(SpeakerKey key) {
  const bool was_dominant = dominant_ && recent_.front() == key;
  std::erase(recent_, key);
  if (was_dominant) dominant_ = false;
  return was_dominant;
}

}  // namespace conclave::sfu
