#include "sfu/rtp/rtcp.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <vector>

#include "sfu/rtp/reception_statistics.h"
#include "sfu/rtp/transport_feedback.h"

namespace conclave::rtp {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::Optional;

constexpr TimePoint t0 = TimePoint(std::chrono::hours(1));

std::vector<std::byte> raw(std::initializer_list<int> values) {
  std::vector<std::byte> result;
  for (const int v : values) result.push_back(static_cast<std::byte>(v));
  return result;
}

class Written {
 public:
  ByteWriter writer{buffer_};
  Bytes bytes() const { return writer.written(); }

 private:
  std::array<std::byte, 1500> buffer_{};
};

TEST(Rtcp, WalksACompoundOfSenderReportNameAndPictureLoss) {
  Written out;
  write_sender_report(out.writer, {.ssrc = 1, .ntp = 0x0102030405060708, .rtp_timestamp = 9, .packets = 10, .octets = 11});
  write_cname(out.writer, 1, "abc");
  write_pli(out.writer, 1, 2);
  write_bye(out.writer, 1);
  RtcpReader reader(out.bytes());
  const auto sr = reader.next();
  ASSERT_TRUE(sr);
  const auto reports = parse_reports(*sr);
  ASSERT_TRUE(reports && reports->sender_report);
  EXPECT_EQ(reports->sender_report->ntp, 0x0102030405060708u);
  EXPECT_EQ(reports->sender_report->octets, 11u);
  EXPECT_EQ(reader.next()->type, rtcp::kSourceDescription);
  const auto pli = reader.next();
  ASSERT_TRUE(pli);
  EXPECT_EQ(pli->count, rtcp::kPli);
  EXPECT_EQ(parse_feedback(*pli)->media, 2u);
  EXPECT_EQ(reader.next()->type, rtcp::kBye);
  EXPECT_FALSE(reader.next());
  EXPECT_TRUE(reader.well_formed());
}

TEST(Rtcp, WritesPictureLossAsRfc4585Draws) {
  Written out;
  write_pli(out.writer, 0x11111111, 0x22222222);
  EXPECT_THAT(out.bytes(), ElementsAreArray(raw({0x81, 206, 0, 2, 0x11, 0x11, 0x11, 0x11, 0x22, 0x22, 0x22, 0x22})));
}

TEST(Rtcp, PacksNeighboursOfANackIntoOneItem) {
  Written out;
  const std::uint16_t lost[] = {0xfffe, 0xffff, 3, 14, 15};
  write_nack(out.writer, 7, 8, lost);
  EXPECT_EQ(out.bytes().size(), 20u);
  RtcpReader reader(out.bytes());
  const auto feedback = parse_feedback(*reader.next());
  std::vector<std::uint16_t> seen;
  for_each_nack(feedback->control, [&](std::uint16_t s) { seen.push_back(s); });
  EXPECT_THAT(seen, ElementsAreArray(lost));
}

TEST(Rtcp, KeepsNegativeLossOverTheWire) {
  Written out;
  const ReportBlock blocks[] = {{.ssrc = 5, .fraction_lost = 1, .cumulative_lost = -3, .highest_sequence = 0x10002, .jitter = 4}};
  write_receiver_report(out.writer, 9, blocks);
  RtcpReader reader(out.bytes());
  const auto reports = parse_reports(*reader.next());
  ASSERT_TRUE(reports);
  ASSERT_EQ(reports->count, 1u);
  EXPECT_EQ(reports->blocks[0].cumulative_lost, -3);
  EXPECT_EQ(reports->blocks[0].highest_sequence, 0x10002u);
}

TEST(Rtcp, StopsAtABlockThatRunsPastThePacket) {
  const auto packet = raw({0x81, 206, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 0x80, 200, 0, 50});
  RtcpReader reader(packet);
  EXPECT_TRUE(reader.next());
  EXPECT_FALSE(reader.next());
  EXPECT_FALSE(reader.well_formed());
}

TEST(Rtcp, RefusesAReportWithFewerBlocksThanItCounts) {
  const auto packet = raw({0x82, 201, 0, 1, 0, 0, 0, 1});
  RtcpReader reader(packet);
  EXPECT_FALSE(parse_reports(*reader.next()));
}

TEST(Rtcp, ReadsFullIntraRequestsAndRemb) {
  Written out;
  write_fir(out.writer, 1, 2, 3);
  RtcpReader reader(out.bytes());
  std::vector<std::uint32_t> asked;
  for_each_fir(parse_feedback(*reader.next())->control, [&](std::uint32_t ssrc) { asked.push_back(ssrc); });
  EXPECT_THAT(asked, ElementsAre(2u));
  // exponent 2, mantissa 0x20000 → 524,288 bit/s
  const auto remb = parse_remb(raw({'R', 'E', 'M', 'B', 1, 0x0a, 0x00, 0x00, 0, 0, 0, 9}));
  ASSERT_TRUE(remb);
  EXPECT_EQ(remb->bits_per_second, 0x20000u << 2);
  EXPECT_FALSE(parse_remb(raw({'R', 'E', 'M', 'B', 9, 0x0a, 0x00, 0x00})));
}

std::vector<std::optional<FeedbackTime>> statuses_of(Bytes packet, std::uint16_t& base) {
  RtcpReader reader(packet);
  const auto feedback = parse_transport_feedback(parse_feedback(*reader.next())->control);
  base = feedback->base_sequence;
  std::vector<std::optional<FeedbackTime>> result;
  EXPECT_TRUE(for_each_status(*feedback, [&](std::uint16_t, std::optional<FeedbackTime> t) { result.push_back(t); }));
  return result;
}

TEST(TransportFeedback, ComesBackAsItWasWritten) {
  const std::vector<std::optional<FeedbackTime>> sent = {1000, {}, 1001, 1400, 1390, {}, {}, {}, {}, {}, {}, {}, {}, 1391, 1392, 1393,
                                                         1394, 1395, 1396, 1397, 1398};
  Written out;
  EXPECT_EQ(write_transport_feedback(out.writer, {.sender = 1, .media = 2, .base_sequence = 65530, .count = 3}, sent), sent.size());
  EXPECT_EQ(out.bytes().size() % 4, 0u);
  std::uint16_t base = 0;
  EXPECT_EQ(statuses_of(out.bytes(), base), sent);
  EXPECT_EQ(base, 65530);
}

TEST(TransportFeedback, IsWrittenAsTheDraftDraws) {
  const std::optional<FeedbackTime> sent[] = {512, 514};
  Written out;
  write_transport_feedback(out.writer, {.sender = 1, .media = 2, .base_sequence = 3, .count = 4}, sent);
  EXPECT_THAT(out.bytes(), ElementsAreArray(raw({0x8f, 205, 0, 5, 0, 0, 0, 1, 0, 0, 0, 2, 0, 3, 0, 2, 0, 0, 2, 4, 0x20, 2, 0, 2})));
}

TEST(TransportFeedback, EndsBeforeADeltaThatDoesNotFit) {
  const std::optional<FeedbackTime> sent[] = {0, 40000, 40001};
  Written out;
  EXPECT_EQ(write_transport_feedback(out.writer, {}, sent), 1u);
  const std::optional<FeedbackTime> nothing[] = {std::nullopt};
  EXPECT_EQ(write_transport_feedback(out.writer, {}, nothing), 0u);
}

TEST(TransportFeedback, SaysWhenDeltasAreMissing) {
  // two small deltas promised, one there
  const auto control = raw({0, 3, 0, 2, 0, 0, 2, 4, 0x20, 2, 9});
  const auto feedback = parse_transport_feedback(control);
  ASSERT_TRUE(feedback);
  int visited = 0;
  EXPECT_FALSE(for_each_status(*feedback, [&](std::uint16_t, std::optional<FeedbackTime>) { ++visited; }));
  EXPECT_EQ(visited, 1);
  // a chunk that covers nothing would never end
  const auto empty_run = raw({0, 3, 0, 2, 0, 0, 2, 4, 0x00, 0x00});
  EXPECT_FALSE(for_each_status(*parse_transport_feedback(empty_run), [](std::uint16_t, auto) {}));
}

TEST(ReceptionStatistics, CountsLossAndTheExtendedSequence) {
  ReceptionStatistics statistics;
  std::uint32_t timestamp = 0;
  for (const int sequence : {65534, 65535, 0, 2, 3}) {  // 1 is lost
    statistics.received(t0 + std::chrono::milliseconds(timestamp / 90), static_cast<std::uint16_t>(sequence), timestamp, 90000);
    timestamp += 2700;
  }
  ReportBlock block = statistics.report(t0 + 1s, 42);
  EXPECT_EQ(block.ssrc, 42u);
  EXPECT_EQ(block.cumulative_lost, 1);
  EXPECT_EQ(block.fraction_lost, 256 / 6);
  EXPECT_EQ(block.highest_sequence, 0x10003u);
  EXPECT_EQ(block.jitter, 0u);
  EXPECT_EQ(statistics.report(t0 + 2s, 42).fraction_lost, 0);
}

TEST(ReceptionStatistics, TellsHowLongAgoTheSenderReportCame) {
  ReceptionStatistics statistics;
  statistics.received(t0, 1, 0, 48000);
  statistics.sender_report(t0, 0x1122334455667788);
  const ReportBlock block = statistics.report(t0 + 500ms, 1);
  EXPECT_EQ(block.last_sr, 0x33445566u);
  EXPECT_EQ(block.delay_since_last_sr, 32768u);
}

TEST(ReceptionStatistics, StartsOverAfterAJump) {
  ReceptionStatistics statistics;
  statistics.received(t0, 1, 0, 90000);
  statistics.received(t0, 20000, 0, 90000);
  EXPECT_EQ(statistics.report(t0, 1).cumulative_lost, 0);
}

}  // namespace
}  // namespace conclave::rtp
