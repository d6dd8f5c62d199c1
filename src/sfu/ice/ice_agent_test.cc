#include "sfu/ice/test_agent.h"

namespace conclave::ice {
namespace {

TEST_F(Ice, DrawsCredentialsThatOthersAccept) {
  EXPECT_TRUE(valid_credentials(agent_.local().ufrag, agent_.local().pwd));
  SeededRandom other(43);
  EXPECT_NE(IceAgent(other, t0).local().pwd, agent_.local().pwd);
}

TEST_F(Ice, DoesNothingByItself) {
  EXPECT_EQ(agent_.deadline(), std::nullopt);
  EXPECT_EQ(agent_.selected(), std::nullopt);
}

TEST_F(Ice, AnswersBeforeTheRemoteCredentialsAreKnown) {
  ask(kA);
  const auto sent = take();
  ASSERT_EQ(sent.size(), 1u) << "no check can be made yet";
  EXPECT_EQ(sent[0].to, kA);
  const StunMessage message = sent[0].message();
  EXPECT_EQ(message.message_class, StunClass::Success);
  EXPECT_EQ(message.xor_mapped_address, kA);
  EXPECT_EQ(message.integrity(agent_.local().pwd), Integrity::Good);
  EXPECT_TRUE(message.has_fingerprint);
  EXPECT_THAT(events(), ElementsAre(learnt(kA)));
  EXPECT_EQ(agent_.last_heard(), t0);
}

TEST_F(Ice, ChecksWhatItHasLearntOnceTheCredentialsCome) {
  ask(kA);
  take();
  know();
  const auto checks = take_checks();
  ASSERT_EQ(checks.size(), 1u);
  EXPECT_EQ(checks[0].to, kA);
  const StunMessage check = checks[0].message();
  EXPECT_EQ(check.username, "peer:" + agent_.local().ufrag);
  EXPECT_EQ(check.integrity(kPeer.pwd), Integrity::Good);
  EXPECT_TRUE(check.use_candidate);
  EXPECT_TRUE(check.ice_controlling.has_value());
  EXPECT_EQ(check.priority, candidate_priority(CandidateType::PeerReflexive, 65535, 1));
  EXPECT_TRUE(check.has_fingerprint);
}

TEST_F(Ice, ConnectsWithTheFirstAnswer) {
  know();
  ask(kA);
  const auto checks = take_checks();
  ASSERT_EQ(checks.size(), 1u);
  events();
  answer(checks[0], kA);
  EXPECT_THAT(events(), ElementsAre(connected(kA)));
  EXPECT_EQ(agent_.selected(), kA);
}

TEST_F(Ice, ChecksSignalledCandidatesAtThePaceAndByPriority) {
  know({candidate(kB, CandidateType::ServerReflexive), candidate(kA, CandidateType::Host)});
  auto checks = take_checks();
  ASSERT_EQ(checks.size(), 1u);
  EXPECT_EQ(checks[0].to, kA);
  EXPECT_EQ(agent_.deadline(), t0 + kCheckPace);
  advance_to(t0 + kCheckPace);
  checks = take_checks();
  ASSERT_EQ(checks.size(), 1u);
  EXPECT_EQ(checks[0].to, kB);
}

TEST_F(Ice, UnusableCandidatesAreLeftOut) {
  Candidate tcp = candidate(kA, CandidateType::Host);
  tcp.protocol = Protocol::Tcp;
  Candidate rtcp = candidate(kB, CandidateType::Host);
  rtcp.component = 2;
  know({tcp, rtcp, candidate(kC.with_port(0), CandidateType::Host), candidate(Address::v4(0xe0000001, 5), CandidateType::Host),
        candidate(Address::v4(0xffffffff, 5), CandidateType::Host), candidate(*Address::parse("ff02::1", 5), CandidateType::Host),
        candidate(*Address::parse("::", 5), CandidateType::Host)});
  EXPECT_EQ(agent_.deadline(), std::nullopt);
  EXPECT_THAT(take(), IsEmpty());
}

TEST_F(Ice, InvalidRemoteCredentialsChangeNothing) {
  EXPECT_FALSE(agent_.set_remote(t0, {"abc", kPeer.pwd}, {}));
  EXPECT_FALSE(agent_.set_remote(t0, {"peer", "short"}, {}));
  EXPECT_FALSE(agent_.set_remote(t0, {"pe:r", kPeer.pwd}, {}));
  EXPECT_FALSE(agent_.set_remote(t0, {std::string(257, 'a'), kPeer.pwd}, {}));
  ask(kA);
  EXPECT_THAT(take_checks(), IsEmpty());
}

TEST_F(Ice, RepeatsAnUnansweredCheckAsRfc8489Says) {
  know({candidate(kA, CandidateType::Host)});
  std::vector<Duration> at;
  std::vector<TransactionId> transactions;
  while (true) {
    for (const Sent& check : take_checks()) {
      at.push_back(now_ - t0);
      transactions.push_back(check.message().transaction);
    }
    if (!agent_.deadline()) break;
    now_ = *agent_.deadline();
    agent_.advance(now_);
    drain();
  }
  EXPECT_THAT(at, ElementsAre(0ms, 500ms, 1500ms, 3500ms, 7500ms, 15500ms, 31500ms));
  EXPECT_THAT(transactions, testing::Each(transactions[0]));
  EXPECT_EQ(now_ - t0, 39500ms);
}

TEST_F(Ice, AFailedPairIsCheckedAgainWhenThePeerAsks) {
  know({candidate(kA, CandidateType::Host)});
  advance_to(t0 + 60s);
  take();
  ask(kA);
  const auto checks = take_checks();
  ASSERT_EQ(checks.size(), 1u);
  answer(checks[0], kA);
  EXPECT_EQ(agent_.selected(), kA);
}

TEST_F(Ice, APeerThatAsksAgainGetsAnotherCheckButNotForEveryQuestion) {
  know();
  ask(kA);
  EXPECT_EQ(take_checks().size(), 1u);
  for (int i = 0; i < 20; ++i) ask(kA);
  EXPECT_EQ(take_checks().size(), 0u);
  advance_to(t0 + kRetriggerGap);
  EXPECT_EQ(take_checks().size(), 1u);
}

TEST_F(Ice, ResponsesFromElsewhereOrWithoutTheRightPasswordAreIgnored) {
  know();
  ask(kA);
  const auto checks = take_checks();
  answer(checks[0], kB);
  EXPECT_EQ(agent_.counters().stray_responses, 1u);
  answer(checks[0], kA, 0, "a wrong password of some length");
  EXPECT_EQ(agent_.counters().wrong_integrity, 1u);
  EXPECT_EQ(agent_.selected(), std::nullopt);
  answer(checks[0], kA);
  EXPECT_EQ(agent_.selected(), kA);
  answer(checks[0], kA);
  EXPECT_EQ(agent_.counters().stray_responses, 2u);
}

TEST_F(Ice, AForgedErrorDoesNotEndACheck) {
  know();
  ask(kA);
  const auto checks = take_checks();
  answer(checks[0], kA, kBadRequest, "a wrong password of some length");
  answer(checks[0], kA);
  EXPECT_EQ(agent_.selected(), kA);
}

TEST_F(Ice, AWrongPasswordGets401AndTeachesNothing) {
  know();
  const auto bytes = question({.key = "not the password"});
  agent_.receive(now_, kA, bytes);
  drain();
  const auto sent = take();
  ASSERT_EQ(sent.size(), 1u);
  ASSERT_TRUE(sent[0].message().error_code.has_value());
  EXPECT_EQ(sent[0].message().error_code->code, kUnauthenticated);
  EXPECT_LE(sent[0].bytes.size(), bytes.size()) << "nobody may use us to amplify";
  EXPECT_EQ(agent_.counters().wrong_integrity, 1u);
  EXPECT_THAT(events(), IsEmpty());
  EXPECT_EQ(agent_.last_heard(), std::nullopt);
}

TEST_F(Ice, ARequestWithoutIntegrityGets400NoLongerThanItself) {
  const auto bytes = StunWriter(StunClass::Request, kBindingMethod, {}).username(agent_.local().ufrag + ":").finish(std::nullopt);
  agent_.receive(now_, kA, bytes);
  drain();
  const auto sent = take();
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_EQ(sent[0].message().error_code->code, kBadRequest);
  EXPECT_LE(sent[0].bytes.size(), bytes.size());
}

TEST_F(Ice, SilenceForWhatIsNotForUs) {
  agent_.receive(now_, kA, StunWriter(StunClass::Request, kBindingMethod, {}).finish(std::nullopt));
  agent_.receive(now_, kA, StunWriter(StunClass::Request, kBindingMethod, {}).username("other:peer").finish("x"));
  agent_.receive(now_, kA, StunWriter(StunClass::Request, 0x003, {}).username(agent_.local().ufrag + ":peer").finish("x"));
  agent_.receive(now_, kA, as_bytes("\x16 not STUN"));
  agent_.receive(now_, kA, StunWriter(StunClass::Indication, kBindingMethod, {}).finish(std::nullopt));
  drain();
  EXPECT_THAT(take(), IsEmpty());
  EXPECT_EQ(agent_.counters().malformed, 4u);
}

TEST_F(Ice, UnknownRequiredAttributesGet420WithTheirTypes) {
  const auto request = [&](std::string_view key) {
    return StunWriter(StunClass::Request, kBindingMethod, {})
        .username(agent_.local().ufrag + ":peer")
        .attribute(0x7001, as_bytes("what is this"))
        .finish(key);
  };
  know();
  agent_.receive(now_, kA, request("not the password"));
  agent_.receive(now_, kA, request(agent_.local().pwd));
  drain();
  const auto sent = take();
  ASSERT_EQ(sent.size(), 2u);
  EXPECT_EQ(sent[0].message().error_code->code, kUnauthenticated) << "authentic first";
  EXPECT_EQ(sent[1].message().error_code->code, kUnknownAttribute);
  EXPECT_EQ(sent[1].message().integrity(agent_.local().pwd), Integrity::Good);
  EXPECT_THAT(as_text(sent[1].bytes), testing::HasSubstr(std::string_view("\x00\x0a\x00\x02\x70\x01", 6)));
  EXPECT_EQ(agent_.counters().unknown_attributes, 1u);
}

TEST_F(Ice, ControllingAgainstControllingIsSettledByTheTieBreaker) {
  know();
  ask(kA, {.controlling = 0, .controlled = std::nullopt});  // ours is larger
  auto sent = take();
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_EQ(sent[0].message().error_code->code, kRoleConflict);
  EXPECT_EQ(sent[0].message().integrity(agent_.local().pwd), Integrity::Good);
  EXPECT_EQ(agent_.role(), Role::Controlling);

  ask(kA, {.controlling = ~std::uint64_t{0}, .controlled = std::nullopt});
  EXPECT_EQ(agent_.role(), Role::Controlled);
  sent = take();
  ASSERT_EQ(sent.size(), 2u);
  EXPECT_EQ(sent[0].message().message_class, StunClass::Success);
  EXPECT_TRUE(sent[1].message().ice_controlled.has_value());
  EXPECT_FALSE(sent[1].message().use_candidate);
}

TEST_F(Ice, A487MakesItTakeTheOtherRoleAndAskAgain) {
  know();
  ask(kA);
  const auto checks = take_checks();
  now_ += kCheckPace;
  answer(checks[0], kA, kRoleConflict);
  EXPECT_EQ(agent_.role(), Role::Controlled);
  const auto again = take_checks();
  ASSERT_EQ(again.size(), 1u);
  EXPECT_TRUE(again[0].message().ice_controlled.has_value());
  EXPECT_NE(again[0].message().transaction, checks[0].message().transaction);
}

TEST_F(Ice, ControlledItWaitsForTheNomination) {
  know();
  ask(kA, {.controlling = ~std::uint64_t{0}, .controlled = std::nullopt});
  ASSERT_EQ(agent_.role(), Role::Controlled);
  answer(take_checks()[0], kA);
  EXPECT_EQ(agent_.selected(), std::nullopt);
  ask(kA, {.controlling = ~std::uint64_t{0}, .controlled = std::nullopt, .use_candidate = true});
  EXPECT_EQ(agent_.selected(), kA);
}

TEST_F(Ice, TwoAgentsThatBothWantControlConnect) {
  SeededRandom other_random(77);
  IceAgent other(other_random, t0);
  ASSERT_TRUE(agent_.set_remote(t0, other.local(), {candidate(kB, CandidateType::Host)}));
  ASSERT_TRUE(other.set_remote(t0, agent_.local(), {candidate(kA, CandidateType::Host)}));
  for (TimePoint now = t0; now < t0 + 5s; now += 10ms) {
    agent_.advance(now);
    other.advance(now);
    for (bool moved = true; moved;) {
      moved = false;
      while (const auto d = agent_.next_datagram()) { other.receive(now, kA, d->bytes); moved = true; }
      while (const auto d = other.next_datagram()) { agent_.receive(now, kB, d->bytes); moved = true; }
    }
  }
  EXPECT_EQ(agent_.selected(), kB);
  EXPECT_EQ(other.selected(), kA);
  EXPECT_NE(agent_.role(), other.role());
}

TEST_F(Ice, ConsentIsAskedEveryFifteenSecondsGiveOrTakeAFifth) {
  connect(kA);
  Duration shortest = 1h;
  Duration longest{};
  for (int i = 0; i < 50; ++i) {
    const TimePoint before = now_;
    advance_to(*agent_.deadline());
    const auto checks = take_checks();
    ASSERT_EQ(checks.size(), 1u);
    EXPECT_EQ(checks[0].to, kA);
    shortest = std::min(shortest, now_ - before);
    longest = std::max(longest, now_ - before);
    answer(checks[0], kA);
    EXPECT_EQ(agent_.last_heard(), now_);
  }
  EXPECT_THAT(shortest, AllOf(Ge(12s), Le(14s)));
  EXPECT_THAT(longest, AllOf(Ge(16s), Le(18s)));
  EXPECT_THAT(events(), IsEmpty());
}

TEST_F(Ice, ConsentThatIsNeverAnsweredFailsAfterThirtyTries) {
  connect(kA);
  advance_to(*agent_.deadline());
  const TimePoint asked = now_;
  advance_to(asked + 60s);
  EXPECT_EQ(take_checks().size(), 30u);
  EXPECT_THAT(events(), ElementsAre(failed(kA)));
  EXPECT_EQ(agent_.selected(), std::nullopt);
  EXPECT_EQ(agent_.deadline(), std::nullopt);
}

TEST_F(Ice, ConsentIsLostFifteenSecondsAfterItWasFirstAsked) {
  connect(kA);
  const TimePoint asked = *agent_.deadline();
  advance_to(asked + kConsentTries * kConsentRetransmit - 1ms);
  EXPECT_THAT(events(), IsEmpty());
  advance_to(asked + kConsentTries * kConsentRetransmit);
  EXPECT_THAT(events(), ElementsAre(failed(kA)));
}

TEST_F(Ice, ALateConsentAnswerStillCounts) {
  connect(kA);
  advance_to(*agent_.deadline() + 10s);
  answer(take_checks()[0], kA);
  advance_to(now_ + 11s);
  EXPECT_THAT(events(), IsEmpty());
  EXPECT_EQ(agent_.selected(), kA);
}

TEST_F(Ice, AfterFailureItConnectsAgainWhenThePeerComesBack) {
  connect(kA);
  advance_to(t0 + 60s);
  events();
  take();
  ask(kB);
  answer(take_checks(kB)[0], kB);
  EXPECT_THAT(events(), ElementsAre(learnt(kB), connected(kB)));
}

TEST_F(Ice, KeepsAnsweringAfterConnectedAndAfterFailed) {
  connect(kA);
  ask(kA);
  EXPECT_EQ(take()[0].message().message_class, StunClass::Success);
  advance_to(t0 + 60s);
  take();
  ask(kA);
  EXPECT_EQ(take()[0].message().message_class, StunClass::Success);
}

TEST_F(Ice, APeerOfAnotherGenerationIsAnsweredAndNotChecked) {
  know();
  ask(kA, {.ufrag = "somebodyelse"});
  EXPECT_EQ(take().size(), 1u);
  EXPECT_THAT(events(), IsEmpty());
}

TEST_F(Ice, NewRemoteCredentialsStartTheChecksAnew) {
  connect(kA);
  ASSERT_TRUE(agent_.set_remote(now_ + 1s, {"next", "nextnextnextnextnextnext"}, {}));
  drain();
  const auto checks = take_checks(kA);
  ASSERT_EQ(checks.size(), 1u);
  EXPECT_EQ(checks[0].message().username, "next:" + agent_.local().ufrag);
  EXPECT_EQ(agent_.selected(), kA) << "until something better is known";
}

TEST_F(Ice, RemembersNoMoreAddressesThanTheLimit) {
  connect(kA);
  std::map<Address, int> known{{kA, 1}};
  for (std::uint16_t port = 1; port <= 5 * kMaxRemoteCandidates; ++port) {
    now_ += 10ms;
    ask(kB.with_port(port));
    take();
    for (const IceEvent& event : events()) {
      if (event.kind == IceEvent::Kind::AddressLearnt) ++known[event.address];
      if (event.kind == IceEvent::Kind::AddressForgotten) known.erase(event.address);
    }
    ASSERT_LE(known.size(), kMaxRemoteCandidates);
  }
  EXPECT_EQ(known.size(), kMaxRemoteCandidates);
  EXPECT_TRUE(known.contains(kA)) << "the selected one stays";
  EXPECT_TRUE(known.contains(kB.with_port(5 * kMaxRemoteCandidates))) << "the newest one too";
  EXPECT_EQ(agent_.counters().remotes_evicted, 4 * kMaxRemoteCandidates + 1);
}

TEST_F(Ice, ForgetsTheAddressThatWasSilentForLongest) {
  know();
  for (std::uint16_t port = 1; port <= kMaxRemoteCandidates; ++port) {
    now_ += 1ms;
    ask(kB.with_port(port));
  }
  now_ += 1ms;
  ask(kB.with_port(1));
  events();
  ask(kC);
  EXPECT_THAT(events(), ElementsAre(forgotten(kB.with_port(2)), learnt(kC)));
}

TEST_F(Ice, TakesNoMoreSignalledCandidatesThanTheLimit) {
  std::vector<Candidate> many;
  for (std::uint16_t port = 1; port <= 4 * kMaxRemoteCandidates; ++port) {
    many.push_back(candidate(kB.with_port(port), CandidateType::Host));
  }
  know(many);
  advance_to(t0 + 60s);
  EXPECT_EQ(take_checks().size(), kMaxRemoteCandidates * kCheckTries);
}

TEST_F(Ice, OutputThatNobodyFetchesIsBounded) {
  for (std::size_t i = 0; i < kMaxQueuedDatagrams + 10; ++i) agent_.receive(now_, kA, question({}));
  EXPECT_EQ(agent_.counters().dropped_output, 10u);
  drain();
  EXPECT_EQ(take().size(), kMaxQueuedDatagrams);
}

}  // namespace
}  // namespace conclave::ice
