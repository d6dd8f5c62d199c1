#pragma once
// How much may be sent to one receiver: his transport-wide feedback in, bits per second out (media.md 13). Delay and
// loss each have a say, the lower one counts. Pure; owned by the receiving endpoint, on its loop.
//
//   sent() ──► SentPackets ──feedback──► AcknowledgedRate ─┐
//                                   ├──► DelayTrend ──► RateControl ─┬──► estimate ──► bps()
//                                   ├──► LossLimit ─────────────────┘                   ▲
//                                   └──► StandingQueue: less, until it has run empty ───┘
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/time.h"
#include "sfu/bwe/acknowledged_rate.h"
#include "sfu/bwe/delay_trend.h"
#include "sfu/bwe/loss_limit.h"
#include "sfu/bwe/rate_control.h"
#include "sfu/bwe/sent_packets.h"
#include "sfu/bwe/standing_queue.h"

namespace conclave::bwe {

class Estimator {
 public:
  // A packet with this transport-wide number goes out. `bytes` as on the wire of RTP; `probe`: it is there to try the
  // network.
  void sent(TimePoint now, std::uint16_t sequence, std::size_t bytes, bool probe = false) {
    packets_.sent(now, sequence, bytes, probe);
    sent_bytes_ += bytes;
  }
  // `scratch` is anybody's: what stands in it is lost.
  void feedback(TimePoint now, const rtp::TransportFeedback& feedback, Duration round_trip,
                std::vector<PacketFate>& scratch);

  // False until feedback has said anything: then nothing is known, and nothing is limited.
  bool known() const { return heard_; }
  // What the network carries, and what may be sent now: less while a queue stands on the way.
  std::int64_t estimate() const;
  std::int64_t bps() const;
  std::optional<std::int64_t> acknowledged() const { return acknowledged_.bps(); }
  Duration queue() const { return queue_.delay(); }
  // A queue stands or grows on the way, or more is lost than the network loses by itself.
  bool congested() const;
  std::uint64_t sent_bytes() const { return sent_bytes_; }

 private:
  // A run of probes that were sent close together: what arrived after the first burst, other packets between them too,
  // over the time that it took.
  struct Probe {
    Duration last{};
    TimePoint first_sent{};
    TimePoint last_sent{};
    Duration begin{};           // the last arrival of those that left first, all at once
    std::uint64_t bytes = 0;    // of those that left later
    std::uint64_t between = 0;  // since the last probe of the run
    int packets = 1;
  };
  void take_probes(TimePoint now, const std::vector<PacketFate>& fates);
  void conclude_probe(TimePoint now);
  Usage judged(Usage usage, std::optional<std::int64_t> arrives) const;
  void believe_queue(TimePoint now, std::int64_t arrives);

  SentPackets packets_;
  AcknowledgedRate acknowledged_;
  DelayTrend trend_;
  RateControl rate_;
  LossLimit loss_;
  StandingQueue queue_;
  std::optional<Probe> probe_;
  std::optional<TimePoint> held_back_;  // when a queue stood last
  std::optional<TimePoint> proven_;     // when one stood that was long enough to be believed
  std::uint64_t sent_bytes_ = 0;
  bool heard_ = false;
};

}  // namespace conclave::bwe
