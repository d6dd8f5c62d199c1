#include "xmpp/bosh/session.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace conclave::xmpp::bosh {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr TimePoint t0 = TimePoint{} + 1000s;
constexpr std::uint64_t kRid = 1000;

Element stanza(std::string_view text) {
  Element message("message");
  message.set_text(text);
  return message;
}

class BoshTest : public testing::Test {
 protected:
  // Opens a session and takes the features; the first response has been given.
  void open(Request first = {.ver = "1.6", .wait = 60, .hold = 1}) {
    first.rid = kRid;
    first.to = "meet.example";
    session.emplace(limits, early, "SID", now, HttpId{kRid}, first);
    session->logged_in();
    session->opened("meet.example");
    session->send(now, "<features/>");
    session->flush(now);
    first_response = take().at(0);
    events.clear();
  }
  // A request whose HTTP name is its rid (or `http`).
  void request(std::uint64_t rid, Request said = {}, std::uint64_t http = 0) {
    said.rid = rid;
    session->receive(now, HttpId{http == 0 ? rid : http}, std::move(said));
    collect();
    session->flush(now);
  }
  void say(std::string text) {
    session->send(now, std::move(text));
    session->flush(now);
  }
  void advance(Duration by) {
    for (const TimePoint end = now + by;;) {
      const auto due = session->deadline();
      if (!due || *due > end) {
        now = end;
        return;
      }
      now = *due;
      session->advance(now);
    }
  }
  void collect() {
    while (auto event = session->next_event()) {
      if (const auto* received = std::get_if<event::Received>(&*event)) {
        events.push_back(received->element.text());
      } else if (std::holds_alternative<event::Opened>(*event)) {
        events.emplace_back("opened " + std::get<event::Opened>(*event).to);
      } else if (std::holds_alternative<event::Finished>(*event)) {
        events.emplace_back("finished");
      } else {
        lost = std::get<event::Lost>(*event).why;
      }
    }
  }
  // "<http> <body>" of each response.
  std::vector<std::string> take() {
    collect();
    std::vector<std::string> all;
    while (auto reply = session->next_reply()) {
      all.push_back(std::to_string(reply->to.value) + " " +
                    (reply->response.status == 200 ? reply->response.body : std::to_string(reply->response.status)));
    }
    return all;
  }
  static std::string empty(std::uint64_t http) {
    return std::to_string(http) + R"( <body xmlns="http://jabber.org/protocol/httpbind"/>)";
  }

  Limits limits;
  EarlyBytes early;
  TimePoint now = t0;
  std::optional<Session> session;
  std::string first_response;
  std::vector<std::string> events;
  std::optional<event::Lost::Why> lost;
};

TEST_F(BoshTest, TheFirstResponseSaysWhatWasAgreed) {
  open();
  EXPECT_THAT(first_response,
              AllOf(HasSubstr(R"( sid="SID")"), HasSubstr(R"( wait="60")"), HasSubstr(R"( hold="1")"),
                    HasSubstr(R"( requests="2")"), HasSubstr(R"( inactivity="60")"), HasSubstr(R"( ver="1.6")"),
                    HasSubstr(R"( from="meet.example")"), HasSubstr("<features/>"), Not(HasSubstr(" ack="))));
}

TEST_F(BoshTest, WishesAreCutToTheLimits) {
  open({.ack = 1, .ver = "2.0", .wait = 9999999999, .hold = 50});
  EXPECT_THAT(first_response, AllOf(HasSubstr(R"( wait="60")"), HasSubstr(R"( hold="1")"), HasSubstr(R"( ver="1.11")"),
                                    HasSubstr(R"( ack="1000")")));
}

TEST_F(BoshTest, ARequestWaitsUntilThereIsSomethingToSay) {
  open();
  request(kRid + 1);
  EXPECT_THAT(take(), IsEmpty());
  now += 10s;
  say("<a/>");
  EXPECT_THAT(take(), ElementsAre(AllOf(HasSubstr("1001 "), HasSubstr("<a/>"))));
}

TEST_F(BoshTest, ARequestWaitsNoLongerThanAgreed) {
  open({.ver = "1.6", .wait = 20, .hold = 1});
  request(kRid + 1);
  advance(20s - 1ms);
  EXPECT_THAT(take(), IsEmpty());
  advance(1ms);
  EXPECT_THAT(take(), ElementsAre(empty(kRid + 1)));
}

