#pragma once
// What is known of the way to one receiver, and what follows: how much video may be sent, when that has changed enough
// to allocate anew, when the network is to be tried. Pure; a part of the receiver's send path. `sent` allocates
// nothing.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "base/time.h"
#include "sfu/allocation.h"
#include "sfu/bwe/estimator.h"
#include "sfu/bwe/prober.h"
#include "sfu/sliding_rate.h"

namespace conclave::sfu {

class Downlink {
 public:
  // Before video is sent for the first time. `numbered`: with transport-wide numbers. Takes about 25 KB then.
  void begin(bool numbered);

  // A video packet with such a number has gone out.
  void sent(TimePoint now, std::uint16_t sequence, std::size_t bytes, bool probe) {
    if (estimator_) estimator_->sent(now, sequence, bytes, probe);
  }
  // An audio packet; only those who report by REMB count it.
  void sent_audio(TimePoint now, std::size_t bytes) {
    if (remb_) audio_.add(now, bytes);
  }

  // What the receiver says. Where there are transport-wide numbers the others are not listened to.
  void feedback(TimePoint now, const rtp::TransportFeedback& feedback, Duration round_trip,
                std::vector<bwe::PacketFate>& scratch);
  void remb(TimePoint now, std::uint64_t bps);
  void lost(double share);  // of video, from receiver reports

  // What the network is believed to carry beside audio: nothing while nothing is known.
  std::optional<std::int64_t> estimate(TimePoint now) const;
  // What is to be allocated: less while a queue has to run empty.
  Bandwidth bandwidth(TimePoint now) const;
  bool draining() const;
  // More was allocated than the network is believed to carry: a screen on stage.
  bool oversending() const { return used_ && sums_.sent_bps > *used_; }
  std::uint64_t sent_bytes() const { return estimator_ ? estimator_->sent_bytes() : 0; }

  // Allocated with that bandwidth; `sums` is what came of it.
  void allocated(TimePoint now, const Bandwidth& bandwidth, const AllocationSums& sums);
  // The bandwidth has changed by more than 15 %, or 5 s have passed (media.md 14).
  bool should_allocate(TimePoint now) const;
  std::optional<TimePoint> deadline() const;

  // How many bytes of padding are due now.
  std::size_t padding_due(TimePoint now, Duration round_trip);

 private:
  bool wants_more(TimePoint now) const;

  std::unique_ptr<bwe::Estimator> estimator_;
  bwe::Prober prober_;
  std::optional<std::int64_t> remb_;
  TimePoint remb_at_{};
  SlidingRate audio_;
  std::optional<std::int64_t> loss_limit_;
  AllocationSums sums_;
  std::optional<std::int64_t> used_;
  bool drained_ = false;
  bool begun_ = false;
  TimePoint allocated_{};
  TimePoint checked_{};
};

}  // namespace conclave::sfu
