#include "xmpp/sessions_fixture.h"

namespace conclave::xmpp {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

class ResumptionTest : public SessionsTest {
 protected:
  void start() {
    connection = bind(client, {.token = "ada"});
    doorkeeper.resumable_token = "ada";
    secret = enable(connection, client);
    session = last_session();
    jid = house.bound.back().second;
  }
  static std::string resume_frame(std::string_view previd, int h) {
    return R"(<resume xmlns="urn:xmpp:sm:3" h=")" + std::to_string(h) + R"(" previd=")" + std::string(previd) +
           R"("/>)";
  }
  // A second connection, logged in, with `previd` in the query.
  ConnectionId back(std::string_view token = "ada") {
    const ConnectionId id = login(second, {.room = "new", .token = std::string(token), .previd = secret});
    second.take();
    return id;
  }

  fake::Client second;
  ConnectionId connection;
  std::string secret;
  SessionId session;
  Jid jid;
};

TEST_F(ResumptionTest, EnablesAsTheClientExpects) {
  connection = bind(client);
  sessions.received(connection, kEnable);
  const auto sent = client.take();
  ASSERT_EQ(sent.size(), 1u);
  const std::string id(parse(sent[0])->attribute("id"));
  EXPECT_EQ(sent[0], R"(<enabled xmlns="urn:xmpp:sm:3" resume="true" id=")" + id + R"(" max="60"/>)");
  EXPECT_EQ(loop_of_resumption_id(id), LoopId{3});
  sessions.received(connection, kEnable);
  EXPECT_THAT(client.take(), ElementsAre(sm_failed_frame("unexpected-request")));
}

TEST_F(ResumptionTest, CanBeEnabledForAcknowledgementsAlone) {
  connection = bind(client);
  sessions.received(connection, R"(<enable xmlns="urn:xmpp:sm:3"/>)");
  EXPECT_THAT(client.take(), ElementsAre(R"(<enabled xmlns="urn:xmpp:sm:3"/>)"));
  sessions.lost(connection);
  EXPECT_EQ(sessions.sessions(), 0u);
}

TEST_F(ResumptionTest, AcknowledgesStanzasOnly) {
  start();
  sessions.received(connection, "<presence xmlns='jabber:client'/>");
  sessions.received(connection, R"(<r xmlns="urn:xmpp:sm:3"/>)");
  sessions.received(connection, kBind);  // refused, but received
  client.take();
  sessions.received(connection, R"(<r xmlns="urn:xmpp:sm:3"/>)");
  EXPECT_THAT(client.take(), ElementsAre(R"(<a xmlns="urn:xmpp:sm:3" h="2"/>)"));
}

TEST_F(ResumptionTest, AsksAfterFiveStanzas) {
  start();
  for (int i = 0; i < 4; ++i) sessions.deliver(session, message("x"));
  EXPECT_EQ(client.take().size(), 4u);
  sessions.deliver(session, message("fifth"));
  EXPECT_THAT(client.take(), ElementsAre(HasSubstr("fifth"), R"(<r xmlns="urn:xmpp:sm:3"/>)"));
}

TEST_F(ResumptionTest, AnAcknowledgementOfMoreThanWasSentEndsTheSession) {
  start();
  sessions.deliver(session, message("x"));
  client.take();
  sessions.received(connection, R"(<a xmlns="urn:xmpp:sm:3" h="2"/>)");
  EXPECT_THAT(client.take().at(0),
              HasSubstr(R"(<handled-count-too-high xmlns="urn:xmpp:sm:3" h="2" send-count="1"/>)"));
  turn();
  EXPECT_EQ(house.ended.size(), 1u);
}

TEST_F(ResumptionTest, AClientThatNeverAcknowledgesIsEnded) {
  start();
  for (std::size_t i = 0; i < kMaxUnackedStanzas; ++i) sessions.deliver(session, message("x"));
  EXPECT_FALSE(client.closed);
  sessions.deliver(session, message("one more"));
  EXPECT_TRUE(client.closed);
  EXPECT_THAT(house.ended, IsEmpty());  // not from within deliver()
  turn();
  EXPECT_THAT(house.ended, ElementsAre(Pair(session, SessionEnd::PolicyViolation)));
}

TEST_F(ResumptionTest, AHibernatedSessionIsEndedWhenItsQueueIsFull) {
  start();
  sessions.lost(connection);
  for (std::size_t i = 0; i <= kMaxUnackedStanzas; ++i) sessions.deliver(session, message("x"));
  turn();
  EXPECT_THAT(house.ended, ElementsAre(Pair(session, SessionEnd::PolicyViolation)));
  EXPECT_EQ(sessions.hibernated(), 0u);
}