TEST_F(BoshTest, ANewRequestFreesTheOneThatWaits) {
  open();
  request(kRid + 1);
  request(kRid + 2, {.payload = {stanza("x")}});
  EXPECT_THAT(take(), ElementsAre(empty(kRid + 1)));
  EXPECT_THAT(events, ElementsAre("x"));
}

TEST_F(BoshTest, WhatIsSaidWhileNobodyWaitsIsKept) {
  open();
  say("<a/>");
  say("<b/>");
  EXPECT_THAT(take(), IsEmpty());
  request(kRid + 1);
  EXPECT_THAT(take(), ElementsAre(HasSubstr("<a/><b/>")));
}

TEST_F(BoshTest, MuchToSayTakesSeveralResponses) {
  limits.max_response_bytes = 10;
  open();
  for (const char* text : {"<aaaaaa/>", "<b/>", "<ccccccccccccccccccc/>"}) say(text);
  for (const std::uint64_t rid : {1, 2, 3}) {
    now += 5s;
    request(kRid + rid);
  }
  EXPECT_THAT(take(), ElementsAre(HasSubstr(">"
                                            "<aaaaaa/></body>"),
                                  HasSubstr("><b/></body>"), HasSubstr("><cccc")));
}

TEST_F(BoshTest, RequestsOutOfOrderAreTakenInOrder) {
  open();
  request(kRid + 2, {.payload = {stanza("second")}});
  EXPECT_THAT(events, IsEmpty());
  request(kRid + 1, {.payload = {stanza("first")}});
  EXPECT_THAT(events, ElementsAre("first", "second"));
  EXPECT_THAT(take(), ElementsAre(empty(kRid + 1)));
}

TEST_F(BoshTest, ARequestThatIsRepeatedGetsTheSameResponse) {
  open();
  request(kRid + 1, {.payload = {stanza("x")}});
  say("<a/>");
  const auto once = take();
  ASSERT_EQ(once.size(), 1u);
  request(kRid + 1, {.payload = {stanza("x")}}, 77);
  EXPECT_THAT(take(), ElementsAre("77" + once[0].substr(4)));
  EXPECT_THAT(events, ElementsAre("x"));  // and says nothing twice
  EXPECT_EQ(session->retransmissions(), 1u);
}

TEST_F(BoshTest, ARepeatedRequestTakesThePlaceOfTheOneThatWaits) {
  open();
  request(kRid + 1);
  advance(30s);
  request(kRid + 1, {}, 77);
  EXPECT_THAT(take(), ElementsAre(empty(kRid + 1)));
  say("<a/>");
  EXPECT_THAT(take(), ElementsAre(AllOf(HasSubstr("77 "), HasSubstr("<a/>"))));
}

TEST_F(BoshTest, AnEarlyRequestThatIsRepeatedToo) {
  open();
  request(kRid + 2, {.payload = {stanza("second")}});
  request(kRid + 2, {.payload = {stanza("second")}}, 77);
  EXPECT_THAT(take(), ElementsAre(empty(kRid + 2)));
  request(kRid + 1);
  EXPECT_THAT(events, ElementsAre("second"));
}

TEST_F(BoshTest, WhatComesTooEarlyIsCountedUntilItIsTakenOrForgotten) {
  open();
  request(kRid + 2, {.payload = {stanza("second")}});
  EXPECT_EQ(early.held, stanza("second").str().size());
  request(kRid + 2, {.payload = {stanza("2nd")}}, 77);
  EXPECT_EQ(early.held, stanza("2nd").str().size());
  session->abandoned(now, HttpId{77});
  EXPECT_EQ(early.held, 0u);
  request(kRid + 2, {.payload = {stanza("second")}});
  request(kRid + 1);
  EXPECT_THAT(events, ElementsAre("second"));
  EXPECT_EQ(early.held, 0u);
  request(kRid + 4, {.payload = {stanza("fourth")}});
  session.reset();
  EXPECT_EQ(early.held, 0u);
}

TEST_F(BoshTest, A53_WhatComesTooEarlyHasALimitForAllSessions) {
  limits.max_early_bytes = 100;
  open();
  early.held = 90;  // of others
  request(kRid + 2, {.payload = {stanza("second")}});
  EXPECT_THAT(take(), ElementsAre(HasSubstr(R"(type="terminate" condition="policy-violation")")));
  EXPECT_TRUE(session->over());
  EXPECT_EQ(early.held, 90u);
}

