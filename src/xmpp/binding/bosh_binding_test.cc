#include "xmpp/binding/bosh_binding.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "loop/manual_loop.h"
#include "xmpp/fake_peers.h"
#include "xmpp/stream_management.h"

namespace conclave::xmpp {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::string_view kAnonymous = R"(<auth xmlns="urn:ietf:params:xml:ns:xmpp-sasl" mechanism="ANONYMOUS"/>)";
constexpr std::string_view kBind =
    R"(<iq xmlns="jabber:client" type="set" id="b"><bind xmlns="urn:ietf:params:xml:ns:xmpp-bind"/></iq>)";

class BoshBindingTest : public testing::Test {
 protected:
  std::uint64_t ask(bosh::Request body, StreamRequest as = {}) {
    const std::uint64_t id = next_++;
    binding->receive(bosh::HttpId{id}, std::move(body), std::move(as),
                     [this, id](bosh::Response response) { answers.emplace_back(id, std::move(response.body)); });
    loop.run_ready();
    return id;
  }
  // The next request of the session, with these frames.
  std::uint64_t say(std::vector<std::string_view> frames = {}, bool restart = false) {
    bosh::Request body{.rid = ++rid_, .sid = sid, .restart = restart};
    for (const std::string_view frame : frames) body.payload.push_back(*parse(frame));
    return ask(std::move(body), shown);
  }
  void open() {
    ask({.rid = ++rid_, .to = "meet.example", .ver = "1.6"}, shown);
    const auto body = parse(take().at(0));
    sid = body->attribute("sid");
  }
  void bind() {
    open();
    say({kAnonymous});
    say({}, true);
    say({kBind});
    answers.clear();
  }
  std::vector<std::string> take() {
    std::vector<std::string> bodies;
    for (auto& [id, body] : std::exchange(answers, {})) bodies.push_back(std::move(body));
    return bodies;
  }

  ManualLoop loop{LoopId{1}};
  fake::Doorkeeper doorkeeper;
  fake::House house;
  SeededRandom random{1};
  Sessions sessions{loop, doorkeeper, house, random, {.stream = {.domains = {"meet.example"}}}};
  std::unique_ptr<BoshBinding> binding = std::make_unique<BoshBinding>(loop, sessions, random);
  StreamRequest shown;
  std::string sid;
  std::vector<std::pair<std::uint64_t, std::string>> answers;