TEST_F(ResumptionTest, ALostSessionHibernatesForAMinute) {
  start();
  sessions.lost(connection);
  EXPECT_EQ(sessions.hibernated(), 1u);
  loop.advance(kHibernation - 1ms);
  EXPECT_THAT(house.ended, IsEmpty());
  loop.advance(1ms);
  EXPECT_THAT(house.ended, ElementsAre(Pair(session, SessionEnd::TimedOut)));
  EXPECT_EQ(sessions.sessions(), 0u);
  const ConnectionId id = back();
  sessions.received(id, resume_frame(secret, 0));
  EXPECT_THAT(second.take(), ElementsAre(sm_failed_frame("item-not-found")));
}

TEST_F(ResumptionTest, ClosingDoesNotHibernate) {
  start();
  sessions.received(connection, R"(<close xmlns="urn:ietf:params:xml:ns:xmpp-framing"/>)");
  EXPECT_EQ(sessions.sessions(), 0u);
}

TEST_F(ResumptionTest, AStreamErrorDoesNotHibernate) {
  start();
  sessions.received(connection, "<");
  EXPECT_EQ(sessions.sessions(), 0u);
}

TEST_F(ResumptionTest, ResumesAndSendsAgainWhatWasNotAcknowledged) {
  start();
  sessions.received(connection, "<presence xmlns='jabber:client'/>");
  for (const char* text : {"one", "two", "three"}) sessions.deliver(session, message(text));
  sessions.lost(connection);
  sessions.deliver(session, message("four"));
  const ConnectionId id = back();
  sessions.received(id, resume_frame(secret, 1));
  EXPECT_THAT(second.take(), ElementsAre(R"(<resumed xmlns="urn:xmpp:sm:3" previd=")" + secret + R"(" h="1"/>)",
                                         HasSubstr(">two<"), HasSubstr(">three<"), HasSubstr(">four<")));
  EXPECT_THAT(house.resumed, ElementsAre(session));
  EXPECT_EQ(house.last_request.room, "new");
  EXPECT_EQ(sessions.hibernated(), 0u);
  sessions.deliver(session, message("five"));
  EXPECT_THAT(second.take(), ElementsAre(HasSubstr(">five<")));
  loop.advance(1h);
  EXPECT_THAT(house.ended, IsEmpty());
}

TEST_F(ResumptionTest, TheResumedSessionKeepsItsAddress) {
  start();
  sessions.lost(connection);
  const ConnectionId id = back();
  sessions.received(id, resume_frame(secret, 0));
  sessions.received(id, "<presence xmlns='jabber:client'/>");
  EXPECT_EQ(house.stanzas.back().attribute("from"), jid.str());
  EXPECT_EQ(house.bound.size(), 1u);
}

TEST_F(ResumptionTest, MayBeResumedAgain) {
  start();
  sessions.lost(connection);
  sessions.lost([&] {
    const ConnectionId id = back();
    sessions.received(id, resume_frame(secret, 0));
    return id;
  }());
  fake::Client third;
  const ConnectionId id = login(third, {.token = "ada", .previd = secret});
  sessions.received(id, resume_frame(secret, 0));
  EXPECT_EQ(house.resumed.size(), 2u);
}

TEST_F(ResumptionTest, ReplacesAConnectionThatIsStillOpen) {
  start();
  const ConnectionId id = back();
  sessions.received(id, resume_frame(secret, 0));
  EXPECT_THAT(client.take(), ElementsAre(HasSubstr("<conflict "), std::string(kCloseFrame)));
  EXPECT_TRUE(client.closed);
  sessions.lost(connection);  // the old socket's end is not the session's
  turn();
  EXPECT_THAT(house.ended, IsEmpty());
  sessions.deliver(session, message("x"));
  EXPECT_EQ(second.take().size(), 2u);
}

TEST_F(ResumptionTest, PrevidKeepsTheUserNameAlsoForANewBind) {
  start();
  sessions.lost(connection);
  const ConnectionId id = back();
  sessions.received(id, kBind);
  ASSERT_EQ(house.bound.size(), 2u);
  EXPECT_EQ(house.bound[1].second.bare(), jid.bare());
  EXPECT_NE(house.bound[1].second, jid);
}

TEST_F(ResumptionTest, AnUnknownPrevidGetsANewName) {
  start();
  secret = "00" + std::string(32, 'x');
  const ConnectionId id = back();
  sessions.received(id, kBind);
  EXPECT_NE(house.bound.back().second.bare(), jid.bare());
}