TEST_F(BoshTest, A53_StrangersSayLittle) {
  session.emplace(limits, early, "SID", now, HttpId{kRid}, Request{.rid = kRid, .to = "meet.example", .ver = "1.6"});
  session->flush(now);
  take();
  request(kRid + 1, {.payload = {stanza(std::string(limits.max_body_bytes_before - 100, 'x'))}});
  EXPECT_FALSE(session->over());
  request(kRid + 3, {.payload = {stanza(std::string(limits.max_body_bytes_before, 'x'))}});
  EXPECT_THAT(take(), testing::Contains(HasSubstr(R"(type="terminate" condition="policy-violation")")));
  EXPECT_TRUE(session->over());
}

TEST_F(BoshTest, A43_AStrangerWhoAsksNothingIsForgottenSoon) {
  session.emplace(limits, early, "SID", now, HttpId{kRid}, Request{.rid = kRid, .to = "meet.example", .ver = "1.6"});
  session->flush(now);
  take();
  advance(limits.inactivity_before - 1s);
  EXPECT_FALSE(session->over());
  advance(1s);
  collect();
  EXPECT_EQ(lost, event::Lost::Why::Inactive);
}

TEST_F(BoshTest, ResponsesAreKeptAsLongAsAskedForAndNoLonger) {
  open();
  for (std::uint64_t rid = kRid + 1; rid <= kRid + 4; ++rid) {
    now += 10s;
    request(rid);
    say("<a" + std::to_string(rid) + "/>");
  }
  take();
  request(kRid + 3, {}, 77);
  EXPECT_THAT(take(), ElementsAre(HasSubstr("<a1003/>")));
  request(kRid + 2, {}, 78);
  EXPECT_THAT(take(), ElementsAre(HasSubstr(R"(type="terminate" condition="item-not-found")")));
  EXPECT_EQ(lost, event::Lost::Why::OutOfOrder);
  EXPECT_TRUE(session->over());
}

TEST_F(BoshTest, ARidBeyondTheWindowEndsTheSession) {
  open();
  request(kRid + 1);
  request(kRid + 4);
  EXPECT_THAT(take(), ElementsAre(AllOf(HasSubstr("1001 "), HasSubstr("item-not-found")),
                                  AllOf(HasSubstr("1004 "), HasSubstr("item-not-found"))));
  EXPECT_EQ(lost, event::Lost::Why::OutOfOrder);
}

TEST_F(BoshTest, OldClientsAreToldByStatus) {
  open({.wait = 60, .hold = 1});
  EXPECT_THAT(first_response, Not(HasSubstr(" ver=")));
  request(kRid + 9);
  EXPECT_THAT(take(), ElementsAre("1009 404"));
}

TEST_F(BoshTest, AGapThatIsNeverFilledEndsTheSession) {
  open();
  request(kRid + 2);
  advance(120s - 1ms);
  EXPECT_FALSE(lost);
  advance(1ms);
  EXPECT_THAT(take(), ElementsAre(HasSubstr("item-not-found")));
  EXPECT_EQ(lost, event::Lost::Why::OutOfOrder);
}

TEST_F(BoshTest, SilenceEndsTheSession) {
  open();
  advance(60s - 1ms);
  collect();
  EXPECT_FALSE(lost);
  advance(1ms);
  collect();
  EXPECT_EQ(lost, event::Lost::Why::Inactive);
  EXPECT_TRUE(session->over());
}

TEST_F(BoshTest, AWaitingRequestIsNoSilence) {
  open();
  request(kRid + 1);
  advance(119s);  // 60 s of waiting and 59 of nothing
  collect();
  EXPECT_FALSE(lost);
  advance(1s);
  collect();
  EXPECT_EQ(lost, event::Lost::Why::Inactive);
}

TEST_F(BoshTest, ABrokenConnectionIsSilenceAtOnceAndKeepsWhatIsToBeSaid) {
  open();
  request(kRid + 1);
  session->abandoned(now, HttpId{kRid + 1});
  say("<a/>");
  EXPECT_THAT(take(), IsEmpty());
  request(kRid + 1, {}, 77);  // asks again for what was lost
  request(kRid + 2);
  EXPECT_THAT(take(), ElementsAre(empty(77), HasSubstr("<a/>")));
  session->abandoned(now, HttpId{kRid + 2});  // answered already: nothing to do
  advance(60s);
  collect();
  EXPECT_EQ(lost, event::Lost::Why::Inactive);
}

