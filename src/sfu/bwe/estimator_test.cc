#include "sfu/bwe/estimator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sfu/bwe/simulated_link.h"

namespace conclave::bwe {
namespace {

double share_of(std::int64_t bps, std::int64_t whole) {
  return static_cast<double>(bps) / static_cast<double>(whole);
}

std::string ms(Duration duration) {
  return std::to_string(std::chrono::duration_cast<std::chrono::milliseconds>(duration).count()) + " ms";
}

TEST(Estimator, KnowsNothingUntilFeedbackComes) {
  Estimator estimator;
  EXPECT_FALSE(estimator.known());
  EXPECT_EQ(estimator.bps(), kFirstRate);
}

TEST(Estimator, FindsTheBottleneckInFiveSeconds) {
  for (const std::int64_t bps : {150'000, 200'000, 300'000, 500'000, 1'000'000, 2'000'000, 3'500'000, 5'000'000}) {
    for (const Duration jitter : {Duration(0ms), Duration(4ms)}) {
      SimulatedCall call({.bps = bps, .jitter = jitter}, static_cast<std::uint64_t>(bps));
      call.probe_when_due();
      call.run(5s);
      const double share = share_of(call.estimator().estimate(), bps);
      std::printf("# bottleneck %4lld kbit/s, jitter %s: %3.0f %% after 5 s, queue over 300 ms for %s\n",
                  static_cast<long long>(bps / 1000), ms(jitter).c_str(), share * 100,
                  ms(call.longest_queue()).c_str());
      EXPECT_GE(share, 0.8) << bps;
      EXPECT_LE(share, 1.2) << bps;
      EXPECT_LE(call.longest_queue(), 1s) << bps;
    }
  }
}

TEST(Estimator, ProbesFindWhatMediaDoesNotFill) {
  SimulatedCall call({.bps = 4'000'000});
  call.probe_when_due();
  call.set_demand(500'000);
  call.set_wanted(6'000'000);
  call.run(5s);
  EXPECT_GE(share_of(call.estimator().estimate(), 4'000'000), 0.8);
  EXPECT_LE(share_of(call.estimator().estimate(), 4'000'000), 1.1);
  EXPECT_LE(call.longest_queue(), 100ms);
  // And are few: what was sent is little more than the media.
  EXPECT_LE(call.sent_bytes() * 8, 5 * 500'000 * 3 / 2);
}

TEST(Estimator, AQueueThatStandsIsBelievedAtOnce) {
  SimulatedCall call({.bps = 200'000});
  call.run(600ms);
  EXPECT_LE(share_of(call.estimator().estimate(), 200'000), 1.2);
}

TEST(Estimator, StaysThereForMinutes) {
  SimulatedCall call({.bps = 1'500'000, .jitter = 5ms});
  call.run(5s);
  for (int i = 0; i < 120; ++i) {
    call.run(1s);
    EXPECT_GE(share_of(call.estimator().bps(), 1'500'000), 0.7) << i;
    EXPECT_LE(share_of(call.estimator().bps(), 1'500'000), 1.2) << i;
  }
  EXPECT_LE(call.longest_queue(), 1s);
}

TEST(Estimator, FollowsTheBottleneckDownAndUp) {
  SimulatedCall call({.bps = 2'000'000});
  call.run(10s);
  call.link().change({.bps = 600'000});
  call.run(5s);
  EXPECT_GE(share_of(call.estimator().bps(), 600'000), 0.8);
  EXPECT_LE(share_of(call.estimator().bps(), 600'000), 1.2);
  call.link().change({.bps = 1'200'000});
  call.run(20s);
  EXPECT_GE(share_of(call.estimator().bps(), 1'200'000), 0.8);
  EXPECT_LE(call.longest_queue(), 1s);
}

TEST(Estimator, LossThatIsNobodysFaultDoesNotSlowDown) {
  for (const double loss : {0.01, 0.05, 0.10, 0.20, 0.30}) {
    SimulatedCall call({.bps = 2'000'000, .loss = loss}, 7);
    call.run(20s);
    const double share = share_of(call.estimator().bps(), 2'000'000);
    std::printf("# loss %2.0f %%: %3.0f %% of the bottleneck after 20 s\n", loss * 100, share * 100);
    EXPECT_GE(share, 0.6) << loss;
    EXPECT_LE(share, 1.4) << loss;
  }
}

TEST(Estimator, ABurstOfLossIsForgotten) {
  SimulatedCall call({.bps = 2'000'000});
  call.run(10s);
  call.link().change({.bps = 2'000'000, .loss = 0.3});
  call.run(2s);
  call.link().change({.bps = 2'000'000});
  call.run(8s);
  EXPECT_GE(share_of(call.estimator().bps(), 2'000'000), 0.7);
}

TEST(Estimator, WhoSendsLittleIsNotBelievedToHaveMuch) {
  SimulatedCall call({.bps = 10'000'000});
  call.set_demand(300'000);
  call.run(30s);
  // The rate that was begun with stands; it does not run away from what was tried.
  EXPECT_LE(call.estimator().bps(), kFirstRate);
}

TEST(Estimator, AProbeFindsMore) {
  SimulatedCall call({.bps = 5'000'000});
  call.link().change({.bps = 500'000});
  call.run(10s);
  call.link().change({.bps = 5'000'000});
  call.set_demand(300'000);
  call.run(2s);
  const std::int64_t before = call.estimator().bps();
  call.probe(3'000'000, 15);
  call.run(1s);
  EXPECT_LT(before, 1'000'000);
  EXPECT_GE(call.estimator().bps(), 2'000'000);
  EXPECT_LE(call.estimator().bps(), 3'500'000);
}

TEST(Estimator, AProbeThatFillsTheQueueShowsTheBottleneckOnly) {
  SimulatedCall call({.bps = 1'000'000});
  call.set_demand(300'000);
  call.run(5s);
  call.probe(8'000'000, 20);
  call.run(1s);
  EXPECT_LE(call.estimator().bps(), kFirstRate);
}

TEST(Estimator, AfterACutItComesBack) {
  SimulatedCall call({.bps = 2'000'000});
  call.run(10s);
  call.link().change({.bps = 2'000'000, .loss = 1.0});
  call.run(5s);
  call.link().change({.bps = 2'000'000});
  call.run(8s);
  EXPECT_GE(share_of(call.estimator().bps(), 2'000'000), 0.6);
}

TEST(SentPackets, ToldOnceAndLateArrivalsAgain) {
  SentPackets packets;
  const TimePoint t0(1h);
  for (std::uint16_t i = 0; i < 3; ++i) packets.sent(t0 + i * 1ms, static_cast<std::uint16_t>(65'534 + i), 100);
  const auto feedback = [&](std::vector<std::optional<rtp::FeedbackTime>> statuses) {
    std::array<std::byte, 200> buffer;
    ByteWriter writer(buffer);
    rtp::write_transport_feedback(writer, {.sender = 1, .media = 2, .base_sequence = 65'534, .count = 0}, statuses);
    rtp::RtcpReader reader(writer.written());
    const auto block = rtp::parse_feedback(*reader.next());
    std::vector<bool> arrived;
    std::vector<PacketFate> fates;
    packets.told(t0 + 1s, *rtp::parse_transport_feedback(block->control), fates);
    for (const PacketFate& fate : fates) arrived.push_back(fate.arrived.has_value());
    return arrived;
  };
  EXPECT_EQ(feedback({1'000, std::nullopt, 1'004}), (std::vector<bool>{true, false, true}));
  EXPECT_EQ(feedback({1'000, std::nullopt, 1'004}), std::vector<bool>{});
  EXPECT_EQ(feedback({1'000, 1'010, 1'004}), std::vector<bool>{true});
}

}  // namespace
}  // namespace conclave::bwe
