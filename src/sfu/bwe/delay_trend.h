#pragma once
// Whether a queue grows on the way: the trend of the delay between groups of packets, held against a threshold that
// adapts (draft-ietf-rmcat-gcc-02 §5.1–5.4, with the trend line in the place of the Kalman filter). Pure.
#include <array>
#include <cstddef>
#include <optional>
#include <vector>

#include "base/time.h"
#include "sfu/bwe/sent_packets.h"

namespace conclave::bwe {

enum class Usage { Normal, Over, Under };

class DelayTrend {
 public:
  // Fates in the order of sending; those that were lost say nothing here.
  Usage update(TimePoint now, const std::vector<PacketFate>& fates);
  Usage usage() const { return usage_; }

 private:
  // Packets that left within 5 ms, or came in one burst, are one.
  struct Group {
    TimePoint first_sent{};
    TimePoint last_sent{};
    Duration first_arrived{};
    Duration last_arrived{};
  };
  static constexpr std::size_t kWindow = 20;
  struct Sample {
    double at_ms;
    double delay_ms;
  };

  bool belongs(const PacketFate& fate, Duration arrived) const;
  void group_ended(TimePoint now, const Group& before, const Group& after);
  std::optional<double> slope() const;
  void judge(TimePoint now, double trend, double step_ms);
  void adapt_threshold(TimePoint now, double trend);
  void forget();

  std::optional<Group> current_;
  std::optional<Group> previous_;
  std::array<Sample, kWindow> samples_{};
  std::size_t filled_ = 0;
  std::size_t next_ = 0;
  std::size_t deltas_ = 0;
  double accumulated_ms_ = 0;
  double smoothed_ms_ = 0;
  std::optional<Duration> first_arrival_;
  double threshold_ = 12.5;
  std::optional<TimePoint> threshold_at_;
  std::optional<double> over_for_ms_;
  int over_count_ = 0;
  double last_trend_ = 0;
  Usage usage_ = Usage::Normal;
};

}  // namespace conclave::bwe
