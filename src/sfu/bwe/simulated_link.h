#pragma once
// For tests: a way through a network with a bottleneck, a queue before it, random loss and a long road, on virtual
// time.
#include <cstdint>
#include <deque>
#include <optional>

#include "base/random.h"
#include "base/time.h"
#include "sfu/bwe/estimator.h"
#include "sfu/bwe/feedback_generator.h"
#include "sfu/bwe/prober.h"
#include "sfu/rtp/rtcp.h"

namespace conclave::bwe {

struct LinkOptions {
  std::int64_t bps = 1'000'000;
  Duration queue = 500ms;  // as much as it holds, at that rate; more is dropped
  Duration one_way = 25ms;
  double loss = 0;
  Duration jitter = Duration::zero();  // at most; packets do not overtake each other
};

// Packets go in, and come out at a time; or not.
class SimulatedLink {
 public:
  explicit SimulatedLink(LinkOptions options, std::uint64_t seed = 1) : options_(options), random_(seed) {}

  void change(const LinkOptions& options) { options_ = options; }
  // When the packet arrives; nothing if it is lost.
  std::optional<TimePoint> carry(TimePoint now, std::uint32_t bytes) {
    if (busy_until_ < now) busy_until_ = now;
    if (busy_until_ - now > options_.queue) return std::nullopt;
    const double seconds = static_cast<double>(bytes) * 8 / static_cast<double>(options_.bps);
    busy_until_ += std::chrono::duration_cast<Duration>(std::chrono::duration<double>(seconds));
    if (chance() < options_.loss) return std::nullopt;
    const auto jitter = std::chrono::duration_cast<Duration>(options_.jitter * chance());
    arrived_ = std::max(arrived_, busy_until_ + options_.one_way + jitter);
    return arrived_;
  }
  Duration queued(TimePoint now) const { return busy_until_ > now ? busy_until_ - now : Duration::zero(); }

 private:
  double chance() { return static_cast<double>(random_.number() >> 11) * 0x1.0p-53; }

  LinkOptions options_;
  SeededRandom random_;
  TimePoint busy_until_{};
  TimePoint arrived_{};
};

// A sender who sends what the estimate allows, up to a demand, and a receiver who reports as browsers do.
class SimulatedCall {
 public:
  explicit SimulatedCall(LinkOptions link, std::uint64_t seed = 1) : link_(link, seed) {}

  SimulatedLink& link() { return link_; }
  const Estimator& estimator() const { return estimator_; }
  void set_demand(std::int64_t bps) { demand_ = wanted_ = bps; }
  void set_wanted(std::int64_t bps) { wanted_ = bps; }  // while the demand stays
  TimePoint now() const { return now_; }
  // The longest time that the queue stood above 300 ms at a stretch.
  Duration longest_queue() const { return longest_queue_; }
  std::int64_t sent_bytes() const { return static_cast<std::int64_t>(estimator_.sent_bytes()); }
  std::int64_t delivered_bytes() const { return delivered_; }
  // For a while probes of that rate go out beside the media.
  void probe(std::int64_t bps, int packets) {
    probe_bps_ = bps;
    probes_left_ = packets;
    next_probe_ = now_;
  }

  // As the SFU does.
  void probe_when_due() { probing_ = true; }

  void run(Duration time) {
    for (const TimePoint end = now_ + time; now_ < end; now_ += kStep) step();
  }

 private:
  static constexpr Duration kStep = 1ms;
  static constexpr std::uint32_t kPacketBytes = 1'200;
  struct OnItsWay {
    TimePoint at;
    std::uint16_t sequence;
    bool marker;
  };
  struct Report {
    TimePoint at;
    std::vector<std::byte> bytes;
  };

  void send(bool probe) {
    const std::uint16_t sequence = ++sequence_;
    estimator_.sent(now_, sequence, kPacketBytes, probe);
    if (const auto at = link_.carry(now_, kPacketBytes)) on_its_way_.push_back({*at, sequence, sequence % 4 == 0});
  }

  void step() {
    const std::int64_t rate = std::min(estimator_.bps(), demand_);
    for (; next_send_ <= now_; next_send_ += spacing(rate)) send(false);
    if (probing_ && now_ >= next_tick_) {
      next_tick_ = now_ + kProbeTick;
      std::size_t due = prober_.due(now_, {.estimate = estimator_.estimate(),
                                           .wanted = estimator_.known() ? wanted_ : 0,
                                           .arrives = estimator_.acknowledged().value_or(0),
                                           .congested = estimator_.congested(),
                                           .sent_bytes = estimator_.sent_bytes(),
                                           .round_trip = 50ms});
      for (; due >= kPacketBytes / 2; due -= std::min<std::size_t>(due, kPacketBytes)) send(true);
    }
    for (; probes_left_ > 0 && next_probe_ <= now_; next_probe_ += spacing(probe_bps_)) {
      send(true);
      --probes_left_;
    }
    while (!on_its_way_.empty() && on_its_way_.front().at <= now_) {
      receiver_.received(now_, on_its_way_.front().sequence, on_its_way_.front().marker);
      delivered_ += kPacketBytes;
      on_its_way_.pop_front();
    }
    report();
    while (!reports_.empty() && reports_.front().at <= now_) {
      rtp::RtcpReader reader(reports_.front().bytes);
      const auto feedback = rtp::parse_transport_feedback(rtp::parse_feedback(*reader.next())->control);
      estimator_.feedback(now_, *feedback, 50ms, fates_);
      reports_.pop_front();
    }
    const bool long_queue = link_.queued(now_) > 300ms;
    if (!long_queue) long_since_.reset();
    if (long_queue && !long_since_) long_since_ = now_;
    if (long_since_) longest_queue_ = std::max(longest_queue_, now_ - *long_since_);
  }

  void report() {
    for (;;) {
      std::array<std::byte, 1'500> buffer;
      ByteWriter writer(buffer);
      if (!receiver_.write(now_, writer, 1, 2)) return;
      const Bytes written = writer.written();
      reports_.push_back({now_ + 25ms, {written.begin(), written.end()}});
    }
  }

  static Duration spacing(std::int64_t bps) {
    return std::chrono::duration_cast<Duration>(
        std::chrono::duration<double>(kPacketBytes * 8.0 / static_cast<double>(bps)));
  }

  TimePoint now_{std::chrono::hours(1)};
  SimulatedLink link_;
  Estimator estimator_;
  std::vector<PacketFate> fates_;
  FeedbackGenerator receiver_;
  std::int64_t demand_ = kHighestRate;
  std::int64_t wanted_ = kHighestRate;
  std::uint16_t sequence_ = 65'000;  // so that it wraps early
  TimePoint next_send_ = now_;
  std::int64_t probe_bps_ = 0;
  int probes_left_ = 0;
  TimePoint next_probe_{};
  bool probing_ = false;
  Prober prober_;
  TimePoint next_tick_{};
  std::deque<OnItsWay> on_its_way_;
  std::deque<Report> reports_;
  std::optional<TimePoint> long_since_;
  Duration longest_queue_{};
  std::int64_t delivered_ = 0;
};

}  // namespace conclave::bwe