TEST_F(BoshTest, APauseAnswersAtOnceAndLengthensTheSilence) {
  open();
  request(kRid + 1);
  request(kRid + 2, {.pause = 100});
  EXPECT_THAT(take(), ElementsAre(empty(kRid + 1), empty(kRid + 2)));
  advance(99s);
  collect();
  EXPECT_FALSE(lost);
  request(kRid + 3, {.payload = {stanza("back")}});
  session->abandoned(now, HttpId{kRid + 3});
  advance(60s);  // as before the pause
  collect();
  EXPECT_EQ(lost, event::Lost::Why::Inactive);
}

TEST_F(BoshTest, APauseIsNoLongerThanAllowed) {
  open();
  request(kRid + 1, {.pause = 1'000'000});
  advance(120s);
  collect();
  EXPECT_EQ(lost, event::Lost::Why::Inactive);
}

TEST_F(BoshTest, TooManyRequestsAtOnceEndTheSession) {
  open();
  const auto all_in_one_turn = [&](std::uint64_t rid) {
    session->receive(now, HttpId{rid}, {.rid = rid, .payload = {stanza("x")}});
  };
  all_in_one_turn(kRid + 1);
  all_in_one_turn(kRid + 2);
  EXPECT_FALSE(session->over());
  all_in_one_turn(kRid + 3);
  EXPECT_THAT(take(), testing::Contains(AllOf(HasSubstr("1003 "), HasSubstr("policy-violation"))));
  EXPECT_EQ(lost, event::Lost::Why::Overactive);
}

TEST_F(BoshTest, EmptyRequestsThatComeTooFastEndTheSession) {
  open();
  request(kRid + 1);
  now += 2s;
  request(kRid + 2);  // slow enough
  EXPECT_FALSE(session->over());
  now += 2s - 1ms;
  request(kRid + 3);
  EXPECT_THAT(take().back(), HasSubstr("policy-violation"));
  EXPECT_EQ(lost, event::Lost::Why::Overactive);
}

TEST_F(BoshTest, APollingClientIsAnsweredAtOnceAndMustNotHurry) {
  open({.ver = "1.6", .wait = 0, .hold = 0});
  EXPECT_THAT(first_response, AllOf(HasSubstr(R"( wait="0")"), HasSubstr(R"( hold="0")")));
  now += 2s;
  request(kRid + 1);
  EXPECT_THAT(take(), ElementsAre(empty(kRid + 1)));
  now += 2s;
  say("<a/>");
  request(kRid + 2);
  EXPECT_THAT(take(), ElementsAre(HasSubstr("<a/>")));
  request(kRid + 3);  // there was something: there may be more
  EXPECT_THAT(take(), ElementsAre(empty(kRid + 3)));
  request(kRid + 4);
  EXPECT_THAT(take(), ElementsAre(HasSubstr("policy-violation")));
}

TEST_F(BoshTest, ARestartOpensTheStreamAnew) {
  open();
  request(kRid + 1, {.restart = true});
  EXPECT_THAT(events, ElementsAre("opened meet.example"));
  say("<features/>");
  EXPECT_THAT(take(), ElementsAre(AllOf(HasSubstr("<features/>"), Not(HasSubstr("sid=")))));
}

