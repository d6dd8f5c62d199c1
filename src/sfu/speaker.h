#pragma once
// Who is speaking: dominant speaker identification for multipoint videoconferencing after Volfin and Cohen (Computer Speech & Language
// 27, 2013), with the constants of media.md 15.1. Each speaker's activity is scored over three times (about 0.2 s, 1 s and 10 s) by how
// likely its active parts are under a binomial model; whoever beats the dominant speaker in all three takes over.
// Pure; owned by the conference; no allocation on the packet path.
#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <vector>

#include "base/time.h"

namespace conclave::sfu {

inline constexpr std::size_t kRecentSpeakers = 10;

class SpeakerActivity {
 public:
  // `loudness` is 127 less the level of RFC 6464: 0 silence, 127 loudest.
  void heard(TimePoint now, std::uint8_t loudness);
  // Before scores are compared.
  void evaluate(TimePoint now);
  bool ever_heard() const { return heard_; }

  double immediate_score() const { return immediate_score_; }
  double medium_score() const { return medium_score_; }
  double long_score() const { return long_score_; }

 private:
  static constexpr std::size_t kMediumParts = 5;   // immediates in a medium
  static constexpr std::size_t kLongParts = 10;    // mediums in a long
  static constexpr std::size_t kLevels = kMediumParts * kLongParts;
  static constexpr std::size_t kImmediateParts = 13;

  void push(std::uint8_t level);

  std::array<std::uint8_t, kLevels> levels_{};  // newest first from head_
  std::size_t head_ = 0;
  std::uint8_t minimum_ = 0;       // the noise floor in use
  std::uint8_t next_minimum_ = 127;  // of the period under way
  std::size_t minimum_age_ = 0;    // levels seen in it
  TimePoint last_{};
  bool heard_ = false;
  double immediate_score_ = 0;
  double medium_score_ = 0;
  double long_score_ = 0;
};

// A key names a speaker; the conference chooses it and never uses it for another one.
using SpeakerKey = std::uint64_t;

class DominantSpeaker {
 public:
  struct Candidate {
    SpeakerKey key;
    SpeakerActivity* activity;
  };
  // Each kSpeakerInterval. True if the dominant speaker has changed.
  bool evaluate(TimePoint now, std::span<const Candidate> candidates);
  // True if it was the dominant one; then there is none until the next evaluation.
  bool remove(SpeakerKey key);

  bool any() const { return dominant_; }
  // Most recent first; the dominant one, if there is any, stands first.
  const std::deque<SpeakerKey>& recent() const { return recent_; }

 private:
  void take_over(SpeakerKey key);
  bool dominant_ = false;
  std::deque<SpeakerKey> recent_;
};

}  // namespace conclave::sfu
