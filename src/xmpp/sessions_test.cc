#include "xmpp/sessions_fixture.h"

namespace conclave::xmpp {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

TEST_F(SessionsTest, BindsASessionThatNamesItsLoop) {
  bind(client, {.room = "stand-up", .prefix = "acme", .token = "t"});
  ASSERT_EQ(house.bound.size(), 1u);
  EXPECT_EQ(loop_of(last_session()), 3u);
  EXPECT_EQ(house.bound[0].second.bare().str(), "user1@meet.example");
  EXPECT_FALSE(house.bound[0].second.resource.empty());
  EXPECT_EQ(house.last_request.room, "stand-up");
  EXPECT_EQ(house.last_request.prefix, "acme");
  EXPECT_EQ(house.last_request.to, "meet.example");
}

TEST_F(SessionsTest, WhatIsDeliveredWhileBindingComesBeforeTheResult) {
  house.on_bound = [&](SessionId session) { sessions.deliver(session, message("pushed")); };
  const ConnectionId id = login(client);
  client.take();
  sessions.received(id, kBind);
  EXPECT_THAT(client.take(), ElementsAre(HasSubstr("pushed"), HasSubstr("_bind_auth_2")));
}

TEST_F(SessionsTest, ASessionMayBeEndedWhileItBinds) {
  house.on_bound = [&](SessionId session) { sessions.disconnect(session, "policy-violation"); };
  const ConnectionId id = login(client);
  sessions.received(id, kBind);
  EXPECT_TRUE(client.closed);
  EXPECT_EQ(sessions.sessions(), 0u);
}

TEST_F(SessionsTest, StampsTheSenderWhateverTheStanzaSays) {
  const ConnectionId id = bind(client);
  sessions.received(id, "<message xmlns='jabber:client' from='somebody@else/x' to='a@meet.example'/>");
  ASSERT_EQ(house.stanzas.size(), 1u);
  EXPECT_EQ(house.stanzas[0].attribute("from"), house.bound[0].second.str());
}

TEST_F(SessionsTest, DeliversToTheFullAddress) {
  bind(client);
  sessions.deliver(last_session(), message("hello"));
  EXPECT_THAT(client.take(),
              ElementsAre(R"(<message xmlns="jabber:client" from="stand-up@conference.meet.example" to=")" +
                          house.bound[0].second.str() + R"("><body>hello</body></message>)"));
  sessions.deliver(SessionId{99}, message("nobody"));
  EXPECT_EQ(sessions.counters().undeliverable.value(), 1u);
}

TEST_F(SessionsTest, ASecondBindIsNotAllowedAndHarmless) {
  const ConnectionId id = bind(client);
  sessions.received(id, kBind);
  EXPECT_THAT(client.take(), ElementsAre(HasSubstr("<not-allowed xmlns=")));
  EXPECT_EQ(house.bound.size(), 1u);
  EXPECT_THAT(house.stanzas, IsEmpty());
}

TEST_F(SessionsTest, AnswersTheOldSessionRequest) {
  const ConnectionId id = bind(client);
  sessions.received(
      id,
      R"(<iq xmlns="jabber:client" type="set" id="_session_auth_2"><session xmlns="urn:ietf:params:xml:ns:xmpp-session"/></iq>)");
  EXPECT_THAT(client.take(), ElementsAre(HasSubstr(R"(type="result" id="_session_auth_2")")));
}

TEST_F(SessionsTest, AFailedLoginSaysWhyAndBindsNothing) {
  const ConnectionId id = sessions.connected(client, {.token = "bad"});
  sessions.received(id, kOpen);
  client.take();
  sessions.received(id, kAnonymous);
  EXPECT_THAT(
      client.take(),
      ElementsAre(
          "<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><not-allowed/><text>Invalid token</text></failure>"));
  EXPECT_EQ(sessions.counters().login_failures.value(), 1u);
}

TEST_F(SessionsTest, TheAuthenticatorMayAnswerLater) {
  doorkeeper.slow = true;
  const ConnectionId id = sessions.connected(client, {});
  sessions.received(id, kOpen);
  sessions.received(id, kAnonymous);
  client.take();
  doorkeeper.waiting.at(0)(Authenticated{"ada"});
  EXPECT_THAT(client.take(), ElementsAre(std::string(kSaslSuccessFrame)));
  doorkeeper.waiting.at(0)(SaslFailure{});  // a second answer says nothing
  EXPECT_THAT(client.take(), IsEmpty());
}

TEST_F(SessionsTest, AnAnswerForAClientThatHasGoneIsDropped) {
  doorkeeper.slow = true;
  const ConnectionId id = sessions.connected(client, {});
  sessions.received(id, kOpen);
  sessions.received(id, kAnonymous);
  sessions.lost(id);
  client.take();
  doorkeeper.waiting.at(0)(Authenticated{"ada"});
  EXPECT_THAT(client.take(), IsEmpty());
}

// Otherwise the answer about one credential could let another one in.
TEST_F(SessionsTest, AnAnswerToAnAbortedLoginDoesNotCountForTheNext) {
  doorkeeper.slow = true;
  const ConnectionId id = sessions.connected(client, {});
  sessions.received(id, kOpen);
  sessions.received(id, kAnonymous);
  sessions.received(id, R"(<abort xmlns="urn:ietf:params:xml:ns:xmpp-sasl"/>)");
  sessions.received(id, kAnonymous);
  client.take();
  doorkeeper.waiting.at(0)(Authenticated{"ada"});
  EXPECT_THAT(client.take(), IsEmpty());
  doorkeeper.waiting.at(1)(Authenticated{"bo"});
  EXPECT_THAT(client.take(), ElementsAre(std::string(kSaslSuccessFrame)));
}

TEST_F(SessionsTest, AnAnswerAfterTheEndOfEverythingIsDropped) {
  doorkeeper.slow = true;
  auto brief = std::make_unique<fake::FramedSessions>(loop, doorkeeper, house, random, options);
  const ConnectionId id = brief->connected(client, {});
  brief->received(id, kOpen);
  brief->received(id, kAnonymous);
  brief.reset();
  doorkeeper.waiting.at(0)(Authenticated{"ada"});
}

TEST_F(SessionsTest, TakesMechanismsOfSeveralSteps) {
  const ConnectionId id = sessions.connected(client, {});
  sessions.received(id, kOpen);
  sessions.received(id, R"(<auth xmlns="urn:ietf:params:xml:ns:xmpp-sasl" mechanism="X-STEPS"/>)");
  client.take();
  sessions.received(id, R"(<response xmlns="urn:ietf:params:xml:ns:xmpp-sasl">YWRh</response>)");
  EXPECT_THAT(client.take(), ElementsAre(std::string(kSaslSuccessFrame)));
  sessions.received(id, kOpen);
  sessions.received(id, kBind);
  EXPECT_EQ(house.bound.at(0).second.bare().str(), "ada@meet.example");
}

TEST_F(SessionsTest, ClosingEndsTheSessionInALaterTurn) {
  const ConnectionId id = bind(client);
  sessions.received(id, R"(<presence type="unavailable" xmlns="jabber:client"/>)");
  sessions.received(id, R"(<close xmlns="urn:ietf:params:xml:ns:xmpp-framing"/>)");
  EXPECT_THAT(client.take(), ElementsAre(std::string(kCloseFrame)));
  EXPECT_TRUE(client.closed);
  EXPECT_THAT(house.ended, IsEmpty());
  turn();
  EXPECT_THAT(house.ended, ElementsAre(Pair(last_session(), SessionEnd::Closed)));
}

TEST_F(SessionsTest, ALossWithoutResumptionEndsTheSession) {
  const ConnectionId id = bind(client);
  sessions.lost(id);
  turn();
  EXPECT_THAT(house.ended, ElementsAre(Pair(last_session(), SessionEnd::TimedOut)));
  EXPECT_FALSE(client.closed);  // the transport may be gone
  EXPECT_EQ(sessions.connections(), 0u);
}

TEST_F(SessionsTest, AClientThatDoesNotLogInIsSentAway) {
  sessions.connected(client, {});
  loop.advance(kHandshakeTimeout - 1ms);
  EXPECT_FALSE(client.closed);
  loop.advance(1ms);
  EXPECT_TRUE(client.closed);
  EXPECT_THAT(client.take(), testing::Contains(HasSubstr("<connection-timeout ")));
  EXPECT_EQ(sessions.counters().handshake_timeouts.value(), 1u);
}

TEST_F(SessionsTest, A43_ANetworkHasSoManyConnectionsThatHaveNotLoggedIn) {
  options.max_unbound_of_network = 2;
  fake::FramedSessions few{loop, doorkeeper, house, random, options};
  fake::Client first, second, third, elsewhere, later;
  const auto from = [](const char* ip) { return StreamRequest{.peer = *Address::parse(ip, 5000)}; };
  const auto open = [&](fake::Client& to, const char* ip) {
    const ConnectionId id = few.connected(to, from(ip));
    few.received(id, kOpen);
    return id;
  };
  const ConnectionId one = open(first, "2001:db8::1");
  for (const std::string_view frame : {kAnonymous, kOpen, kBind}) few.received(one, frame);
  open(second, "2001:db8::2");
  open(third, "2001:db8::3");
  open(elsewhere, "2001:db8:0:1::1");
  for (fake::Client* each : {&first, &second, &third, &elsewhere})
    EXPECT_THAT(each->take(), testing::Not(testing::Contains(HasSubstr("<resource-constraint "))));
  open(later, "2001:db8::4");
  EXPECT_THAT(later.take(), testing::Not(testing::Contains(HasSubstr("<resource-constraint "))));
  EXPECT_THAT(second.take(), testing::Contains(HasSubstr("<resource-constraint "))) << "the oldest that waits goes";
  EXPECT_THAT(third.take(), testing::IsEmpty());
  EXPECT_THAT(first.take(), testing::IsEmpty()) << "who is logged in stays";
}

TEST_F(SessionsTest, ABoundClientMayBeSilent) {
  bind(client);
  loop.advance(24h);
  EXPECT_FALSE(client.closed);
}

TEST_F(SessionsTest, MalformedXmlEndsTheSessionAndNobodyElses) {
  const ConnectionId id = bind(client);
  const SessionId first = last_session();
  fake::Client other;
  bind(other);
  sessions.received(id, "<message>");
  turn();
  EXPECT_THAT(client.take(), ElementsAre(HasSubstr("<not-well-formed "), std::string(kCloseFrame)));
  EXPECT_THAT(house.ended, ElementsAre(Pair(first, SessionEnd::PolicyViolation)));
  EXPECT_EQ(sessions.sessions(), 1u);
  EXPECT_EQ(sessions.counters().malformed.value(), 1u);
  EXPECT_THAT(other.take(), IsEmpty());
}

TEST_F(SessionsTest, DisconnectSaysTheCondition) {
  bind(client);
  sessions.disconnect(last_session(), "policy-violation", "Token expired");
  EXPECT_THAT(client.take(),
              ElementsAre(R"(<stream:error xmlns:stream="http://etherx.jabber.org/streams">)"
                          R"(<policy-violation xmlns="urn:ietf:params:xml:ns:xmpp-streams"/>)"
                          R"(<text xmlns="urn:ietf:params:xml:ns:xmpp-streams">Token expired</text></stream:error>)",
                          std::string(kCloseFrame)));
  EXPECT_THAT(house.ended, IsEmpty());
  turn();
  EXPECT_THAT(house.ended, ElementsAre(Pair(last_session(), SessionEnd::PolicyViolation)));
}

TEST_F(SessionsTest, AHandlerMayEndTheSessionWhoseStanzaItHandles) {
  const ConnectionId id = bind(client);
  house.on_stanza = [&](const Sender& sender, Element) { sessions.disconnect(sender.session, "conflict"); };
  sessions.received(id, "<presence xmlns='jabber:client'/>");
  turn();
  EXPECT_THAT(house.ended, ElementsAre(Pair(last_session(), SessionEnd::Replaced)));
}

TEST_F(SessionsTest, ShutdownTellsEverybody) {
  bind(client);
  fake::Client early;
  sessions.connected(early, {});
  fake::Client lost;
  const ConnectionId id = bind(lost);
  enable(id, lost);
  sessions.lost(id);
  sessions.shutdown();
  turn();
  EXPECT_THAT(client.take(), ElementsAre(HasSubstr("<system-shutdown "), std::string(kCloseFrame)));
  EXPECT_TRUE(early.closed);
  EXPECT_EQ(sessions.sessions() + sessions.connections() + sessions.hibernated(), 0u);
  ASSERT_EQ(house.ended.size(), 2u);
  EXPECT_EQ(house.ended[0].second, SessionEnd::ServerStop);
  EXPECT_EQ(house.ended[1].second, SessionEnd::ServerStop);
}

TEST_F(SessionsTest, FastStanzasAreDelayedInOrder) {
  const ConnectionId id = bind(client);
  for (int i = 0; i < 8; ++i) sessions.received(id, "<message xmlns='jabber:client' id='" + std::to_string(i) + "'/>");
  sessions.received(id, "<presence xmlns='jabber:client'/>");
  EXPECT_EQ(house.stanzas.size(), 6u);  // 3 a second, burst 2 s
  loop.advance(1s);
  ASSERT_EQ(house.stanzas.size(), 9u);
  EXPECT_EQ(house.stanzas[7].attribute("id"), "7");
  EXPECT_EQ(house.stanzas[8].name(), "presence");
}

TEST_F(SessionsTest, AFloodEndsTheStream) {
  const ConnectionId id = bind(client);
  for (std::size_t i = 0; i < 6 + kMaxDelayedStanzas; ++i) sessions.received(id, "<message xmlns='jabber:client'/>");
  EXPECT_FALSE(client.closed);
  sessions.received(id, "<message xmlns='jabber:client'/>");
  EXPECT_TRUE(client.closed);
  EXPECT_THAT(client.take().at(0), HasSubstr("Rate limit exceeded"));
  EXPECT_EQ(sessions.counters().policy_violations.value(), 1u);
}

TEST_F(SessionsTest, AFloodOfAcknowledgementsEndsTheStream) {
  const ConnectionId id = bind(client);
  enable(id, client);
  for (int i = 0; i < 40; ++i) sessions.received(id, R"(<r xmlns="urn:xmpp:sm:3"/>)");
  EXPECT_FALSE(client.closed);
  sessions.received(id, R"(<r xmlns="urn:xmpp:sm:3"/>)");
  EXPECT_TRUE(client.closed);
}

TEST_F(SessionsTest, LimitsCanBeLoosened) {
  options.rates = RateLimits::none();
  fake::FramedSessions loose(loop, doorkeeper, house, random, options);
  const ConnectionId id = loose.connected(client, {});
  for (const std::string_view frame : {kOpen, kAnonymous, kOpen, kBind}) loose.received(id, frame);
  for (int i = 0; i < 1000; ++i) loose.received(id, "<message xmlns='jabber:client'/>");
  EXPECT_EQ(house.stanzas.size(), 1000u);
}

TEST_F(SessionsTest, AFullServerSaysSo) {
  options.max_connections = 1;
  fake::FramedSessions small(loop, doorkeeper, house, random, options);
  small.connected(client, {});
  fake::Client second;
  small.connected(second, {});
  EXPECT_TRUE(second.closed);
  EXPECT_THAT(second.take(),
              ElementsAre(HasSubstr("<open "), HasSubstr("<resource-constraint "), std::string(kCloseFrame)));
  EXPECT_EQ(small.counters().connections_refused.value(), 1u);
}

TEST_F(SessionsTest, BindIsRefusedWhenThereAreTooManySessions) {
  options.max_sessions = 1;
  fake::FramedSessions small(loop, doorkeeper, house, random, options);
  fake::Client second;
  for (fake::Client* one : {&client, &second}) {
    const ConnectionId id = small.connected(*one, {});
    for (const std::string_view frame : {kOpen, kAnonymous, kOpen, kBind}) small.received(id, frame);
  }
  EXPECT_THAT(second.take().back(), HasSubstr("<resource-constraint "));
  EXPECT_EQ(small.sessions(), 1u);
}

TEST_F(SessionsTest, WhatComesAfterTheEndIsIgnored) {
  const ConnectionId id = bind(client);
  sessions.lost(id);
  sessions.received(id, "<presence xmlns='jabber:client'/>");
  sessions.lost(id);
  sessions.disconnect(last_session(), "reset");
  turn();
  EXPECT_EQ(house.ended.size(), 1u);
  EXPECT_THAT(house.stanzas, IsEmpty());
}

}  // namespace
}  // namespace conclave::xmpp
