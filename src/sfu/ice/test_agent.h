#pragma once
// The agent under test, and the peer's half played by hand.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "sfu/ice/ice_agent.h"

namespace conclave::ice {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::Ge;
using testing::IsEmpty;
using testing::Le;
using testing::Not;

inline constexpr TimePoint t0{};
inline const IceCredentials kPeer{"peer", "peerpeerpeerpeerpeerpeer"};
inline const Address kA = Address::v4(0xc6336401, 50001);
inline const Address kB = Address::v4(0xc6336402, 50002);
inline const Address kC = Address::v4(0xc6336403, 50003);

inline IceEvent connected(const Address& a) { return {IceEvent::Kind::Connected, a}; }
inline IceEvent changed(const Address& a) { return {IceEvent::Kind::SelectedChanged, a}; }
inline IceEvent learnt(const Address& a) { return {IceEvent::Kind::AddressLearnt, a}; }
inline IceEvent forgotten(const Address& a) { return {IceEvent::Kind::AddressForgotten, a}; }
inline IceEvent failed(const Address& a) { return {IceEvent::Kind::Failed, a}; }

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

inline Candidate candidate(const Address& address, CandidateType type) {
  Candidate made = host_candidate(address);
  made.type = type;
  made.priority = candidate_priority(type, 65535, 1);
  return made;
}

}  // namespace conclave::ice