 private:
  std::uint64_t next_ = 1;
  std::uint64_t rid_ = 100;
};

TEST_F(BoshBindingTest, LogsInAsOverAnyOtherTransport) {
  shown.room = "stand-up";
  open();
  EXPECT_EQ(loop_of_resumption_id(sid), LoopId{1});
  say({kAnonymous});
  EXPECT_THAT(take(), ElementsAre(HasSubstr("<success ")));
  say({}, true);
  EXPECT_THAT(take(), ElementsAre(AllOf(HasSubstr("<stream:features "), HasSubstr("<bind "), HasSubstr("<sm "))));
  say({kBind});
  EXPECT_THAT(take(), ElementsAre(HasSubstr("<jid ")));
  EXPECT_EQ(house.last_request.room, "stand-up");
}

TEST_F(BoshBindingTest, GathersWhatOneTurnSays) {
  bind();
  say();
  for (const char* text : {"one", "two"}) sessions.deliver(house.bound.at(0).first, Element("message").set_text(text));
  loop.run_ready();
  EXPECT_THAT(take(), ElementsAre(AllOf(HasSubstr(">one<"), HasSubstr(">two<"))));
}

TEST_F(BoshBindingTest, AnUnknownSidIsNotFoundAndDisturbsNobody) {
  bind();
  ask({.rid = 7, .sid = "01nobody"});
  EXPECT_THAT(take(), ElementsAre(HasSubstr(R"(condition="item-not-found")")));
  EXPECT_EQ(sessions.connections(), 1u);
}

TEST_F(BoshBindingTest, ASessionThatBeganInConfidenceIsNotContinuedInTheOpen) {
  shown.confidential = true;
  bind();
  shown.confidential = false;
  say();
  EXPECT_THAT(take(), ElementsAre(HasSubstr(R"(condition="item-not-found")")));
  EXPECT_EQ(sessions.connections(), 1u);
}

TEST_F(BoshBindingTest, NeedsAnAddress) {
  ask({.rid = 1, .ver = "1.6"});
  EXPECT_THAT(take(), ElementsAre(HasSubstr(R"(condition="improper-addressing")")));
  ask({.rid = 1, .to = "elsewhere.example", .ver = "1.6"});
  EXPECT_THAT(take(), ElementsAre(AllOf(HasSubstr(R"(condition="host-unknown")"), HasSubstr("<host-unknown "))));
  EXPECT_EQ(sessions.connections(), 0u);
  EXPECT_EQ(binding->open(), 0u);
}

TEST_F(BoshBindingTest, AStreamErrorTerminates) {
  bind();
  say({"<nonsense xmlns='jabber:client'/>"});
  EXPECT_THAT(take(), ElementsAre(AllOf(HasSubstr(R"(type="terminate" condition="remote-stream-error")"),
                                        HasSubstr("<unsupported-stanza-type "))));
  EXPECT_EQ(house.ended.size(), 1u);
  EXPECT_EQ(binding->open(), 0u);
}

TEST_F(BoshBindingTest, TheClientEndsItsSession) {
  bind();
  ask({.rid = 105, .sid = sid, .terminate = true}, shown);
  EXPECT_THAT(take(), ElementsAre(R"(<body xmlns="http://jabber.org/protocol/httpbind" type="terminate"/>)"));
  ASSERT_EQ(house.ended.size(), 1u);
  EXPECT_EQ(house.ended[0].second, SessionEnd::Closed);
  EXPECT_EQ(binding->open(), 0u);
}

TEST_F(BoshBindingTest, SilenceEndsTheSession) {
  bind();
  loop.advance(60s);
  loop.run_ready();
  ASSERT_EQ(house.ended.size(), 1u);
  EXPECT_EQ(house.ended[0].second, SessionEnd::TimedOut);
  EXPECT_EQ(binding->counters().inactive.value(), 1u);
}

TEST_F(BoshBindingTest, OrHibernatesItAndItIsResumedByAnotherSession) {
  bind();
  say({R"(<enable xmlns="urn:xmpp:sm:3" resume="true"/>)"});
  const auto enabled = parse(take().at(0));
  const std::string secret(enabled->children().at(0).attribute("id"));
  const std::uint64_t waiting = say();
  binding->abandoned(bosh::HttpId{waiting});
  loop.advance(60s);
  loop.run_ready();
  EXPECT_EQ(sessions.hibernated(), 1u);
  sessions.deliver(house.bound.at(0).first, Element("message").set_text("while away"));

  answers.clear();
  shown.previd = secret;
  open();
  say({kAnonymous});
  say({}, true);
  take();
  say({R"(<resume xmlns="urn:xmpp:sm:3" h="0" previd=")" + secret + R"("/>)"});
  EXPECT_THAT(take(), ElementsAre(AllOf(HasSubstr("<resumed "), HasSubstr("while away"))));
  EXPECT_THAT(house.ended, IsEmpty());
}

TEST_F(BoshBindingTest, ARequestThatIsRepeatedIsNotSaidTwice) {
  bind();
  bosh::Request body{.rid = 105, .sid = sid, .payload = {Element("message").set_text("once")}};
  ask(body, shown);
  ask(body, shown);
  EXPECT_EQ(house.stanzas.size(), 1u);
  EXPECT_EQ(binding->counters().retransmissions.value(), 1u);
}

TEST_F(BoshBindingTest, TheServersEndIsSaidToWhoWaits) {
  bind();
  say();
  sessions.shutdown();
  loop.run_ready();
  EXPECT_THAT(take(), ElementsAre(HasSubstr(R"(condition="system-shutdown")")));
  shown = {};
  ask({.rid = 1, .to = "meet.example", .ver = "1.6"});
  EXPECT_THAT(take(), ElementsAre(HasSubstr(R"(condition="system-shutdown")")));
}

TEST_F(BoshBindingTest, MayGoBeforeItsSessions) {
  bind();
  binding.reset();
  loop.run_ready();
  EXPECT_EQ(sessions.connections(), 0u);
}

}  // namespace
}  // namespace conclave::xmpp