// The secret alone is not enough (signalling.md 2.7): the credential that is shown now has to fit.
TEST_F(ResumptionTest, AnotherCredentialGetsNeitherNameNorSession) {
  start();
  sessions.lost(connection);
  const ConnectionId id = back("mallory");
  EXPECT_EQ(doorkeeper.asked_about, session);
  sessions.received(id, resume_frame(secret, 0));
  EXPECT_THAT(second.take(), ElementsAre(sm_failed_frame("item-not-found")));
  sessions.received(id, kBind);
  EXPECT_NE(house.bound.back().second.bare(), jid.bare());
  EXPECT_THAT(house.resumed, IsEmpty());
  EXPECT_EQ(sessions.hibernated(), 1u);
}

TEST_F(ResumptionTest, ABadCredentialDoesNotEvenLogIn) {
  start();
  sessions.lost(connection);
  const ConnectionId id = sessions.connected(second, {.token = "bad", .previd = secret});
  sessions.received(id, kOpen);
  sessions.received(id, kAnonymous);
  EXPECT_THAT(second.take().back(), HasSubstr("<failure "));
}

TEST_F(ResumptionTest, TheCredentialIsAskedAgainWhenItResumes) {
  start();
  sessions.lost(connection);
  const ConnectionId id = back();
  doorkeeper.resumable_token = "revoked since";
  sessions.received(id, resume_frame(secret, 0));
  EXPECT_THAT(second.take(), ElementsAre(sm_failed_frame("item-not-found")));
}

TEST_F(ResumptionTest, ASecretWithoutItsUserNameDoesNotResume) {
  start();
  sessions.lost(connection);
  const ConnectionId id = login(second, {.token = "ada"});  // no previd, hence a fresh name
  second.take();
  sessions.received(id, resume_frame(secret, 0));
  EXPECT_THAT(second.take(), ElementsAre(sm_failed_frame("item-not-found")));
}

TEST_F(ResumptionTest, AGuestWhoseAddressHasNoQueryResumesUnderHisOldName) {
  connection = bind(client);
  secret = enable(connection, client);
  jid = house.bound.back().second;
  sessions.lost(connection);
  const ConnectionId id = login(second);
  second.take();
  sessions.received(id, resume_frame(secret, 0));
  EXPECT_THAT(second.take(), ElementsAre(HasSubstr("<resumed ")));
  sessions.received(id, "<presence xmlns='jabber:client'/>");
  EXPECT_EQ(house.stanzas.back().attribute("from"), jid.str());
}

TEST_F(ResumptionTest, ANamedUserResumesWithoutPrevidInTheAddress) {
  const std::string as_ada = R"(<auth xmlns="urn:ietf:params:xml:ns:xmpp-sasl" mechanism="X-NAME">YWRh</auth>)";
  connection = sessions.connected(client, {.token = "t"});
  for (const std::string& frame : {std::string(kOpen), as_ada, std::string(kOpen), std::string(kBind)})
    sessions.received(connection, frame);
  client.take();
  doorkeeper.resumable_token = "t";
  secret = enable(connection, client);
  sessions.lost(connection);
  const ConnectionId id = sessions.connected(second, {.token = "t"});
  for (const std::string& frame : {std::string(kOpen), as_ada, std::string(kOpen), resume_frame(secret, 0)})
    sessions.received(id, frame);
  EXPECT_EQ(house.resumed.size(), 1u);
}

TEST_F(ResumptionTest, PrevidDoesNotRenameANamedUser) {
  start();
  const ConnectionId id = sessions.connected(second, {.token = "ada", .previd = secret});
  sessions.received(id, kOpen);
  sessions.received(id, R"(<auth xmlns="urn:ietf:params:xml:ns:xmpp-sasl" mechanism="X-NAME">Ym8=</auth>)");
  sessions.received(id, kOpen);
  sessions.received(id, kBind);
  EXPECT_EQ(house.bound.back().second.node, "bo");
}

TEST_F(ResumptionTest, AResumeWithAnImpossibleCountIsRefusedAndTheSessionWaitsOn) {
  start();
  sessions.lost(connection);
  const ConnectionId id = back();
  sessions.received(id, resume_frame(secret, 7));
  turn();
  EXPECT_THAT(house.ended, IsEmpty());
  EXPECT_THAT(house.resumed, IsEmpty());
  EXPECT_EQ(sessions.hibernated(), 1u);
}

TEST_F(ResumptionTest, WhatWasDelayedIsStillHandledWhileHibernated) {
  start();
  for (int i = 0; i < 8; ++i) sessions.received(connection, "<message xmlns='jabber:client'/>");
  sessions.lost(connection);
  loop.advance(2s);
  EXPECT_EQ(house.stanzas.size(), 8u);
}

}  // namespace
}  // namespace conclave::xmpp