TEST_F(BoshTest, AClientThatEndsItIsHeardOut) {
  open();
  request(kRid + 1);
  session->receive(now, HttpId{kRid + 2}, {.rid = kRid + 2, .terminate = true, .payload = {stanza("goodbye")}});
  collect();
  EXPECT_THAT(events, ElementsAre("goodbye", "finished"));
  session->close(now);
  EXPECT_THAT(take(), ElementsAre(HasSubstr(R"(httpbind" type="terminate"/>)"), empty(1002)));
  EXPECT_TRUE(session->over());
  EXPECT_FALSE(lost);
}

TEST_F(BoshTest, AnErrorOfTheStreamEndsItWithTheErrorInside) {
  open();
  request(kRid + 1);
  session->fail("remote-stream-error", "<error/>");
  session->close(now);
  EXPECT_THAT(take(), ElementsAre(HasSubstr(R"( type="terminate" condition="remote-stream-error"><error/></body>)")));
  EXPECT_TRUE(session->over());
}

TEST_F(BoshTest, AnErrorWaitsForSomebodyToHearIt) {
  open();
  session->fail("remote-stream-error", "<error/>");
  session->close(now);
  EXPECT_FALSE(session->over());
  now += 30s;
  request(kRid + 1, {.payload = {stanza("too late")}});
  EXPECT_THAT(take(), ElementsAre(HasSubstr("<error/>")));
  EXPECT_THAT(events, IsEmpty());
  EXPECT_TRUE(session->over());
}

TEST_F(BoshTest, ButNotForEver) {
  open();
  session->close(now);
  advance(60s);
  EXPECT_TRUE(session->over());
  collect();
  EXPECT_FALSE(lost);  // whoever closed it knows
}

TEST_F(BoshTest, WhatNobodyFetchesIsBounded) {
  limits.max_queued_bytes = 100;
  open();
  say(std::string(100, 'a'));
  EXPECT_FALSE(session->over());
  say("a");
  collect();
  EXPECT_EQ(lost, event::Lost::Why::Unread);
  EXPECT_TRUE(session->over());
  request(kRid + 1);
  EXPECT_THAT(take(), ElementsAre(HasSubstr("item-not-found")));
}

TEST_F(BoshTest, AcknowledgesRequestsThatItHasNotAnswered) {
  open({.ack = 1, .ver = "1.6", .wait = 60, .hold = 1});
  request(kRid + 1);
  request(kRid + 2, {.ack = kRid, .payload = {stanza("x")}});
  EXPECT_THAT(take(), ElementsAre(AllOf(HasSubstr("1001 "), HasSubstr(R"( ack="1002")"))));
  say("<a/>");
  EXPECT_THAT(take(), ElementsAre(Not(HasSubstr("ack="))));
}

TEST_F(BoshTest, ReportsAResponseThatDidNotArrive) {
  open({.ack = 1, .ver = "1.6", .wait = 60, .hold = 1});
  request(kRid + 1);
  say("<lost/>");
  take();
  now += 5s;
  request(kRid + 2, {.ack = kRid});
  EXPECT_THAT(take(), ElementsAre(HasSubstr(R"( report="1001" time="5000")")));
}

TEST_F(BoshTest, HoldsAsManyAsAgreed) {
  limits.hold = 2;
  open({.ver = "1.6", .wait = 60, .hold = 2});
  EXPECT_THAT(first_response, AllOf(HasSubstr(R"( hold="2")"), HasSubstr(R"( requests="3")")));
  request(kRid + 1);
  now += 5s;
  request(kRid + 2);
  EXPECT_THAT(take(), IsEmpty());
  now += 5s;
  request(kRid + 3);
  EXPECT_THAT(take(), ElementsAre(empty(kRid + 1)));
}

TEST_F(BoshTest, AnswersInATypeThatCannotBecomeAPage) {
  EXPECT_EQ(content_type("text/xml"), "text/xml");
  EXPECT_EQ(content_type("text/html"), kContentType);
  EXPECT_EQ(content_type("text/xml\r\nX-Evil: 1"), kContentType);
}

TEST(BoshBody, IsReadOrRefused) {
  const auto body = [](std::string_view attributes, std::string_view xmlns = kNamespace) {
    Element element("body", xmlns);
    if (!attributes.empty()) element.set("rid", attributes);
    return element;
  };
  ASSERT_TRUE(read_body(body("1")));
  EXPECT_TRUE(read_body(body("9007199254740991")));
  for (const char* rid : {"", "0", "-1", "1.5", "x", "9007199254740992", "99999999999999999999"}) {
    EXPECT_FALSE(read_body(body(rid))) << rid;
  }
  EXPECT_FALSE(read_body(body("1", "jabber:client")));
  for (const char* name : {"wait", "hold", "pause", "ack"}) {
    Element odd = body("1");
    odd.set(name, "soon");
    EXPECT_FALSE(read_body(odd)) << name;
  }
}

TEST(BoshBody, StanzasThatForgotTheirNamespaceGetIt) {
  Element body("body", kNamespace);
  body.set("rid", "1").add("message", kNamespace).add("body", kNamespace).set_text("hello");
  const auto read = read_body(body);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->payload.at(0).str(), R"(<message xmlns="jabber:client"><body>hello</body></message>)");
}

}  // namespace
}  // namespace conclave::xmpp::bosh
