#include "sfu/ice/ice_agent.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

namespace conclave::ice {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::Ge;
using testing::IsEmpty;
using testing::Le;
using testing::Not;

constexpr TimePoint t0{};
const IceCredentials kPeer{"peer", "peerpeerpeerpeerpeerpeer"};
const Address kA = Address::v4(0xc6336401, 50001);
const Address kB = Address::v4(0xc6336402, 50002);
const Address kC = Address::v4(0xc6336403, 50003);

IceEvent connected(const Address& a) { return {IceEvent::Kind::Connected, a}; }
IceEvent changed(const Address& a) { return {IceEvent::Kind::SelectedChanged, a}; }
IceEvent learnt(const Address& a) { return {IceEvent::Kind::AddressLearnt, a}; }
IceEvent forgotten(const Address& a) { return {IceEvent::Kind::AddressForgotten, a}; }
IceEvent failed(const Address& a) { return {IceEvent::Kind::Failed, a}; }

// The agent under test, and the peer's half played by hand: what it sends, what it answers.
class Ice : public testing::Test {
 protected:
  struct Sent {
    Address to;
    std::vector<std::byte> bytes;
    StunMessage message() const { return *StunMessage::parse(bytes); }
  };
  struct Question {
    std::string ufrag = kPeer.ufrag;
    std::optional<std::string> key = std::nullopt;  // else the right one
    bool without_integrity = false;
    std::optional<std::uint64_t> controlling = std::nullopt;
    std::optional<std::uint64_t> controlled = 1;
    bool use_candidate = false;
    std::uint32_t priority = candidate_priority(CandidateType::PeerReflexive, 100, 1);
  };

  void drain() {
    while (auto d = agent_.next_datagram()) sent_.push_back({d->to, std::move(d->bytes)});
    while (const auto e = agent_.next_event()) events_.push_back(*e);
  }
  std::vector<std::byte> question(const Question& q) {
    TransactionId transaction{};
    transaction[0] = static_cast<std::byte>(++serial_);
    StunWriter writer(StunClass::Request, kBindingMethod, transaction);
    writer.username(agent_.local().ufrag + ":" + q.ufrag).priority(q.priority);
    if (q.controlling) writer.ice_controlling(*q.controlling);
    if (q.controlled) writer.ice_controlled(*q.controlled);
    if (q.use_candidate) writer.use_candidate();
    if (q.without_integrity) return writer.finish(std::nullopt);
    return writer.finish(q.key.value_or(agent_.local().pwd));
  }
  void ask(const Address& from, const Question& q) {
    agent_.receive(now_, from, question(q));
    drain();
  }
  void ask(const Address& from) { ask(from, Question{}); }
  // The peer answers `check` from `from`.
  void answer(const Sent& check, const Address& from, std::uint16_t error = 0, std::string_view key = kPeer.pwd) {
    StunWriter writer(error == 0 ? StunClass::Success : StunClass::Error, kBindingMethod, check.message().transaction);
    if (error != 0) {
      writer.error_code(error, "");
    } else {
      writer.xor_mapped_address(Address::v4(0xcb007101, 10000));
    }
    agent_.receive(now_, from, writer.finish(key));
    drain();
  }
  void know(const std::vector<Candidate>& candidates = {}) {
    ASSERT_TRUE(agent_.set_remote(now_, kPeer, candidates));
    drain();
  }
  std::vector<Sent> take() { return std::exchange(sent_, {}); }
  std::vector<IceEvent> events() { return std::exchange(events_, {}); }
  std::vector<Sent> take_checks(std::optional<Address> to = {}) {
    std::vector<Sent> checks;
    for (Sent& s : take()) {
      if (s.message().message_class == StunClass::Request && (!to || s.to == *to)) checks.push_back(std::move(s));
    }
    return checks;
  }
  void advance_to(TimePoint time) {
    while (agent_.deadline() && *agent_.deadline() <= time) {
      now_ = std::max(now_, *agent_.deadline());
      agent_.advance(now_);
      drain();
    }
    now_ = time;
  }
  // Lets time pass; the peer answers every check from the addresses that are alive, and keeps asking from them.
  void live(Duration span, const std::vector<Address>& alive, bool asks = true) {
    const TimePoint end = now_ + span;
    TimePoint next_ask = now_;
    while (now_ < end) {
      const TimePoint deadline = std::max(now_, agent_.deadline().value_or(end));
      now_ = std::min({end, deadline, asks ? next_ask : end});
      agent_.advance(now_);
      drain();
      if (asks && now_ >= next_ask) {
        for (const Address& a : alive) ask(a);
        next_ask = now_ + 2500ms;
      }
      for (const Sent& check : take_checks()) {
        if (std::find(alive.begin(), alive.end(), check.to) != alive.end()) answer(check, check.to);
      }
    }
  }
  void connect(const Address& a) {
    know();
    ask(a);
    const auto checks = take_checks(a);
    ASSERT_EQ(checks.size(), 1u);
    answer(checks[0], a);
    ASSERT_EQ(agent_.selected(), a);
    events();
    take();
  }

