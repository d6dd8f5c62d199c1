#pragma once
// What loss says about the rate (draft-ietf-rmcat-gcc-02 §6), with one difference: a network that loses as much at a
// lower rate loses by itself, and is not slowed down for it. Pure.
#include <cstdint>
#include <optional>
#include <vector>

#include "base/time.h"
#include "sfu/bwe/sent_packets.h"

namespace conclave::bwe {

class LossLimit {
 public:
  struct Circumstances {
    std::int64_t rate;                         // what was aimed at
    std::optional<std::int64_t> acknowledged;  // what arrives
    bool queued;                               // packets stand in a queue: what it cannot hold is lost
  };
  void update(TimePoint now, const std::vector<PacketFate>& fates, const Circumstances& circumstances);
  // Nothing: loss does not limit.
  std::optional<std::int64_t> bps() const { return limit_; }
  double loss() const { return loss_; }          // of the last full window
  double inherent() const { return inherent_; }  // the share of it that is not ours
  void lift() { limit_.reset(); }                // a probe has shown more
  void excuse();                                 // what was lost of late was lost by a queue that is accounted for

 private:
  void judge(const Circumstances& circumstances, double noise);
  bool is_found_innocent(const Circumstances& circumstances);

  static constexpr Duration kWindow = 300ms;
  static constexpr std::uint32_t kLeastPackets = 40;
  static constexpr Duration kLongWindow = 1s;  // for those that are sent little
  static constexpr std::uint32_t kFewPackets = 15;

  std::optional<TimePoint> begun_;
  std::uint32_t expected_ = 0;
  std::uint32_t lost_ = 0;
  double loss_ = 0;
  double inherent_ = 0;
  std::optional<std::int64_t> limit_;
  // The loss that the present slowing down began with, and the rate at that time.
  struct Episode {
    double loss;
    std::int64_t rate;
  };
  std::optional<Episode> episode_;
};

}  // namespace conclave::bwe
