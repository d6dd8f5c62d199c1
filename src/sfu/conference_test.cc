#include "sfu/test_conference.h"

// Of the sanitizers' allocator; absent in builds without it.
extern "C" int __sanitizer_install_malloc_and_free_hooks(void (*allocated)(const volatile void*, std::size_t),
                                                         void (*freed)(const volatile void*)) __attribute__((weak));

namespace conclave::sfu {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::size_t g_allocations = 0;
void count_allocation(const volatile void*, std::size_t) { ++g_allocations; }
void ignore_free(const volatile void*) {}

template <class Work>
std::size_t allocations_of(Work work) {
  const std::size_t before = g_allocations;
  work();
  return g_allocations - before;
}

class NullPort final : public DatagramPort {
 public:
  void send(const Address&, Bytes datagram) override {
    ++sent;
    last.assign(datagram.begin(), datagram.end());
  }
  std::size_t sent = 0;
  std::vector<std::byte> last;
};

TEST_F(ConferenceTest, ConnectsEndpointsAndSaysSo) {
  join_two();
  EXPECT_THAT(world.listener.connected, ElementsAre("aaaa", "bbbb"));
  EXPECT_THAT(world.listener.failed, IsEmpty());
  EXPECT_EQ(a.srtp->profile(), srtp::Profile::AeadAes128Gcm);
  EXPECT_THAT(world.sfu->debug_state(), HasSubstr("\"transport\":\"connected\""));
}

TEST_F(ConferenceTest, AudioArrivesDecryptedAtTheOthersAndNotAtItsSender) {
  join_two();
  a.send_rtp(audio(0x50, 7, 30));
  ASSERT_THAT(b.rtp, SizeIs(1));
  EXPECT_THAT(a.rtp, IsEmpty());
  EXPECT_EQ(header_of(b.rtp[0]).ssrc, 0x50u);
  EXPECT_EQ(header_of(b.rtp[0]).sequence, 7);
  EXPECT_EQ(header_of(b.rtp[0]).timestamp, 7 * 960u);
  rtp::ExtensionReader reader(header_of(b.rtp[0]).extensions);
  EXPECT_EQ(rtp::parse_audio_level(reader.next()->data)->level, 30);
  EXPECT_FALSE(reader.next());  // no transport number on audio
  EXPECT_EQ(rtp::payload_of(b.rtp[0], header_of(b.rtp[0]))->size(), 40u);
}

TEST_F(ConferenceTest, NoVideoIsForwardedBeforeItIsAskedFor) {
  join_two();
  send_all_layers(1, true);
  EXPECT_THAT(b.rtp, IsEmpty());
  b_wants(R"({"colibriClass":"ReceiverVideoConstraints","lastN":-1})");  // without a default: 180
  EXPECT_THAT(feedback(a, rtp::rtcp::kPayloadFeedback, rtp::rtcp::kPli), SizeIs(1));
  send_all_layers(2, true);
  ASSERT_THAT(b.rtp, SizeIs(1));
  EXPECT_EQ(vp8_of(b.rtp[0]).height, 180);
}

TEST_F(ConferenceTest, VideoStartsAtAKeyFrameUnderThePrimarySsrcWithTransportNumbers) {
  join_two();
  b_wants(kWantsHigh);
  send_all_layers(1, false);
  EXPECT_THAT(b.rtp, IsEmpty());
  EXPECT_FALSE(feedback(a, rtp::rtcp::kPayloadFeedback, rtp::rtcp::kPli).empty());
  send_all_layers(2, true);
  // The low layer first, since it came first; then nearer and nearer to the target.
  ASSERT_THAT(b.rtp, SizeIs(3));
  EXPECT_EQ(vp8_of(b.rtp.back()).height, 720);
  std::uint16_t transport = 0;
  for (std::size_t i = 0; i < b.rtp.size(); ++i) {
    const rtp::Header header = header_of(b.rtp[i]);
    EXPECT_EQ(header.ssrc, 0x100u);
    EXPECT_EQ(header.sequence, 2 + i);
    rtp::ExtensionReader reader(header.extensions);
    const auto number = reader.next();
    ASSERT_TRUE(number);
    EXPECT_EQ(number->id, 5);
    const std::uint16_t value = ByteReader(number->data).u16();
    if (i > 0) {
      EXPECT_EQ(value, transport + 1);
    }
    transport = value;
  }
}

TEST_F(ConferenceTest, AudioLeavesNoGapInTheTransportNumbers) {
  join_two();
  b_wants(kWantsLow);
  send({.sequence = 1, .key = true, .height = 180});
  for (std::uint16_t i = 0; i < 3; ++i) a.send_rtp(audio(0x50, i, 30));
  send({.sequence = 2});
  std::vector<std::uint16_t> numbers;
  for (const Datagram& packet : b.rtp) {
    if (header_of(packet).ssrc != 0x100u) continue;
    rtp::ExtensionReader reader(header_of(packet).extensions);
    numbers.push_back(ByteReader(reader.next()->data).u16());
  }
  ASSERT_THAT(numbers, SizeIs(2));
  EXPECT_EQ(numbers[1], numbers[0] + 1);
}

TEST_F(ConferenceTest, SwitchesLayersAtKeyFramesWithoutABreakInAnyNumber) {
  join_two();
  b_wants(kWantsHigh);
  for (std::uint16_t s = 1; s <= 3; ++s) send_all_layers(s, s == 1);
  ASSERT_THAT(b.rtp, SizeIs(5));
  world.advance(1s);
  a.forget();
  b_wants(kWantsLow);
  const auto requests = feedback(a, rtp::rtcp::kPayloadFeedback, rtp::rtcp::kPli);
  ASSERT_THAT(requests, SizeIs(1));
  EXPECT_EQ(requests[0].media, 0x100u);  // the encoding that is wanted
  EXPECT_EQ(requests[0].sender, world.conference->video_ssrc());
  world.advance(30ms);
  send_all_layers(4, false);  // still the old one
  send_all_layers(5, true);
  send_all_layers(6, false);
  const auto& got = b.rtp;
  ASSERT_THAT(got, SizeIs(8));
  EXPECT_EQ(vp8_of(got[6]).height, 180);
  for (std::size_t i = 1; i < got.size(); ++i) {
    const auto step = [&](auto of) { return of(i) - of(i - 1); };
    EXPECT_EQ(step([&](std::size_t k) { return int{header_of(got[k]).sequence}; }), 1) << i;
    EXPECT_EQ(step([&](std::size_t k) { return int{*vp8_of(got[k]).picture_id}; }), 1) << i;
    EXPECT_GT(rtp::ahead(header_of(got[i]).timestamp, header_of(got[i - 1]).timestamp), 0) << i;
  }
}

TEST_F(ConferenceTest, AnswersANackByRtxAndNotAgainWithinARoundTrip) {
  join_two();
  b_wants(kWantsHigh);
  send_all_layers(1, true);
  const Datagram original = b.rtp.back();
  b.forget();
  Datagram nack(64);
  ByteWriter writer{MutableBytes(nack)};
  const std::uint16_t lost[] = {header_of(original).sequence};
  rtp::write_nack(writer, 1, 0x100, lost);
  nack.resize(writer.position());
  b.send_rtcp(nack);
  EXPECT_THAT(b.rtp, IsEmpty());  // sent just now
  world.advance(100ms);
  b.send_rtcp(nack);
  ASSERT_THAT(b.rtp, SizeIs(1));
  const rtp::Header header = header_of(b.rtp[0]);
  EXPECT_EQ(header.ssrc, 0x200u);
  EXPECT_EQ(header.payload_type, 96);
  EXPECT_EQ(header.timestamp, header_of(original).timestamp);
  const Bytes payload = *rtp::payload_of(b.rtp[0], header);
  EXPECT_EQ(ByteReader(payload).u16(), lost[0]);
  const Bytes expected = *rtp::payload_of(original, header_of(original));
  EXPECT_TRUE(std::ranges::equal(payload.subspan(2), expected));
  b.send_rtcp(nack);
  EXPECT_THAT(b.rtp, SizeIs(1));
  EXPECT_EQ(world.sfu->counters().retransmitted.value(), 1u);
}

TEST_F(ConferenceTest, AsksTheSenderForWhatIsMissingAndTakesItByRtx) {
  join_two();
  b_wants(kWantsHigh);
  send({.ssrc = 0x100, .sequence = 10, .timestamp = 3000, .picture_id = 1, .key = true});
  a.forget();
  send({.ssrc = 0x100, .sequence = 13, .timestamp = 12000, .picture_id = 4});
  const auto nacks = feedback(a, rtp::rtcp::kTransportFeedback, rtp::rtcp::kNack);
  ASSERT_THAT(nacks, SizeIs(1));
  EXPECT_EQ(nacks[0].media, 0x100u);
  std::vector<int> asked;
  rtp::for_each_nack(nacks[0].control, [&](std::uint16_t s) { asked.push_back(s); });
  EXPECT_THAT(asked, ElementsAre(11, 12));

  b.forget();
  const Datagram lost = video({.ssrc = 0x100, .sequence = 11, .timestamp = 6000, .picture_id = 2});
  Datagram rtx(1000);
  ByteWriter writer{MutableBytes(rtx)};
  rtp::write_header(writer, {.marker = true, .payload_type = 96, .sequence = 1, .timestamp = 6000, .ssrc = 0x200}, {});
  writer.u16(11);
  writer.bytes(*rtp::payload_of(lost, header_of(lost)));
  rtx.resize(writer.position());
  a.send_rtp(rtx);
  ASSERT_THAT(b.rtp, SizeIs(1));
  EXPECT_EQ(header_of(b.rtp[0]).sequence, 11);
  EXPECT_EQ(header_of(b.rtp[0]).ssrc, 0x100u);
  EXPECT_EQ(header_of(b.rtp[0]).payload_type, 100);
  // The original comes after all: it was here.
  a.send_rtp(lost);
  EXPECT_THAT(b.rtp, SizeIs(1));
  EXPECT_EQ(world.sfu->counters().duplicates.value(), 1u);
  a.forget();
  world.advance(150ms);
  EXPECT_THAT(feedback(a, rtp::rtcp::kTransportFeedback, rtp::rtcp::kNack), SizeIs(1));  // 12 alone
}

TEST_F(ConferenceTest, WhatCameBeforeALateKeyFramesFirstPacketCanStillBeHad) {
  join_two();
  b_wants(kWantsHigh);
  send({.ssrc = 0x100, .sequence = 9, .timestamp = 3000, .picture_id = 1});
  send({.ssrc = 0x100, .sequence = 11, .timestamp = 6000, .picture_id = 2});
  EXPECT_THAT(b.rtp, IsEmpty());
  send({.ssrc = 0x100, .sequence = 10, .timestamp = 6000, .picture_id = 2, .key = true});
  send({.ssrc = 0x100, .sequence = 12, .timestamp = 9000, .picture_id = 3});
  ASSERT_THAT(b.rtp, SizeIs(2));
  b.forget();
  Datagram nack(64);
  ByteWriter writer{MutableBytes(nack)};
  const std::uint16_t lost[] = {11};
  rtp::write_nack(writer, 1, 0x100, lost);
  nack.resize(writer.position());
  b.send_rtcp(nack);
  ASSERT_THAT(b.rtp, SizeIs(1));
  EXPECT_EQ(ByteReader(*rtp::payload_of(b.rtp[0], header_of(b.rtp[0]))).u16(), 11);
  EXPECT_EQ(header_of(b.rtp[0]).timestamp, 6000u);
  b.send_rtcp(nack);
  EXPECT_THAT(b.rtp, SizeIs(1));  // not again so soon
}

TEST_F(ConferenceTest, PaddingLeavesNoHoleForReceivers) {
  join_two();
  b_wants(kWantsHigh);
  send({.ssrc = 0x100, .sequence = 10, .timestamp = 3000, .picture_id = 1, .key = true});
  Datagram padding(64);
  ByteWriter writer{MutableBytes(padding)};
  rtp::write_header(writer, {.payload_type = 100, .sequence = 11, .timestamp = 3000, .ssrc = 0x100}, {});
  writer.fill(9);
  writer.u8(10);
  padding.resize(writer.position());
  padding[0] |= std::byte{0x20};
  a.send_rtp(padding);
  send({.ssrc = 0x100, .sequence = 12, .timestamp = 6000, .picture_id = 2});
  ASSERT_THAT(b.rtp, SizeIs(2));
  EXPECT_EQ(header_of(b.rtp[1]).sequence, 11);
}

TEST_F(ConferenceTest, APictureLossReachesTheSenderButNotTooOften) {
  join_two();
  b_wants(kWantsHigh);
  send_all_layers(1, true);
  world.advance(1s);
  a.forget();
  Datagram pli(12);
  ByteWriter writer{MutableBytes(pli)};
  rtp::write_pli(writer, 1, 0x100);
  for (int i = 0; i < 5; ++i) b.send_rtcp(pli);
  const auto requests = feedback(a, rtp::rtcp::kPayloadFeedback, rtp::rtcp::kPli);
  ASSERT_THAT(requests, SizeIs(1));
  EXPECT_EQ(requests[0].media, 0x102u);  // what b is watching
  for (int i = 0; i < 10; ++i) {
    world.advance(200ms);
    b.send_rtcp(pli);
  }
  EXPECT_THAT(feedback(a, rtp::rtcp::kPayloadFeedback, rtp::rtcp::kPli), SizeIs(3));  // three in ten seconds
}

TEST_F(ConferenceTest, SenderReportsGoOnWithMappedTimeAndOurCounts) {
  join_two();
  b_wants(kWantsHigh);
  for (std::uint16_t s = 1; s <= 3; ++s) send_all_layers(s, s == 1);
  b.forget();
  Datagram report(28);
  ByteWriter writer{MutableBytes(report)};
  rtp::write_sender_report(writer, {.ssrc = 0x102, .ntp = 0x0102030405060708, .rtp_timestamp = 3 * 3000 + 9, .packets = 999, .octets = 999});
  a.send_rtcp(report);
  ASSERT_THAT(b.rtcp, SizeIs(1));
  rtp::RtcpReader reader(b.rtcp[0]);
  const auto reports = rtp::parse_reports(*reader.next());
  ASSERT_TRUE(reports && reports->sender_report);
  EXPECT_EQ(reports->sender_report->ssrc, 0x100u);
  EXPECT_EQ(reports->sender_report->ntp, 0x0102030405060708u);
  EXPECT_EQ(reports->sender_report->packets, 5u);
  // The timestamp under which the last packet (3 * 3000 + 9 at the sender) went out.
  send({.ssrc = 0x102, .sequence = 9004, .timestamp = 3 * 3000 + 9, .picture_id = 604});
  EXPECT_EQ(reports->sender_report->rtp_timestamp, header_of(b.rtp.back()).timestamp);
}

TEST_F(ConferenceTest, SendersGetReceiverReportsAndTransportFeedback) {
  join_two();
  a.forget();
  for (int i = 0; i < 5; ++i) {
    if (i == 3) continue;
    send({.ssrc = 0x100, .sequence = static_cast<std::uint16_t>(i), .timestamp = 1000, .picture_id = 1, .key = i == 0, .transport_sequence = 50 + i});
    world.advance(5ms, 5ms);
  }
  world.advance(600ms);
  const auto transport = feedback(a, rtp::rtcp::kTransportFeedback, rtp::rtcp::kTransportWide);
  ASSERT_FALSE(transport.empty());
  std::vector<int> arrived;
  for (const rtp::Feedback& f : transport) {
    rtp::for_each_status(*rtp::parse_transport_feedback(f.control), [&](std::uint16_t s, auto t) {
      if (t) arrived.push_back(s);
    });
  }
  EXPECT_THAT(arrived, ElementsAre(50, 51, 52, 54));
  bool found = false;
  for (const Datagram& datagram : a.rtcp) {
    rtp::RtcpReader reader(datagram);
    const auto block = reader.next();
    if (block->type != rtp::rtcp::kReceiverReport) continue;
    const auto reports = rtp::parse_reports(*block);
    for (const auto& report : reports->span()) found = found || (report.ssrc == 0x100 && report.cumulative_lost == 1);
  }
  EXPECT_TRUE(found);
}

TEST_F(ConferenceTest, GarbageAndStrangersAreCountedAndNothingElse) {
  join_two();
  const std::uint64_t sent = world.network.sent;
  SeededRandom noise(7);
  for (int i = 0; i < 2000; ++i) {
    Datagram garbage(static_cast<std::size_t>(i % 200));
    noise.fill(garbage);
    world.sfu->receive(i % 2 == 0 ? a.address : Address::v4(0x01020304, 9), garbage);
  }
  a.send_rtp(audio(0x51, 1, 10));  // an SSRC that nobody signalled
  Datagram other_type = audio(0x50, 1, 10);
  other_type[1] = std::byte{50};
  a.send_rtp(other_type);
  Datagram forged = a.protect_rtp(audio(0x50, 2, 10));
  forged.back() ^= std::byte{1};
  world.sfu->receive(a.address, forged);
  const SfuCounters& counters = world.sfu->counters();
  EXPECT_GT(counters.garbage.value(), 0u);
  EXPECT_GT(counters.unknown_address.value(), 0u);
  EXPECT_GE(counters.unknown_ssrc.value(), 1u);
  EXPECT_GE(counters.unknown_payload_type.value(), 1u);
  EXPECT_GE(counters.srtp_refused.value(), 1u);
  EXPECT_EQ(counters.forwarded.value(), 0u);
  EXPECT_LT(world.network.sent - sent, 10u);
  a.send_rtp(audio(0x50, 3, 10));  // and all is well
  EXPECT_THAT(b.rtp, SizeIs(1));
}

TEST_F(ConferenceTest, ForceMuteStopsThatKindAlone) {
  join_two();
  b_wants(kWantsHigh);
  world.conference->set_force_muted("aaaa", SourceClass::Audio, true);
  a.send_rtp(audio(0x50, 1, 10));
  send_all_layers(1, true);
  EXPECT_THAT(b.rtp, SizeIs(3));
  world.conference->set_force_muted("aaaa", SourceClass::Audio, false);
  a.send_rtp(audio(0x50, 2, 10));
  EXPECT_THAT(b.rtp, SizeIs(4));
}

TEST_F(ConferenceTest, ASourceThatComesBackUnderItsSsrcContinuesItsNumbers) {
  join_two();
  a.send_rtp(audio(0x50, 100, 10));
  world.conference->set_sources("aaaa", {});
  a.send_rtp(audio(0x50, 101, 10));
  EXPECT_THAT(b.rtp, SizeIs(1));
  Peer c(world, "cccc", 5003);
  c.connect();
  // Somebody else with the same SSRC and the same sequence number: the keystream must not be used twice.
  world.conference->set_sources("cccc", {microphone("cccc-a0", 0x50)});
  c.send_rtp(audio(0x50, 100, 10));
  ASSERT_THAT(b.rtp, SizeIs(2));
  EXPECT_EQ(header_of(b.rtp[1]).sequence, 101);
  world.conference->remove_endpoint("cccc");
}

TEST_F(ConferenceTest, SourcesBeyondTheLimitsAreRefusedAsAWhole) {
  join_two();
  std::vector<Source> many;
  for (std::uint32_t i = 0; i <= kMaxSourcesPerEndpoint; ++i) many.push_back(microphone("aaaa-a" + std::to_string(i), 1000 + i));
  EXPECT_EQ(world.conference->set_sources("aaaa", many), EndpointError::TooManySources);
  EXPECT_EQ(world.conference->set_sources("aaaa", {camera("x", {1, 2, 3, 4}, {})}), EndpointError::BadSources);
  EXPECT_EQ(world.conference->set_sources("aaaa", {camera("x", {1}, {2, 3})}), EndpointError::BadSources);
  EXPECT_EQ(world.conference->set_sources("aaaa", {camera("x", {1}, {1})}), EndpointError::BadSources);
  EXPECT_EQ(world.conference->set_sources("aaaa", {camera("x", {}, {})}), EndpointError::BadSources);
  EXPECT_EQ(world.conference->set_sources("nobody", {}), EndpointError::NoSuchEndpoint);
  a.send_rtp(audio(0x50, 1, 10));  // the old ones are still there
  EXPECT_THAT(b.rtp, SizeIs(1));
}

TEST(Conference, RefusesEndpointsBeyondTheLimitOrWithATakenId) {
  SfuOptions options;
  options.max_endpoints = 2;
  World small(options);
  EXPECT_TRUE(small.conference->add_endpoint("one"));
  EXPECT_FALSE(small.conference->add_endpoint("one"));
  EXPECT_TRUE(small.conference->add_endpoint("two"));
  EXPECT_FALSE(small.conference->add_endpoint("three"));
  small.conference->remove_endpoint("one");
  EXPECT_TRUE(small.conference->add_endpoint("three"));
}

TEST_F(ConferenceTest, AnAnswerWithoutAFingerprintOrWithBadCredentialsIsRefused) {
  world.conference->add_endpoint("aaaa");
  RemoteTransport remote = a.answer();
  remote.fingerprints[0].value = "no";
  EXPECT_EQ(world.conference->accept("aaaa", remote, {}), EndpointError::BadFingerprint);
  remote = a.answer();
  remote.pwd = "short";
  EXPECT_EQ(world.conference->accept("aaaa", remote, {}), EndpointError::BadCredentials);
  EXPECT_EQ(world.conference->accept("nobody", a.answer(), {}), EndpointError::NoSuchEndpoint);
}

TEST_F(ConferenceTest, APeerWithAnotherCertificateFailsAndGetsNothing) {
  b.connect();
  const auto offer = world.conference->add_endpoint("aaaa");
  a.local = *offer;
  RemoteTransport remote = a.answer();
  remote.fingerprints[0].value[0] = remote.fingerprints[0].value[0] == '0' ? '1' : '0';
  ASSERT_EQ(world.conference->accept("aaaa", remote, testing::usual_media()), EndpointError::None);
  a.start();
  world.advance(3s, 50ms);
  EXPECT_THAT(world.listener.connected, ElementsAre("bbbb"));
  ASSERT_THAT(world.listener.failed, SizeIs(1));
  EXPECT_THAT(world.listener.failed[0], HasSubstr("aaaa: "));
  EXPECT_EQ(world.sfu->counters().dtls_failed.value(), 1u);
}

TEST_F(ConferenceTest, AnEndpointThatNeverComesFailsAfterTwoMinutes) {
  world.conference->add_endpoint("aaaa");
  world.advance(119s, 1s);
  EXPECT_THAT(world.listener.failed, IsEmpty());
  world.advance(2s, 1s);
  EXPECT_THAT(world.listener.failed, ElementsAre("aaaa: not connected within two minutes"));
  EXPECT_EQ(world.conference->endpoint_count(), 1u);  // focus removes it
}

TEST_F(ConferenceTest, LostConsentFailsTheEndpoint) {
  join_two();
  a.frozen = true;
  world.advance(60s, 500ms);
  EXPECT_THAT(world.listener.failed, ElementsAre("aaaa: ice consent lost"));
  b.send_rtp(audio(0x60, 1, 10));  // no crash, no packet
}

TEST_F(ConferenceTest, AChangeOfCodecOnOneSsrcWaitsForItsKeyFrame) {
  join_two();
  b_wants(kWantsHigh);
  send({.ssrc = 0x100, .sequence = 10, .timestamp = 3000, .picture_id = 1, .key = true});
  const auto vp9 = [&](std::uint16_t sequence, bool key) {
    Datagram packet(100);
    ByteWriter writer{MutableBytes(packet)};
    rtp::write_header(writer, {.marker = true, .payload_type = 101, .sequence = sequence, .timestamp = sequence * 3000u, .ssrc = 0x100}, {});
    writer.u8(key ? 0x8c : 0xcc);
    writer.u16(0x8001);
    writer.fill(20);
    packet.resize(writer.position());
    a.send_rtp(packet);
  };
  vp9(11, false);
  EXPECT_THAT(b.rtp, SizeIs(1));
  vp9(12, true);
  vp9(13, false);
  ASSERT_THAT(b.rtp, SizeIs(3));
  EXPECT_EQ(header_of(b.rtp[1]).payload_type, 101);
  EXPECT_EQ(header_of(b.rtp[1]).sequence, 11);
  EXPECT_EQ(header_of(b.rtp[2]).sequence, 12);
}

TEST_F(ConferenceTest, ReceiversGetOnlyPayloadTypesThatTheyTook) {
  a.connect();
  MediaDescription audio_only = testing::usual_media();
  audio_only.payload_types.resize(1);
  b.connect(audio_only);
  world.conference->set_sources("aaaa", {microphone("aaaa-a0", 0x50), camera("aaaa-v0", {0x100}, {})});
  b_wants(kWantsHigh);
  send({.ssrc = 0x100, .key = true});
  EXPECT_THAT(b.rtp, IsEmpty());
  a.send_rtp(audio(0x50, 1, 10));
  EXPECT_THAT(b.rtp, SizeIs(1));
}

TEST_F(ConferenceTest, ForwardingAllocatesNothing) {
  if (__sanitizer_install_malloc_and_free_hooks == nullptr) GTEST_SKIP() << "no allocator hooks in this build";
  static const bool installed = __sanitizer_install_malloc_and_free_hooks(count_allocation, ignore_free) != 0;
  ASSERT_TRUE(installed);
  join_two();
  b_wants(kWantsHigh);
  send_all_layers(1, true);
  a.send_rtp(audio(0x50, 1, 10));
  std::vector<Datagram> packets;
  for (std::uint16_t s = 2; s < 102; ++s) {
    packets.push_back(a.protect_rtp(video({.ssrc = 0x102, .sequence = static_cast<std::uint16_t>(9000 + s), .timestamp = s * 3000u,
                                           .picture_id = s, .transport_sequence = s})));
    packets.push_back(a.protect_rtp(audio(0x50, s, 10)));
  }
  // What the crypto library takes for each packet (Debian's libsrtp stands on NSS, which allocates) is not ours: measured at the peers.
  Datagram sample = audio(0x50, 200, 10);
  const std::size_t clear = sample.size();
  sample.resize(clear + srtp::kMaxTrailerBytes);
  const std::size_t protecting = allocations_of([&] { (void)a.srtp->protect_rtp(sample, clear); });
  std::size_t unprotecting = 0;
  {
    NullPort keeps;
    world.network.divert = &keeps;
    world.sfu->receive(a.address, packets[0]);
    ASSERT_EQ(keeps.sent, 1u);
    unprotecting = allocations_of([&] { (void)b.srtp->unprotect_rtp(keeps.last); });
  }
  packets.erase(packets.begin());
  NullPort port;
  port.last.reserve(2000);
  world.network.divert = &port;
  EXPECT_EQ(allocations_of([&] {
              for (Datagram& packet : packets) world.sfu->receive(a.address, packet);
            }),
            packets.size() * (protecting + unprotecting));
  EXPECT_GE(port.sent, packets.size());
  world.network.divert = nullptr;
}

TEST_F(ConferenceTest, NoSsrcThatAReceiverWasSentIsForgottenAndTheirNumberIsLimited) {
  join_two();
  std::uint32_t ssrc = 10000;
  for (std::size_t i = 0; i < kMaxRememberedSsrcs / kMaxSourcesPerEndpoint + 2; ++i) {
    std::vector<Source> many;
    for (std::size_t k = 0; k < kMaxSourcesPerEndpoint; ++k, ++ssrc) many.push_back(microphone("aaaa-a" + std::to_string(k), ssrc));
    ASSERT_EQ(world.conference->set_sources("aaaa", many), EndpointError::None);
  }
  EXPECT_GT(world.sfu->counters().ssrcs_refused.value(), 0u);
  a.send_rtp(audio(ssrc - 1, 1, 10));  // one too many for b
  EXPECT_THAT(b.rtp, IsEmpty());
  ASSERT_EQ(world.conference->set_sources("aaaa", {microphone("aaaa-a0", 0x50)}), EndpointError::None);
  a.send_rtp(audio(0x50, 1, 10));  // one that is known
  EXPECT_THAT(b.rtp, SizeIs(1));
}

TEST(Conference, HoldsNoMoreEndpointsThanItsLimit) {
  World crowd;
  for (std::size_t i = 0; i < kMaxEndpointsPerConference; ++i) ASSERT_TRUE(crowd.conference->add_endpoint("e" + std::to_string(i)));
  EXPECT_FALSE(crowd.conference->add_endpoint("one more"));
  EXPECT_EQ(crowd.conference->endpoint_count(), kMaxEndpointsPerConference);
}

}  // namespace
}  // namespace conclave::sfu