  TimePoint now_ = t0;
  SeededRandom random_{42};
  IceAgent agent_{random_, now_};
  std::vector<Sent> sent_;
  std::vector<IceEvent> events_;
  unsigned serial_ = 0;
};

Candidate candidate(const Address& address, CandidateType type) {
  Candidate made = host_candidate(address);
  made.type = type;
  made.priority = candidate_priority(type, 65535, 1);
  return made;
}

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

TEST_F(Ice, ABetterPairThatWorksLaterIsTaken) {
  know({candidate(kA, CandidateType::Host), candidate(kB, CandidateType::ServerReflexive)});
  const auto first = take_checks();
  advance_to(t0 + kCheckPace);
  const auto second = take_checks();
  answer(second[0], kB);
  answer(first[0], kA);
  EXPECT_THAT(events(), ElementsAre(learnt(kB), connected(kB), learnt(kA), changed(kA)));
}

TEST_F(Ice, AWorsePairThatWorksLaterIsNotTakenWhileTheSelectedAnswers) {
  know({candidate(kA, CandidateType::Host), candidate(kB, CandidateType::ServerReflexive)});
  live(5s, {kA, kB});
  EXPECT_EQ(agent_.selected(), kA);
  EXPECT_THAT(events(), Not(Contains(changed(kB))));
}

TEST_F(Ice, ARelayedPairWaitsAMomentForABetterOne) {
  know({candidate(kA, CandidateType::Host), candidate(kB, CandidateType::Relayed)});
  const auto host = take_checks();
  advance_to(t0 + kCheckPace);
  answer(take_checks()[0], kB);
  EXPECT_EQ(agent_.selected(), std::nullopt);
  answer(host[0], kA);
  EXPECT_THAT(events(), ElementsAre(learnt(kB), learnt(kA), connected(kA)));
}

TEST_F(Ice, ARelayedPairIsTakenWhenNothingBetterComes) {
  know({candidate(kA, CandidateType::Host), candidate(kB, CandidateType::Relayed)});
  advance_to(t0 + kCheckPace);
  answer(take_checks(kB)[0], kB);
  advance_to(now_ + kRelayWait);
  EXPECT_EQ(agent_.selected(), kB);
}

TEST_F(Ice, ARelayedPairAloneIsTakenAtOnce) {
  know({candidate(kB, CandidateType::Relayed)});
  answer(take_checks()[0], kB);
  EXPECT_EQ(agent_.selected(), kB);
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

TEST_F(Ice, APeerThatMovesIsFollowedWithinOneSecond) {
  connect(kA);
  live(20s, {kA});
  events();
  live(1s, {kB});
  EXPECT_EQ(agent_.selected(), kB);
  EXPECT_THAT(events(), ElementsAre(learnt(kB), changed(kB)));
}

const Address kPath = Address::v6(std::array<std::byte, 16>{std::byte{1}}, 9);  // names a TCP connection of kC's

TEST_F(Ice, OverTcpThePeerIsToldItsOwnAddress) {
  agent_.receive(now_, kPath, question({}), &kC);
  drain();
  const auto sent = take();
  ASSERT_EQ(sent.size(), 1u);
  EXPECT_EQ(sent[0].to, kPath);
  EXPECT_EQ(sent[0].message().xor_mapped_address, kC);
  EXPECT_THAT(events(), ElementsAre(learnt(kPath)));
}

TEST_F(Ice, TcpWaitsAMomentForUdpAndGivesWayToItLater) {
  know({candidate(kA, CandidateType::Host)});
  take();
  const std::uint32_t priority = tcp_candidate_priority(CandidateType::PeerReflexive, 100, 1);
  agent_.receive(now_, kPath, question({.priority = priority}), &kC);
  drain();
  advance_to(now_ + kCheckPace);
  const auto checks = take_checks(kPath);
  ASSERT_EQ(checks.size(), 1u);
  EXPECT_EQ(*checks[0].message().priority >> 24, 80u) << "below what UDP has";
  answer(checks[0], kPath);
  EXPECT_EQ(agent_.selected(), std::nullopt);
  advance_to(now_ + kRelayWait);
  EXPECT_EQ(agent_.selected(), kPath) << "UDP did not come";
  ask(kA);
  advance_to(now_ + kRetriggerGap);
  const auto udp = take_checks(kA);
  ASSERT_FALSE(udp.empty());
  answer(udp.back(), kA);
  EXPECT_EQ(agent_.selected(), kA);
}

TEST_F(Ice, AClosedConnectionGivesWayAtOnceToTheOneThatThePeerOpensNext) {
  connect(kPath);
  agent_.path_closed(now_, kPath);
  drain();
  EXPECT_THAT(events(), ElementsAre(forgotten(kPath)));
  const Address next = kPath.with_port(10);
  agent_.receive(now_, next, question({}), &kC);
  drain();
  advance_to(now_ + kCheckPace);
  const auto checks = take_checks(next);
  ASSERT_EQ(checks.size(), 1u);
  answer(checks[0], next);
  EXPECT_EQ(agent_.selected(), next);
  EXPECT_THAT(events(), ElementsAre(learnt(next), changed(next)));
}

TEST_F(Ice, AClosedConnectionThatNothingFollowsIsTheEnd) {
  connect(kPath);
  agent_.path_closed(now_, kPath);
  advance_to(now_ + kConsentTries * kConsentRetransmit);
  EXPECT_THAT(events(), ElementsAre(forgotten(kPath), failed(kPath)));
}

TEST_F(Ice, APeerThatMovesToAnAddressLongKnownIsFollowed) {
  connect(kA);
  live(20s, {kA, kB});
  ASSERT_EQ(agent_.selected(), kA);
  events();
  live(kQuietBeforeDoubt + 5s, {kB});
  EXPECT_THAT(events(), ElementsAre(changed(kB)));
}

TEST_F(Ice, APeerThatMovesBackIsFollowedBack) {
  connect(kA);
  live(20s, {kA});
  live(20s, {kB});
  ASSERT_EQ(agent_.selected(), kB);
  live(20s, {kA});
  EXPECT_EQ(agent_.selected(), kA);
}

TEST_F(Ice, OtherAddressesOfAnAlivePeerDoNotMakeItSwitch) {
  connect(kA);
  live(60s, {kA, kB, kC});
  EXPECT_EQ(agent_.selected(), kA);
  EXPECT_THAT(events(), ElementsAre(learnt(kB), learnt(kC)));
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
