// Which path is taken, and which one after it: better ones, relayed ones, TCP, a peer that moves.
#include "sfu/ice/test_agent.h"

namespace conclave::ice {
namespace {

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

}  // namespace
}  // namespace conclave::ice
